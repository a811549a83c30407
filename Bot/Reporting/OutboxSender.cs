using System.Collections.Concurrent;
using System.Diagnostics;
using RunModes.Bot.Audit;
using RunModes.Bot.Plans;
using RunModes.Bot.Telemetry;

namespace RunModes.Bot.Reporting;

/// <summary>The tables the sender works on.</summary>
internal sealed record OutboxTables(ILedger Ledger, IOutbox Outbox, ITurns Turns, IConversations Conversations, IPlans Plans)
{
    /// <summary>Where a message goes: where it was sent to by name, its thread, its plan's channel, the default, General of the first team.</summary>
    public async Task<Conversation?> Destination(ITransaction transaction, OutboxItem item, string? channel)
    {
        // An answer belongs where it was asked for; what belongs to a thread finds another place when the one it was given closes.
        if (item.ConversationId is { } named && (await Conversations.Find(transaction, named) is var given && (given is not null || item.Thread is null)))
        {
            return given;
        }

        var thread = item.Thread is { } key ? await Outbox.ThreadOf(transaction, key) : null;
        foreach (var id in (string?[])[thread?.ConversationId, channel, (await Plans.ReadControl(transaction)).DefaultChannel])
        {
            if (id is not null && await Conversations.Find(transaction, id) is { } found)
            {
                return found;
            }
        }

        return await Conversations.FirstTeam(transaction);
    }

    /// <summary>
    /// A card of a digest is not sent before the digest; one whose digest cannot be posted goes without. The row first and the thread after it:
    /// the other way round a digest that is posted in between would seem not to come.
    /// </summary>
    public async Task<bool> WaitsForItsDigest(ITransaction transaction, OutboxItem item) =>
        item is { NeedsRoot: true, ConversationId: null, Thread: { } thread }
        && await Outbox.LatestOf(transaction, thread) is { State: OutboxState.Pending or OutboxState.Sending }
        && await Outbox.ThreadOf(transaction, thread) is null;
}

/// <summary>
/// Takes due rows in the order of their urgency and hands each to <see cref="OutboxDelivery"/>, one at a time per conversation.
/// A failed message never changes a decision; it waits, moves to a new message, or is listed as undeliverable.
/// </summary>
internal sealed partial class OutboxSender(OutboxTables tables, OutboxDelivery delivery, Pulse pulse, TimeProvider clock, ILogger<OutboxSender> log) : BackgroundService
{
    private const int DueAtOnce = 200;
    private static readonly TimeSpan RenderAgain = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DigestFirst = TimeSpan.FromSeconds(1);

    /// <summary>What this process is sending, by row.</summary>
    private readonly ConcurrentDictionary<string, Task> _sends = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var beat = pulse.Next;
            TimeSpan? wait = null;
            try
            {
                wait = await StartDue(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Entry point of the loop: a store that is down must not end the bot, nor a row that somebody altered.
            catch (Exception e)
#pragma warning restore CA1031
            {
                StoreTrouble(log, e);
            }

            using var woken = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            await Task.WhenAny(beat, Task.Delay(wait ?? Timeout.InfiniteTimeSpan, clock, woken.Token));
            await woken.CancelAsync();
        }
    }

    /// <returns>When a conversation may speak again that something waits for.</returns>
    private async Task<TimeSpan?> StartDue(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var (due, interrupted, next) = await tables.Ledger.Read(
            async t => (await tables.Outbox.Due(t, now, DueAtOnce), await tables.Outbox.Interrupted(t, now, DueAtOnce), await tables.Outbox.NextTurn(t, now)), cancellation);
        // Of what this process itself is sending it knows better.
        foreach (var row in interrupted.Where(r => !_sends.ContainsKey(r.Id)))
        {
            var doubt = await delivery.DoubtOf(row.Item, cancellation);
            await tables.Ledger.Write(DurableStep.MessagePostponed, t => tables.Outbox.Postpone(t, row, now, "The bot stopped while it was sending.", doubt), cancellation);
        }

        var pass = new Pass([], []);
        foreach (var row in due)
        {
            try
            {
                await Begin(row, pass, cancellation);
            }
            catch (Exception e) when (e is not (OperationCanceledException or StoreUnavailableException))
            {
                // One row that cannot be rendered must not silence the others.
                SendingFailed(log, row.Item.Subject, e);
                await tables.Ledger.Write(DurableStep.MessagePostponed, t => tables.Outbox.Postpone(t, row, now + RenderAgain, "It could not be rendered; see the log.", Postponed.ForItsTime), cancellation);
            }
        }

        if (pass.Routes.Count > 0)
        {
            await tables.Ledger.Write(DurableStep.MessageRouted, t => tables.Outbox.Route(t, pass.Routes), cancellation);
        }

        return next - now;
    }

