using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using RunModes.Bot.Audit;
using RunModes.Bot.Reporting;
using RunModes.Bot.Tests.Storage;

namespace RunModes.Bot.Tests.Reporting;

public enum Way { Post, Reply, Update }

/// <param name="To">The root of a reply, the message of an update.</param>
internal sealed record Call(Way Way, string Where, string? To, string Text, DateTimeOffset At);

/// <summary>The real sender on the real store, between a channel and subjects that the test holds. Time moves while it waits for something.</summary>
internal sealed class SenderWorld : IMessenger, IPresenter, IAsyncDisposable
{
    private readonly OutboxSender sender;
    private int ids;

    private SenderWorld(StoreWorld store)
    {
        Store = store;
        var tables = new OutboxTables(store.Ledger, store.Outbox, store.Turns, store.Conversations, store.Plans);
        var delivery = new OutboxDelivery(tables, new Presenters([this, new NoticePresenter()]), this, store.Clock, NullLogger<OutboxDelivery>.Instance);
        sender = new OutboxSender(tables, delivery, store.Pulse, store.Clock, NullLogger<OutboxSender>.Instance);
    }

    public StoreWorld Store { get; }

    public ConcurrentQueue<Call> Calls { get; } = new();

    /// <summary>What the channel answers; null: delivered.</summary>
    public Func<Call, Task<Delivery?>> Answers { get; set; } = _ => Task.FromResult<Delivery?>(null);

    /// <summary>Present state by subject: revision, text and channel.</summary>
    public ConcurrentDictionary<string, (int Revision, string Text, string? Channel)> Subjects { get; } = new();

    public ConcurrentQueue<(string Subject, int Revision, string? ActivityId)> Confirmed { get; } = new();

    public IReadOnlySet<Shown> Shows { get; } = new HashSet<Shown> { Shown.Proposal, Shown.RunReport };

    public static async Task<SenderWorld> Open(params string[] installed)
    {
        var world = new SenderWorld(await StoreWorld.Open());
        foreach (var id in installed)
        {
            await world.Install(id);
        }

        return world;
    }

    public static Conversation Channel(string id) => new(id, ConversationKind.Channel, new("https://smba.example/"), "tenant", "bot", TeamId: id);

    public Task Install(string id) => Store.Write(async t =>
    {
        // The first team is the one that was installed first.
        Store.Clock.Advance(TimeSpan.FromMilliseconds(1));
        await Store.Conversations.Installed(t, Channel(id), Store.Now);
        await Store.Outbox.WakeParked(t, Store.Now);
    });

    public Task Start() => sender.StartAsync(StoreWorld.Ct);

    public Task Enqueue(OutboxItem item) => Store.Write(t => Store.Outbox.Enqueue(t, item, Store.Now));

    public async Task Show(string subject, string text, int revision = 1, string? thread = "incident/i1", string? channel = null, Urgency urgency = Urgency.Decision)
    {
        Subjects[subject] = (revision, text, channel);
        await Enqueue(new(Shown.Proposal, subject, urgency, thread));
    }

    public Task Say(string text, Urgency urgency = Urgency.Reply) => Enqueue(new(Shown.Notice, $"notice/{text}", urgency, Payload: new(text)));

    public string[] Said => [.. Calls.Select(c => $"{c.Way} {c.Where}{(c.To is null ? "" : $" {c.To}")}: {c.Text}")];

    /// <summary>Moves time in small steps until it has come to that.</summary>
    public async Task Until(Func<Task<bool>> condition)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), $"It did not come to that:\n{string.Join('\n', Said)}");
            Store.Clock.Advance(TimeSpan.FromMilliseconds(100));
            Store.Pulse.Beat();
            await Task.Delay(1, StoreWorld.Ct);
        }
    }

    public Task Until(Func<bool> condition) => Until(() => Task.FromResult(condition()));

    public Task UntilSaid(int count) => Until(() => Calls.Count >= count);

    public Task UntilDone() => Until(async () => await Store.Read(t => Open(t)) == 0);

    public Task<IReadOnlyList<OutboxRow>> Troubled() => Store.Read(t => Store.Outbox.Troubled(t, 50));

    public Task<Delivery> Post(Conversation where, Message message, CancellationToken cancellation) => Called(new(Way.Post, where.Id, null, message.Text!, Store.Now));

    public Task<Delivery> Reply(Conversation where, string rootId, Message message, CancellationToken cancellation) => Called(new(Way.Reply, where.Id, rootId, message.Text!, Store.Now));

    public Task<Delivery> Update(Conversation where, MessageRef message, Message replacement, CancellationToken cancellation) =>
        Called(new(Way.Update, message.ConversationId == where.Id ? where.Id : $"{message.ConversationId} through {where.Id}", message.ActivityId, replacement.Text!, Store.Now));

    public Task<Presentation?> Present(OutboxItem item, CancellationToken cancellation) => Task.FromResult(
        Subjects.TryGetValue(item.Subject, out var now) ? now.Text == "poison" ? throw new InvalidOperationException("cannot be rendered")
            : new Presentation(Message.Plain(now.Text), now.Revision, item.Shows == Shown.Proposal, now.Channel) : null);

    public Task<Message?> PresentOlder(OutboxItem item, int revision, CancellationToken cancellation) => Task.FromResult<Message?>(Message.Plain($"revision {revision} without buttons"));

    public Task Delivered(ITransaction transaction, OutboxItem item, int revision, string? activityId, DateTimeOffset at)
    {
        Confirmed.Enqueue((item.Subject, revision, activityId));
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await sender.StopAsync(CancellationToken.None);
        sender.Dispose();
        await Store.DisposeAsync();
    }

    private static async Task<long> Open(ITransaction t) => (await Bot.Storage.Sql.Unit(t).One<long>("SELECT COUNT(*) FROM outbox WHERE state IN ('Pending', 'Sending')"))!;

    private async Task<Delivery> Called(Call call)
    {
        Calls.Enqueue(call);
        return await Answers(call) ?? new Delivery.Delivered($"m{Interlocked.Increment(ref ids)}");
    }
}
