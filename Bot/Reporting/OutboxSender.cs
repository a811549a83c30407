using System.Collections.Concurrent;
using RunModes.Bot.Audit;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Reporting;

/// <summary>The tables the sender works on.</summary>
internal sealed record OutboxTables(ILedger Ledger, IOutbox Outbox, IConversations Conversations, IPlans Plans);

/// <summary>
/// Takes due rows in the order of their urgency and hands each to <see cref="OutboxDelivery"/>, one at a time per conversation.
/// A failed message never changes a decision; it waits, moves to a new message, or is listed as undeliverable.
/// </summary>
internal sealed partial class OutboxSender(OutboxTables tables, OutboxDelivery delivery, Pulse pulse, TimeProvider clock, ILogger<OutboxSender> log) : BackgroundService
{
    private const int DueAtOnce = 200;
    private static readonly TimeSpan RenderAgain = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, byte> _busy = new();
    private readonly ConcurrentDictionary<Task, byte> _sends = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await tables.Ledger.Write(t => tables.Outbox.ReviveInterrupted(t, clock.GetUtcNow()), stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            var beat = pulse.Next;
            try
            {
                await StartDue(stoppingToken);
            }
            catch (StoreUnavailableException e)
            {
                StoreTrouble(log, e);
            }

            await beat.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task StartDue(CancellationToken cancellation)
    {
        var due = await tables.Ledger.Read(t => tables.Outbox.Due(t, clock.GetUtcNow(), DueAtOnce), cancellation);
        var turns = new HashSet<string>();
        foreach (var row in due)
        {
            try
            {
                await Begin(row, turns, cancellation);
            }
            catch (Exception e) when (e is not (OperationCanceledException or StoreUnavailableException))
            {
                // One row that cannot be rendered must not silence the others.
                SendingFailed(log, row.Item.Subject, e);
                await delivery.Postpone(row, RenderAgain, "It could not be rendered; see the log.", false, cancellation);
            }
        }
    }

    /// <param name="turns">Conversations whose most urgent row was met: one that gets free meanwhile is not for the less urgent ones of this pass.</param>
    private async Task Begin(OutboxRow row, HashSet<string> turns, CancellationToken cancellation)
    {
        var shown = await delivery.Present(row.Item, cancellation);
        if (shown is null)
        {
            await delivery.Finish(row, OutboxState.Done, null, cancellation);
        }
        else if (await tables.Ledger.Read(t => Destination(t, row.Item, shown), cancellation) is not { } conversation)
        {
            await Park(row, shown, cancellation);
        }
        else if (turns.Add(conversation.Id) && _busy.TryAdd(conversation.Id, 0))
        {
            Track(Send(row, conversation, cancellation));
        }
    }

    /// <summary>The host may not take the store away from under a message that is being recorded.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_sends.Keys).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Track(Task send)
    {
        _sends.TryAdd(send, 0);
        _ = send.ContinueWith(ended => _sends.TryRemove(ended, out _), TaskScheduler.Default);
    }

    /// <summary>Looked up once more where it is written: an install that wakes what is parked must not be overtaken by a look from before it.</summary>
    private Task Park(OutboxRow row, Presentation shown, CancellationToken cancellation) => tables.Ledger.Write(
        async t =>
        {
            await Parking.Begin(t);
            if (await Destination(t, row.Item, shown) is null)
            {
                await tables.Outbox.Postpone(
                    t, row.Id, clock.GetUtcNow() + OutboxDelivery.Parked, "There is nowhere to post: install the bot in a team, or write 'use this channel' in one.", mayHaveArrived: false);
            }
        },
        cancellation);

    private async Task<Conversation?> Destination(ITransaction transaction, OutboxItem item, Presentation shown)
    {
        if (item.ConversationId is { } named)
        {
            return await tables.Conversations.Find(transaction, named);
        }

        var thread = item.Thread is { } key ? await tables.Outbox.ThreadOf(transaction, key) : null;
        foreach (var id in (string?[])[thread?.ConversationId, shown.Channel, (await tables.Plans.ReadControl(transaction)).DefaultChannel])
        {
            if (id is not null && await tables.Conversations.Find(transaction, id) is { } found)
            {
                return found;
            }
        }

        return await tables.Conversations.FirstTeam(transaction);
    }

    private async Task Send(OutboxRow row, Conversation where, CancellationToken cancellation)
    {
        try
        {
            if (!await tables.Ledger.Write(t => tables.Outbox.StartSending(t, row.Id, clock.GetUtcNow()), cancellation))
            {
                return;
            }

            // Rendered again: it may have waited for its turn.
            if (await delivery.Present(row.Item, cancellation) is { } shown)
            {
                await delivery.Show(row with { Attempts = row.Attempts + 1 }, where, shown, cancellation);
            }
            else
            {
                await delivery.Finish(row, OutboxState.Done, null, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The row stays Sending and is sent again at the next start.
        }
#pragma warning disable CA1031 // Entry point of a background task: whatever went wrong, the row must not be lost nor its conversation blocked.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SendingFailed(log, row.Item.Subject, e);
            await delivery.Postpone(row, OutboxDelivery.Backoff(row.Attempts), "Sending failed unexpectedly; see the log.", true, cancellation);
        }
        finally
        {
            _busy.TryRemove(where.Id, out _);
            pulse.Beat();
        }
    }

    [LoggerMessage(LogLevel.Error, "Sending {subject} failed")]
    private static partial void SendingFailed(ILogger log, string subject, Exception e);

    [LoggerMessage(LogLevel.Error, "The store could not be read; trying again")]
    private static partial void StoreTrouble(ILogger log, Exception e);
}
