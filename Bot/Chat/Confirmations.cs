using System.Security.Cryptography;
using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>A click on Confirm or Cancel, by somebody whose role was looked up for it.</summary>
internal sealed record ConfirmClick(string Id, int Revision, bool Confirms, Who By, string ConversationId);

/// <summary>Asks an Administrator to confirm what raises autonomy, and carries it out when the same person confirms it there, in time, with nothing changed meanwhile.</summary>
internal sealed class Confirmations(ChatTables tables, EmergencyStop stop, AutonomyBudget budget, AgentSettings agent, TimeProvider clock)
{
    private const int MostPlansNamed = 8;

    public static OutboxItem Item(Confirmation confirmation) =>
        new(Shown.Confirmation, confirmation.Subject, Urgency.Reply, ConversationId: confirmation.ConversationId, RootId: confirmation.RootId);

    /// <param name="plan">Null for a change of the control row.</param>
    public async Task Ask(ITransaction transaction, ConfirmedChange change, ResponsePlan? plan, Control control, ChatMessage message, Who by)
    {
        var now = clock.GetUtcNow();
        var text = change switch
        {
            ConfirmedChange.PlanMode => OfPlan(plan!, control),
            ConfirmedChange.DefaultMode => OfDefault(await tables.Plans.All(transaction), control),
            _ => OfStart(control),
        };
        var confirmation = new Confirmation(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), change, plan?.Name, plan?.Version ?? control.Version, by, message.Conversation.Id, message.RootId,
            now, now + Confirmation.Lives, ConfirmationState.Pending, text);
        await tables.Confirmations.Insert(transaction, confirmation);
        await transaction.Append(AuditEntry.Of(now, AuditKind.ConfirmationChanged, Actor(by), confirmation.Subject, after: nameof(ConfirmationState.Pending), detail: $"{text.Change}: {text.Before} → {text.After}"));
        await tables.Outbox.Enqueue(transaction, Item(confirmation), now);
    }

    public async Task<ClickAnswer> Click(ITransaction transaction, ConfirmClick click)
    {
        var now = clock.GetUtcNow();
        if (await tables.Confirmations.Find(transaction, click.Id) is not { } asked || click.Revision != 1)
        {
            return ClickAnswer.Refused("This card belongs to nothing that I asked. Nothing was changed.");
        }

        if (Objection(asked, click, now) is { } objection)
        {
            return await Refuse(transaction, asked, click, objection, now);
        }

        if (click.Confirms && !await Carry(transaction, asked))
        {
            return await Refuse(transaction, asked, click, "What this card is about was changed after it was asked. Nothing was changed now; please say it again.", now);
        }

        var state = click.Confirms ? ConfirmationState.Confirmed : ConfirmationState.Cancelled;
        if (!await tables.Confirmations.End(transaction, asked, state, now))
        {
            // Thrown, not returned: what was carried out in this transaction must not commit without it.
            throw new InvalidOperationException($"{asked.Subject} ended while it was being confirmed.");
        }

        await transaction.Append(AuditEntry.Of(now, AuditKind.ConfirmationChanged, Actor(click.By), asked.Subject, nameof(ConfirmationState.Pending), state.ToString(), asked.Text.Change));
        await tables.Outbox.Enqueue(transaction, Item(asked), now);
        var ended = asked with { State = state, EndedAt = now };
        return ClickAnswer.Shows(ConfirmationCard.Render(ended.Model(agent.Sandbox)), click.Confirms ? $"Confirmed: {asked.Text.Change}." : "Cancelled. Nothing was changed.");
    }

    private static string? Objection(Confirmation asked, ConfirmClick click, DateTimeOffset now) => asked switch
    {
        _ when asked.By.ObjectId != click.By.ObjectId || asked.By.TenantId != click.By.TenantId => $"{asked.By.Name} asked for this change, so only they can confirm or cancel it.",
        _ when asked.ConversationId != click.ConversationId => "This change was asked for in another conversation. Please answer it there.",
        { State: ConfirmationState.Confirmed } => "This was confirmed already, and a confirmation counts once.",
        { State: ConfirmationState.Cancelled } => "This was cancelled. Nothing was changed.",
        { State: ConfirmationState.Expired } => "This confirmation has expired. Nothing was changed; please say it again.",
        _ when asked.ExpiresAt <= now => "This confirmation has expired. Nothing was changed; please say it again.",
        _ => null,
    };

    private static async Task<ClickAnswer> Refuse(ITransaction transaction, Confirmation asked, ConfirmClick click, string why, DateTimeOffset now)
    {
        await transaction.Append(AuditEntry.Of(now, AuditKind.CommandRefused, Actor(click.By), asked.Subject, detail: $"{(click.Confirms ? "confirm" : "cancel")} {asked.Text.Change}: {why}"));
        return ClickAnswer.Refused(why);
    }

    /// <returns>False when the plan or the control row is no longer the version the card spoke of.</returns>
    private async Task<bool> Carry(ITransaction transaction, Confirmation asked)
    {
        if (asked.Change == ConfirmedChange.PlanMode)
        {
            return asked.Plan is { } name && await tables.Plans.Hold(transaction, name.ToLowerInvariant()) is { } plan && plan.Version == asked.ChangesVersion
                && await tables.Plans.Update(transaction, plan with { Mode = RunMode.Autonomous }, plan.Version) is not null
                && await Record(transaction, asked, $"plan/{plan.Name}");
        }

        var control = await tables.Plans.HoldControl(transaction);
        return control.Version == asked.ChangesVersion && asked.Change switch
        {
            ConfirmedChange.DefaultMode => await tables.Plans.WriteControl(transaction, control with { DefaultMode = RunMode.Autonomous }, control.Version) is not null
                && await Record(transaction, asked, "agent/default"),
            ConfirmedChange.Start => await stop.Start(transaction, control, asked.By),
            _ => false,
        };
    }

    private async Task<bool> Record(ITransaction transaction, Confirmation asked, string subject)
    {
        await transaction.Append(AuditEntry.Of(clock.GetUtcNow(), AuditKind.ModeChanged, Actor(asked.By), subject, asked.Text.Before, asked.Text.After, asked.Subject));
        return true;
    }

    private ConfirmationText OfPlan(ResponsePlan plan, Control control) => new(
        $"Set plan {plan.Name} to Autonomous", PlanWords.ModeOf(plan, control).ToString(), new EffectiveMode(RunMode.Autonomous, ModeSource.Plan, plan.Name).ToString(),
        PlanWords.Unasked($"matched by plan {plan.Name}"), PlanWords.Asked(budget));

    private ConfirmationText OfDefault(IReadOnlyList<ResponsePlan> plans, Control control)
    {
        var following = plans.Where(p => p.Mode is null).Select(p => p.Name).ToList();
        var named = following.Count == 0
            ? "Today every plan stores a mode of its own; plans that store none will follow"
            : $"Plans that follow the default: {string.Join(", ", following.Take(MostPlansNamed))}{(following.Count > MostPlansNamed ? $" and {following.Count - MostPlansNamed} more" : "")}";
        return new("Set the default to Autonomous", (control.DefaultMode ?? RunMode.Review).ToString(), nameof(RunMode.Autonomous),
            [named, .. PlanWords.Unasked("under these plans")], PlanWords.Asked(budget));
    }

    private static ConfirmationText OfStart(Control control) => new(
        "End the emergency stop", $"Stopped by {control.StoppedBy}", "Running",
        ["Changes of Autonomous plans run again without asking, from the next alert on"],
        ["What the stop blocked, and what was decided before or during it: it is looked at again and asks for approval anew", "Everything in Review mode"]);

    private static AuditActor Actor(Who by) => AuditActor.Person(by.TenantId, by.ObjectId, by.Name);
}
