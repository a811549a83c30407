using System.Security.Cryptography;
using System.Text;
using RunModes.Bot.Audit;
using RunModes.Bot.Cards;

namespace RunModes.Bot.Reporting;

/// <summary>Who renders what.</summary>
internal sealed class Presenters(IEnumerable<IPresenter> presenters)
{
    private readonly Dictionary<Shown, IPresenter> _of = presenters.SelectMany(p => p.Shows.Select(s => (s, p))).ToDictionary();

    public IPresenter? Of(Shown shown) => _of.GetValueOrDefault(shown);
}

/// <summary>Posts, replies and updates one row at the conversation's pace, and records what became of it.</summary>
internal sealed partial class OutboxDelivery(OutboxTables tables, Presenters presenters, IMessenger messenger, TimeProvider clock, ILogger<OutboxDelivery> log)
{
    public static readonly TimeSpan Parked = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan TwinPause = TimeSpan.FromSeconds(5);
    private const int UpdatesBeforeSuperseding = 6;

    /// <summary>About a day of tries, counted and not timed: what only waits for a place to go is never given up.</summary>
    private const int MostAttempts = 1500;

    private readonly Pacing _pacing = new(clock);

    /// <returns>Null when there is nothing to show any more.</returns>
    public Task<Presentation?> Present(OutboxItem item, CancellationToken cancellation) =>
        presenters.Of(item.Shows)?.Present(item, cancellation) ?? Task.FromResult<Presentation?>(null);

    /// <summary>Brings what stands in the conversation to <paramref name="shown"/>, or posts it.</summary>
    public async Task Show(OutboxRow row, Conversation where, Presentation shown, CancellationToken cancellation)
    {
        var hash = Hash(shown.Message);
        var messages = shown.Updates ? await tables.Ledger.Read(t => tables.Outbox.MessagesOf(t, row.Item.Subject), cancellation) : [];
        foreach (var message in messages.Where(m => m.Revision < shown.Revision))
        {
            // An older card loses its buttons before a newer one asks.
            if (await presenters.Of(row.Item.Shows)!.PresentOlder(row.Item, message.Revision, cancellation) is { } older
                && Hash(older) is var olderHash && olderHash != message.ContentHash && !await Update(row, where, message, older, olderHash, cancellation))
            {
                return;
            }
        }

        var present = messages.Where(m => m.Revision == shown.Revision).ToList();
        var standing = 0;
        foreach (var message in present)
        {
            if (message.ContentHash != hash && !await Update(row, where, message, shown.Message, hash, cancellation))
            {
                return;
            }

            standing += (await tables.Ledger.Read(t => tables.Outbox.MessagesOf(t, row.Item.Subject), cancellation)).Count(m => m.Message == message.Message);
        }

        if (standing == 0)
        {
            await Post(row, where, shown, hash, cancellation);
            return;
        }

        await Finish(row, OutboxState.Done, null, cancellation);
    }

    /// <returns>False when the row was postponed: nothing more can be done with it now.</returns>
    private async Task<bool> Update(OutboxRow row, Conversation where, ShownMessage message, Message content, string hash, CancellationToken cancellation)
    {
        var place = message.Message.ConversationId == where.Id
            ? where
            : await tables.Ledger.Read(t => tables.Conversations.Find(t, message.Message.ConversationId), cancellation);
        if (place is null)
        {
            // The bot was removed from where it stands: it is superseded where people are asked now.
            await tables.Ledger.Write(t => tables.Outbox.Forget(t, message.Message), cancellation);
            return true;
        }

        await _pacing.Turn(place.Id, cancellation);
        var delivery = await messenger.Update(place, message.Message, content, cancellation);
        switch (delivery)
        {
            case Delivery.Delivered:
                await tables.Ledger.Write(t => tables.Outbox.Remember(t, message with { ContentHash = hash }), cancellation);
                Tell(row.Item.Subject, content);
                return true;

            // What cannot be updated is superseded by a new message.
            case Delivery.MessageGone or Delivery.Rejected:
            case Delivery.TryAgain or Delivery.MayHaveArrived when row.Attempts >= UpdatesBeforeSuperseding:
                await tables.Ledger.Write(t => tables.Outbox.Forget(t, message.Message), cancellation);
                return true;

            default:
                await Unsent(row, place, delivery, cancellation);
                return false;
        }
    }

