using RunModes.Bot.Audit;
using RunModes.Bot.Cards;

namespace RunModes.Bot.Chat;

/// <summary>Takes the buttons from confirmations that nobody gave in time. A click is held against the time itself, whether this has run or not.</summary>
internal sealed class ConfirmationExpiry(ChatTables tables, TimeProvider clock)
{
    private const int Most = 100;

    public async Task Sweep(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if ((await tables.Ledger.Read(t => tables.Confirmations.Overdue(t, now, Most), cancellation)).Count == 0)
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
            },
            cancellation);
    }
}
