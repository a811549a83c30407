using System.Security.Cryptography;
using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Chat;

/// <summary>A click on Confirm or Cancel, by somebody whose role was looked up for it.</summary>
internal sealed record ConfirmClick(string Id, int Revision, bool Confirms, Who By, string ConversationId);

/// <summary>Asks an Administrator to confirm what raises autonomy, and has it carried out when the same person confirms it there, in time, with nothing changed meanwhile.</summary>
internal sealed class Confirmations(ChatTables tables, IEnumerable<IConfirmed> changes, AgentSettings agent, TimeProvider clock)
{
    public static OutboxItem Item(Confirmation confirmation) =>
        new(Shown.Confirmation, confirmation.Subject, Urgency.Reply, ConversationId: confirmation.ConversationId, RootId: confirmation.RootId);

    public async Task Ask(ITransaction transaction, Question question, Asker asker)
    {
        var now = clock.GetUtcNow();
        var confirmation = new Confirmation(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), question.Change, question.Name, question.Version, asker.By, asker.Where.Id, asker.RootId,
            now, now + Confirmation.Lives, ConfirmationState.Pending, question.Text)
        { Edit = question.Edit, TaskEdit = question.TaskEdit };
        await tables.Confirmations.Insert(transaction, confirmation);
        var text = question.Text;
        await transaction.Append(AuditEntry.Of(now, AuditKind.ConfirmationChanged, Actor(asker.By), confirmation.Subject, after: nameof(ConfirmationState.Pending),
            detail: $"in {asker.Where.Id}; {text.Change}: {(text.Before == text.After ? "" : $"{text.Before} → {text.After}; ")}{string.Join("; ", text.Fields)}"));
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

        if (click.Confirms && await Carry(transaction, asked) is { } undone)
        {
            return await Refuse(transaction, asked, click, undone, now);
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

    private Task<string?> Carry(ITransaction transaction, Confirmation asked) => changes.FirstOrDefault(c => c.Carries(asked.Change))?.Carry(transaction, asked)
        ?? Task.FromResult<string?>("This version does not do that. Nothing was changed.");

    private static AuditActor Actor(Who by) => AuditActor.Person(by.TenantId, by.ObjectId, by.Name);
}