    private async Task Begin(OutboxRow row, Pass pass, CancellationToken cancellation)
    {
        var shown = await delivery.Present(row.Item, cancellation);
        if (shown is null)
        {
            await tables.Ledger.Write(DurableStep.MessageFinished, t => tables.Outbox.Finish(t, row, OutboxState.Done, null), cancellation);
        }
        else if (await tables.Ledger.Read(t => Destination(t, row.Item, shown), cancellation) is not { } conversation)
        {
            await Park(row, shown, cancellation);
        }
        else if (await tables.Ledger.Read(t => tables.WaitsForItsDigest(t, row.Item), cancellation))
        {
            await tables.Ledger.Write(DurableStep.MessagePostponed, t => tables.Outbox.Postpone(t, row, clock.GetUtcNow() + DigestFirst, "Its digest is posted first.", Postponed.ForItsTime), cancellation);
        }
        else if (pass.Met.Add(conversation.Id) && await Take(row, conversation, cancellation) is { } sending)
        {
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _sends.TryAdd(row.Id, done.Task);
            _ = Track(sending, done, cancellation);
        }
        else if (row.Destination != conversation.Id)
        {
            pass.Routes.Add((row.Id, conversation.Id));
        }
    }

    /// <summary>Row and turn together, in one transaction: of many replicas one sends.</summary>
    private Task<Sending?> Take(OutboxRow row, Conversation conversation, CancellationToken cancellation)
    {
        var lease = new Lease($"turn/{conversation.Id}", clock);
        return tables.Ledger.Write(DurableStep.SendingStarted,
            async t =>
            {
                var now = clock.GetUtcNow();
                return await tables.Outbox.IsWaiting(t, row.Id, now) && await tables.Turns.Take(t, conversation.Id, lease, now)
                    && await tables.Outbox.StartSending(t, row with { Destination = conversation.Id }, lease.Holder) is { } taken
                    ? new Sending(taken, conversation, new Turn(tables, conversation.Id, lease, clock))
                    : null;
            },
            cancellation);
    }

    /// <summary>The host may not take the store away from under a message that is being recorded.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_sends.Values).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Track(Sending sending, TaskCompletionSource done, CancellationToken cancellation)
    {
        await Task.Yield();
        try
        {
            await Send(sending, cancellation);
        }
        finally
        {
            _sends.TryRemove(sending.Row.Id, out _);
            done.SetResult();
            pulse.Beat();
        }
    }

    /// <summary>Looked up once more where it is written: an install that wakes what is parked must not be overtaken by a look from before it.</summary>
    private Task Park(OutboxRow row, Presentation shown, CancellationToken cancellation) => tables.Ledger.Write(DurableStep.MessageParked,
        async t =>
        {
            await Parking.Begin(t);
            if (await Destination(t, row.Item, shown) is null)
            {
                await tables.Outbox.Postpone(
                    t, row, clock.GetUtcNow() + OutboxDelivery.Parked, "There is nowhere to post: install the bot in a team, or write 'use this channel' in one.", Postponed.Parked);
            }
        },
        cancellation);

    private Task<Conversation?> Destination(ITransaction transaction, OutboxItem item, Presentation shown) => tables.Destination(transaction, item, shown.Channel);

    private async Task Send(Sending sending, CancellationToken cancellation)
    {
        try
        {
            // Rendered again: it may have waited for its turn.
            if (await delivery.Present(sending.Item, cancellation) is { } shown)
            {
                using var span = shown.Of is { } of ? Traces.Begin(sending.Item.Shows == Shown.RunReport ? "report" : "show", of.Incident, of.Span, ActivityKind.Producer) : null;
                await delivery.Show(sending, shown, cancellation);
            }
            else
            {
                await delivery.Finish(sending, OutboxState.Done, null, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The row stays Sending until the turn is over, and is sent again.
        }
        catch (StoreUnavailableException e)
        {
            StoreTrouble(log, e);
        }
#pragma warning disable CA1031 // Entry point of a background task: whatever went wrong, the row must not be lost nor its conversation blocked.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SendingFailed(log, sending.Item.Subject, e);
            await delivery.Postpone(sending, OutboxDelivery.Backoff(sending.Row.Attempts), "Sending failed unexpectedly; see the log.", await delivery.DoubtOf(sending.Item, cancellation), cancellation);
        }
    }

    /// <param name="Met">Conversations whose most urgent row was met: one that gets free meanwhile is not for the less urgent ones of this pass.</param>
    /// <param name="Routes">Where rows were found to go that have to wait.</param>
    private sealed record Pass(HashSet<string> Met, List<(string Id, string ConversationId)> Routes);

    [LoggerMessage(LogLevel.Error, "Sending {subject} failed")]
    private static partial void SendingFailed(ILogger log, string subject, Exception e);

    [LoggerMessage(LogLevel.Error, "The store failed; trying again")]
    private static partial void StoreTrouble(ILogger log, Exception e);
}
