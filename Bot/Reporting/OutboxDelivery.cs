using System.Security.Cryptography;
using System.Text;
using RunModes.Bot.Audit;
using RunModes.Bot.Cards;

namespace RunModes.Bot.Reporting;

/// <summary>Posts, replies and updates one row at the conversation's pace, and records what became of it.</summary>
internal sealed partial class OutboxDelivery(OutboxTables tables, Presenters presenters, IMessenger messenger, TimeProvider clock, ILogger<OutboxDelivery> log)
{
    public static readonly TimeSpan Parked = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan TwinPause = TimeSpan.FromSeconds(5);
    private const int UpdatesBeforeSuperseding = 6;

    /// <summary>About a day of tries, counted and not timed: what only waits for a place to go is never given up.</summary>
    private const int MostAttempts = 1500;

    /// <returns>Null when there is nothing to show any more.</returns>
    public Task<Presentation?> Present(OutboxItem item, CancellationToken cancellation) =>
        presenters.Of(item.Shows)?.Present(item, cancellation) ?? Task.FromResult<Presentation?>(null);

    /// <summary>What an attempt without an answer leaves: a post may stand there unrecorded, an update only shows one state or the other.</summary>
    public async Task<Postponed> DoubtOf(OutboxItem item, CancellationToken cancellation)
    {
        var shown = await Present(item, cancellation);
        var messages = await tables.Ledger.Read(t => tables.Outbox.MessagesOf(t, item.Subject), cancellation);
        return messages.Any(m => m.Revision == shown?.Revision) ? Postponed.ForItsTime : Postponed.InDoubt;
    }

    /// <summary>Brings what stands in the conversation to <paramref name="shown"/>, or posts it.</summary>
    public async Task Show(Sending row, Presentation shown, CancellationToken cancellation)
    {
        var hash = Hash(shown.Message);
        var messages = shown.Updates ? await tables.Ledger.Read(t => tables.Outbox.MessagesOf(t, row.Item.Subject), cancellation) : [];
        foreach (var message in messages.Where(m => m.Revision < shown.Revision))
        {
            // An older card loses its buttons before a newer one asks.
            if (await presenters.Of(row.Item.Shows)!.PresentOlder(row.Item, message.Revision, cancellation) is { } older
                && Hash(older) is var olderHash && olderHash != message.ContentHash && !await Update(row, message, older, olderHash, cancellation))
            {
                return;
            }
        }

        var present = messages.Where(m => m.Revision == shown.Revision).ToList();
        var standing = 0;
        foreach (var message in present)
        {
            if (message.ContentHash != hash && !await Update(row, message, shown.Message, hash, cancellation))
            {
                return;
            }

            standing += (await tables.Ledger.Read(t => tables.Outbox.MessagesOf(t, row.Item.Subject), cancellation)).Count(m => m.Message == message.Message);
        }

        if (standing == 0)
        {
            await Post(row, shown, hash, cancellation);
            return;
        }

        await Finish(row, OutboxState.Done, null, cancellation);
    }

    /// <returns>False when the row was postponed: nothing more can be done with it now.</returns>
    private async Task<bool> Update(Sending row, ShownMessage message, Message content, string hash, CancellationToken cancellation)
    {
        var place = message.Message.ConversationId == row.Where.Id
            ? row.Where
            : await tables.Ledger.Read(t => tables.Conversations.Find(t, message.Message.ConversationId), cancellation);
        if (place is null)
        {
            // The bot was removed from where it stands: it is superseded where people are asked now.
            await tables.Ledger.Write(DurableStep.MessageForgotten, t => tables.Outbox.Forget(t, message.Message), cancellation);
            return true;
        }

        var delivery = await row.Turn.Call(place.Id, () => messenger.Update(place, message.Message, content, cancellation), cancellation);
        switch (delivery)
        {
            case null:
                await Overtaken(row);
                return false;

            case Delivery.Delivered:
                await tables.Ledger.Write(DurableStep.MessageRecorded, t => tables.Outbox.Remember(t, message with { ContentHash = hash }), cancellation);
                Tell(row.Item.Subject, content);
                return true;

            // What cannot be updated is superseded by a new message.
            case Delivery.MessageGone or Delivery.Rejected:
            case Delivery.TryAgain or Delivery.MayHaveArrived when row.Row.Attempts >= UpdatesBeforeSuperseding:
                await tables.Ledger.Write(DurableStep.MessageForgotten, t => tables.Outbox.Forget(t, message.Message), cancellation);
                return true;

            default:
                // An update that may have arrived leaves no twin.
                await Unsent(row, place, delivery is Delivery.MayHaveArrived perhaps ? new Delivery.TryAgain(perhaps.Reason, null) : delivery, cancellation);
                return false;
        }
    }

