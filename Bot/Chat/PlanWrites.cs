using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>
/// Writes an edit of a plan that was judged and, where it had to be, confirmed: the guarded write, its audit lines, what becomes of work under
/// way, and the word in the channel that falls silent. <see cref="PlanEdits"/> alone comes here, at once or by a confirmation.
/// </summary>
internal sealed class PlanWrites(ChatTables tables, Tightening tightening, Names names, Replies replies) : IConfirmed
{
    public bool Carries(ConfirmedChange change) => change is ConfirmedChange.PlanEdit or ConfirmedChange.PlanMode;

    public async Task<string?> Carry(ITransaction transaction, Confirmation asked)
    {
        var control = await tables.Plans.ShareControl(transaction);
        var stored = asked.Plan is { } name ? await tables.Plans.Hold(transaction, name.ToLowerInvariant()) : null;
        var edit = asked.Edit ?? (stored is null ? null : new PlanEdit(stored, stored with { Mode = RunMode.Autonomous }));
        if (asked.Edit is not null && PlanQuestions.Then(asked.Edit, control) != asked.Text.After)
        {
            return "The agent's default was changed after this card was made, and the plan follows it. Nothing was changed now; please say it again.";
        }

        if (edit is { Before: null, After: { } created } && await TakenNow(transaction, created.Name) is { } taken)
        {
            return $"{taken.Markdown} Nothing was changed.";
        }

        return edit is not null && (stored?.Version ?? 0) == asked.ChangesVersion && await Apply(transaction, edit, asked.By, asked.ConversationId, asked.Subject)
            ? null
            : $"What this card is about was changed after it was asked. {Meanwhile(edit?.Before, stored)} Nothing was changed now; please say it again.";
    }

    /// <summary>Whoever makes a plan or a task of this name waits, so that there is one thing of it at most.</summary>
    private async Task<CardText?> TakenNow(ITransaction transaction, string name)
    {
        await transaction.Lock(Names.LockOf(name));
        return await names.Taken(transaction, name);
    }

    /// <param name="said">What it was confirmed by, or null when it needed no confirmation.</param>
    /// <returns>False when somebody else was first; then nothing was written.</returns>
    public async Task<bool> Apply(ITransaction transaction, PlanEdit edit, Who by, string where, string? said)
    {
        var now = replies.Now;
        var control = await tables.Plans.ReadControl(transaction);
        var origin = $"in {where}{(said is null ? "" : $"; {said}")}";
        if (!await Write(transaction, edit, new(by, now)))
        {
            return false;
        }

        await Record(transaction, edit, control, by, origin);
        await Announce(transaction, edit, control, by, where);
        if (edit.Before is { } before)
        {
            await UnderWay(transaction, before, edit.After, control, by);
        }

        return true;
    }

    /// <summary>What somebody else did while this one was thinking: the second sees the first's change.</summary>
    public static string Meanwhile(ResponsePlan? seen, ResponsePlan? stored)
    {
        var who = stored?.Edited is { } edited ? $"{edited.By.Name} changed it at {PlanWords.At(edited.At)}" : "Somebody changed it";
        return (seen, stored) switch
        {
            (null, null) => "Somebody was faster.",
            (_, null) => "It was deleted.",
            (null, _) => $"There is a plan {stored.Name} now.",
            _ when PlanFields.Differences(seen, stored) is { Count: > 0 } differences => $"{who}: {string.Join("; ", differences)}.",
            _ => $"{who}.",
        };
    }

    private async Task<bool> Write(ITransaction transaction, PlanEdit edit, PlanEditor editor) => edit switch
    {
        { Before: { } before, After: { } after } => await tables.Plans.Update(transaction, after with { Edited = editor }, before.Version) is not null,
        { Before: { } before } => await tables.Plans.Delete(transaction, before, before.Version),
        { After: { } after } => await tables.Plans.Create(transaction, after with { Edited = editor }),
        _ => false,
    };

    private Task Record(ITransaction transaction, PlanEdit edit, Control control, Who by, string origin)
    {
        var differences = edit is { Before: not null, After: not null } ? PlanFields.Differences(edit.Before, edit.After) : [];
        return new EditAudit($"plan/{(edit.After ?? edit.Before)!.Name}", AuditKind.PlanChanged, State(edit.Before), State(edit.After), differences).Record(transaction, replies.Now, Actor(by), origin);

        AuditedState? State(ResponsePlan? plan) => plan is null ? null : new(plan.Mode, PlanWords.ModeOf(plan, control).ToString(), plan.Channel, All(plan));
    }

    /// <summary>Said where it is missed: a channel that falls silent must not look like one where all is well.</summary>
    private async Task Announce(ITransaction transaction, PlanEdit edit, Control control, Who by, string where)
    {
        if (edit.Before is not { Enabled: true } before)
        {
            return;
        }

        var (old, now) = (await Place(transaction, before, control), edit.After is { Enabled: true } after ? await Place(transaction, after, control) : null);
        if (edit.After is { Enabled: true } && before.Channel != edit.After.Channel)
        {
            await tables.Outbox.WakeAll(transaction, replies.Now);
        }

        if (old is null || old.Id == now?.Id || (now is null && old.Id == where))
        {
            return;
        }

        var (name, who) = (CardText.Outside(before.Name, 64), CardText.Outside(by.Name, 80));
        await replies.Say(transaction, old, null, edit.After switch
        {
            null => CardText.Of($"{who} deleted plan {name}: none of its incidents is posted here any more."),
            { Enabled: false } => CardText.Of($"{who} paused plan {name}: no new incident of it is posted here until it is resumed."),
            _ => CardText.Of($"{who} moved new incidents of plan {name} from here to {PlanWords.Place(now)}."),
        });
    }

    private async Task<Conversation?> Place(ITransaction transaction, ResponsePlan plan, Control control) => (plan.Channel ?? control.DefaultChannel) is { } id
        ? await tables.Conversations.Find(transaction, id)
        : await tables.Conversations.FirstTeam(transaction);

    /// <summary>What the plan had approved or cleared was judged by what it said before. Only a raised mode, or another place to ask, leaves it as it is.</summary>
    private async Task UnderWay(ITransaction transaction, ResponsePlan before, ResponsePlan? after, Control control, Who by)
    {
        if (after is { Mode: RunMode.Autonomous } && before.Mode != RunMode.Autonomous)
        {
            await tightening.Raised(transaction, after);
        }

        if (after is null || (before.Enabled && !after.Enabled))
        {
            await tightening.Gone(transaction, before, $"The plan {before.Name} was {(after is null ? "deleted" : "paused")} by {by.Name}.", Actor(by));
        }
        else if (before.Mode != after.Mode && PlanWords.ModeOf(after, control).Mode == RunMode.Review)
        {
            await tightening.Lowered(transaction, PlanWords.ModeOf(after, control), after, Actor(by));
        }
        else if (Authority.OfPlan(before, after with { Mode = before.Mode, Channel = before.Channel }) != Change.None)
        {
            await tightening.Edited(transaction, after, $"The plan {before.Name} was edited by {by.Name} before it started.", Actor(by));
        }
    }

    private static string All(ResponsePlan plan) => string.Join("; ", PlanFields.Differences(null, plan).Select(d => $"{d.Field}: {d.After}"));

    private static AuditActor Actor(Who by) => AuditActor.Person(by.TenantId, by.ObjectId, by.Name);
}
