using RunModes.Bot.Audit;
using RunModes.Bot.Cards;

namespace RunModes.Bot.Chat;

/// <summary>Takes the buttons from confirmations and forms that nobody answered in time. A click is held against the time itself, whether this has run or not.</summary>
internal sealed class ConfirmationExpiry(ChatTables tables, TimeProvider clock)
{
    private const int Most = 100;

    public async Task Sweep(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (await tables.Ledger.Read(async t => (await tables.Confirmations.Overdue(t, now, Most)).Count + (await tables.Forms.Overdue(t, now, Most)).Count, cancellation) == 0)
        {
            return;
        }

        await tables.Ledger.Write(DurableStep.ConfirmationExpired,
            async t =>
            {
                foreach (var overdue in await tables.Confirmations.Overdue(t, now, Most))
                {
                    if (await tables.Confirmations.End(t, overdue, ConfirmationState.Expired, now))
                    {
                        await t.Append(AuditEntry.OfBot(now, AuditKind.ConfirmationChanged, overdue.Subject, nameof(ConfirmationState.Pending), nameof(ConfirmationState.Expired), overdue.Text.Change));
                        await tables.Outbox.Enqueue(t, Confirmations.Item(overdue), now);
                    }
                }

                foreach (var overdue in await tables.Forms.Overdue(t, now, Most))
                {
                    if (await tables.Forms.Update(t, overdue, overdue with { State = FormState.Expired }))
                    {
                        await t.Append(AuditEntry.OfBot(now, AuditKind.ConfirmationChanged, overdue.Subject, nameof(FormState.Open), nameof(FormState.Expired), overdue.Title));
                        await tables.Outbox.Enqueue(t, FormDesk.Item(overdue), now);
                    }
                }
            },
            cancellation);
    }
}
