using RunModes.Bot.Audit;

namespace RunModes.Bot.Reporting;

/// <summary>
/// One row's turn in its conversation. Whatever is sent under it is counted first, and nothing is sent once the turn may have passed to
/// somebody else: a process that was asleep for longer than its lease asks the store before it says anything.
/// </summary>
internal sealed class Turn(OutboxTables tables, string conversationId, Lease lease, TimeProvider clock)
{
    private bool _counted = true;

    public string Holder => lease.Holder;

    /// <param name="place">The conversation it is sent to: a card may stand in another one.</param>
    /// <returns>Null when the turn is somebody else's by now; nothing was sent.</returns>
    public async Task<Delivery?> Call(string place, Func<Task<Delivery>> call, CancellationToken cancellation)
    {
        // The first message in the conversation was counted with the taking of the turn.
        for (var wait = _counted && place == conversationId ? TimeSpan.Zero : (TimeSpan?)null; wait != TimeSpan.Zero || !lease.IsFresh;)
        {
            if (wait > TimeSpan.Zero)
            {
                await Task.Delay(wait < Lease.RenewEvery ? wait.Value : Lease.RenewEvery, clock, cancellation);
            }

            wait = await lease.Extend(
                () => tables.Ledger.Write<TimeSpan?>(DurableStep.TurnRenewed,
                    async t => await tables.Turns.Renew(t, conversationId, lease, clock.GetUtcNow()) ? await tables.Turns.Count(t, place, clock.GetUtcNow()) : null, cancellation),
                held: answer => answer is not null);
            if (wait is null)
            {
                return null;
            }

            if (wait > Lease.RenewEvery && place != conversationId)
            {
                // Nobody here waits for another conversation.
                return new Delivery.TryAgain("The conversation in which it stands has said enough for now.", wait);
            }
        }

        _counted &= place != conversationId;
        var calling = call();
        await lease.Keep(calling, () => tables.Ledger.Write(DurableStep.TurnRenewed, t => tables.Turns.Renew(t, conversationId, lease, clock.GetUtcNow()), cancellation), cancellation);
        return await calling;
    }

    public Task Release(ITransaction transaction) => tables.Turns.Release(transaction, conversationId, Holder);
}

/// <summary>A row that is being sent: where to, and under which turn.</summary>
internal sealed record Sending(OutboxRow Row, Conversation Where, Turn Turn)
{
    public OutboxItem Item => Row.Item;
}