    private async Task Post(OutboxRow row, Conversation where, Presentation shown, string hash, CancellationToken cancellation)
    {
        await _pacing.Turn(where.Id, cancellation);
        var thread = row.Item.Thread is { } key ? await tables.Ledger.Read(t => tables.Outbox.ThreadOf(t, key), cancellation) : null;
        var root = row.Item.RootId ?? (thread?.ConversationId == where.Id ? thread.RootId : null);
        var inThread = where.Kind == ConversationKind.Channel && root is not null;
        var delivery = inThread
            ? await messenger.Reply(where, root!, shown.Message, cancellation)
            : await messenger.Post(where, shown.Message, cancellation);
        if (delivery is Delivery.MessageGone && inThread)
        {
            await _pacing.Turn(where.Id, cancellation);
            inThread = false;
            delivery = await messenger.Post(where, shown.Message, cancellation);
        }

        if (delivery is not Delivery.Delivered delivered)
        {
            await Unsent(row, where, delivery, cancellation);
            return;
        }

        var at = clock.GetUtcNow();
        await tables.Ledger.Write(
            async t =>
            {
                if (delivered.ActivityId is { } id)
                {
                    var message = new MessageRef(where.Id, id, inThread ? root : where.Kind == ConversationKind.Channel ? id : null);
                    if (shown.Updates)
                    {
                        await tables.Outbox.Remember(t, new ShownMessage(row.Item.Subject, shown.Revision, message, hash, at));
                    }

                    if (!inThread && row.Item.Thread is { } thread)
                    {
                        await tables.Outbox.RememberThread(t, thread, message);
                    }
                }

                await tables.Outbox.Finish(t, row.Id, OutboxState.Done, null, at);
                await presenters.Of(row.Item.Shows)!.Delivered(t, row.Item, shown.Revision, delivered.ActivityId, at);
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

    private async Task Unsent(OutboxRow row, Conversation where, Delivery delivery, CancellationToken cancellation)
    {
        switch (delivery)
        {
            case Delivery.TryAgain again:
                await Postpone(row, again.After ?? Backoff(row.Attempts), again.Reason, false, cancellation);
                break;
            case Delivery.MayHaveArrived perhaps:
                await Postpone(row, TwinPause + Backoff(row.Attempts - 1), perhaps.Reason, true, cancellation);
                break;
            case Delivery.ConversationGone gone:
                await tables.Ledger.Write(t => tables.Conversations.Removed(t, where.Id, clock.GetUtcNow()), cancellation);
                await Postpone(row, Parked, gone.Reason, false, cancellation);
                break;
            case Delivery.MessageGone gone:
                await Postpone(row, Backoff(row.Attempts), gone.Reason, false, cancellation);
                break;
            default:
                await Finish(row, OutboxState.Undeliverable, (delivery as Delivery.Rejected)?.Reason, cancellation);
                break;
        }
    }

    public async Task Postpone(OutboxRow row, TimeSpan wait, string problem, bool mayHaveArrived, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (row.Attempts > MostAttempts)
        {
            await Finish(row, OutboxState.Undeliverable, problem, cancellation);
            return;
        }

        NotSent(log, row.Item.Subject, problem);
        await tables.Ledger.Write(t => tables.Outbox.Postpone(t, row.Id, now + wait, problem, mayHaveArrived), cancellation);
    }

    public Task Finish(OutboxRow row, OutboxState state, string? problem, CancellationToken cancellation) =>
        tables.Ledger.Write(t => tables.Outbox.Finish(t, row.Id, state, problem, clock.GetUtcNow()), cancellation);

    /// <summary>1, 2, 4 … 60 seconds, ±20 % so that several conversations do not come back in step.</summary>
    public static TimeSpan Backoff(int attempts) =>
        TimeSpan.FromSeconds(Math.Min(60, Math.Pow(2, Math.Clamp(attempts - 1, 0, 6))) * (0.8 + (0.4 * Random.Shared.NextDouble())));

    private static string Hash(Message message) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(message.Card?.ToJsonString() ?? message.Text ?? "")));

    [LoggerMessage(LogLevel.Information, "Posted {subject} in {where}: {summary}")]
    private static partial void Posted(ILogger log, string subject, string where, string summary);

    [LoggerMessage(LogLevel.Debug, "{subject} reads:\n{text}")]
    private static partial void Shown(ILogger log, string subject, string text);

    [LoggerMessage(LogLevel.Warning, "Not sent yet, {subject}: {problem}")]
    private static partial void NotSent(ILogger log, string subject, string problem);
}