    private async Task Post(Sending row, Presentation shown, string hash, CancellationToken cancellation)
    {
        var where = row.Where;
        var thread = row.Item.Thread is { } key ? await tables.Ledger.Read(t => tables.Outbox.ThreadOf(t, key), cancellation) : null;
        var root = row.Item.RootId ?? (thread?.ConversationId == where.Id ? thread.RootId : null);
        var inThread = where.Kind == ConversationKind.Channel && root is not null;
        var delivery = await row.Turn.Call(
            where.Id, () => inThread ? messenger.Reply(where, root!, shown.Message, cancellation) : messenger.Post(where, shown.Message, cancellation), cancellation);
        if (delivery is Delivery.MessageGone && inThread)
        {
            inThread = false;
            delivery = await row.Turn.Call(where.Id, () => messenger.Post(where, shown.Message, cancellation), cancellation);
        }

        if (delivery is not Delivery.Delivered delivered)
        {
            await (delivery is null ? Overtaken(row) : Unsent(row, where, delivery, cancellation));
            return;
        }

        var at = clock.GetUtcNow();
        await tables.Ledger.Write(DurableStep.MessageRecorded,
            async t =>
            {
                // Overtaken while it was on its way, it stands in the conversation all the same: a twin that is known is kept true with the other.
                var ours = await tables.Outbox.Finish(t, row.Row, OutboxState.Done, null);
                await row.Turn.Release(t);
                if (delivered.ActivityId is { } id)
                {
                    var message = new MessageRef(where.Id, id, inThread ? root : where.Kind == ConversationKind.Channel ? id : null);
                    if (shown.Updates)
                    {
                        await tables.Outbox.Remember(t, new ShownMessage(row.Item.Subject, shown.Revision, message, hash, at));
                    }

                    if (!inThread && !row.Item.NeedsRoot && row.Item.Thread is { } thread && (ours || await tables.Outbox.ThreadOf(t, thread) is null))
                    {
                        await tables.Outbox.RememberThread(t, thread, message);
                    }
                }

                await presenters.Of(row.Item.Shows)!.Delivered(t, row.Item, shown.Revision, delivered.ActivityId, at);
                if (!ours && shown.Updates)
                {
                    await tables.Outbox.Enqueue(t, row.Item with { Urgency = Urgency.Cosmetic }, at);
                }
            },
            cancellation);
        Posted(log, row.Item.Subject, where.Name ?? where.Id, shown.Message.Summary);
        Tell(row.Item.Subject, shown.Message);
    }

    /// <summary>In full for whoever asked for it: the sandbox does.</summary>
    private void Tell(string subject, Message message)
    {
        if (log.IsEnabled(LogLevel.Debug))
        {
            Shown(log, subject, message.Card is { } card ? CardAsText.Of(card) : message.Text ?? "");
        }
    }

    private async Task Unsent(Sending row, Conversation where, Delivery delivery, CancellationToken cancellation)
    {
        switch (delivery)
        {
            case Delivery.TryAgain { After: { } after } again:
                // Said of the conversation, not of the message: nobody asks it before, and then the most urgent goes first again.
                await tables.Ledger.Write(DurableStep.ConversationHeld, t => tables.Turns.Hold(t, where.Id, clock.GetUtcNow() + after, clock.GetUtcNow()), cancellation);
                await Postpone(row, where.Id == row.Where.Id ? TimeSpan.Zero : after, again.Reason, Postponed.ForItsTime, cancellation);
                break;
            case Delivery.TryAgain again:
                await Postpone(row, Backoff(row.Row.Attempts), again.Reason, Postponed.ForItsTime, cancellation);
                break;
            case Delivery.MayHaveArrived perhaps:
                await Postpone(row, TwinPause + Backoff(row.Row.Attempts - 1), perhaps.Reason, Postponed.InDoubt, cancellation);
                break;
            case Delivery.ConversationGone gone:
                await tables.Ledger.Write(DurableStep.ConversationRemoved, t => tables.Conversations.Removed(t, where.Id, clock.GetUtcNow()), cancellation);
                await Postpone(row, Parked, gone.Reason, Postponed.Parked, cancellation);
                break;
            case Delivery.MessageGone gone:
                await Postpone(row, Backoff(row.Row.Attempts), gone.Reason, Postponed.ForItsTime, cancellation);
                break;
            default:
                await Finish(row, OutboxState.Undeliverable, (delivery as Delivery.Rejected)?.Reason, cancellation);
                break;
        }
    }

    /// <summary>The row is for whoever has the turn now.</summary>
    private Task Overtaken(Sending row)
    {
        WasAway(log, row.Item.Subject);
        return Task.CompletedTask;
    }

    public async Task Postpone(Sending row, TimeSpan wait, string problem, Postponed waiting, CancellationToken cancellation)
    {
        if (row.Row.Attempts > MostAttempts)
        {
            await Finish(row, OutboxState.Undeliverable, problem, cancellation);
            return;
        }

        NotSent(log, row.Item.Subject, problem);
        await tables.Ledger.Write(DurableStep.MessagePostponed,
            async t =>
            {
                await tables.Outbox.Postpone(t, row.Row, clock.GetUtcNow() + wait, problem, waiting);
                await row.Turn.Release(t);
            },
            cancellation);
    }

    public Task Finish(Sending row, OutboxState state, string? problem, CancellationToken cancellation) => tables.Ledger.Write(DurableStep.MessageFinished,
        async t =>
        {
            await tables.Outbox.Finish(t, row.Row, state, problem);
            await row.Turn.Release(t);
        },
        cancellation);

    /// <summary>1, 2, 4 … 60 seconds, ±20 % so that several conversations do not come back in step.</summary>
    public static TimeSpan Backoff(int attempts) =>
        TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, Math.Clamp(attempts - 1, 0, 6))) * (0.8 + (0.4 * Random.Shared.NextDouble())));

    private static string Hash(Message message) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(message.Card?.ToJsonString() ?? message.Text ?? "")));

    [LoggerMessage(LogLevel.Warning, "Not sent, {subject}: this process was away for so long that the turn is somebody else's")]
    private static partial void WasAway(ILogger log, string subject);

    [LoggerMessage(LogLevel.Information, "Posted {subject} in {where}: {summary}")]
    private static partial void Posted(ILogger log, string subject, string where, string summary);

    [LoggerMessage(LogLevel.Debug, "{subject} reads:\n{text}")]
    private static partial void Shown(ILogger log, string subject, string text);

    [LoggerMessage(LogLevel.Warning, "Not sent yet, {subject}: {problem}")]
    private static partial void NotSent(ILogger log, string subject, string problem);
}
