using RunModes.Bot.Audit;
using RunModes.Bot.Reporting;
using RunModes.Bot.Tests.Storage;

namespace RunModes.Bot.Tests.Reporting;

/// <summary>Whose turn it is to speak in a conversation, and what becomes of it when whoever had it is gone, asleep or told to wait.</summary>
public sealed class TurnTests
{
    private const string P1 = "proposal/p1";

    [Fact]
    public async Task What_was_being_sent_when_the_bot_died_is_sent_once_its_turn_is_over()
    {
        await using var world = await SenderWorld.Open("a");
        await world.Show(P1, "awaiting");
        var row = (await world.Store.Read(t => world.Store.Outbox.Due(t, world.Store.Now, 1))).Single();
        var died = new Lease("turn/a", world.Store.Clock);
        await world.Store.Write(async t =>
        {
            Assert.True(await world.Store.Turns.Take(t, "a", died, world.Store.Now));
            await world.Store.Outbox.StartSending(t, row with { Destination = "a" }, died.Holder);
        });
        var began = world.Store.Now;

        await world.Start();
        await world.UntilDone();

        Assert.Equal(["Post a: awaiting"], world.Said);
        Assert.True(world.Calls.Single().At - began >= Lease.Life);
        Assert.True(await world.Store.Read(t => world.Store.Outbox.MayHaveArrived(t, P1, posted: false)));
    }

    [Fact]
    public async Task A_channel_that_asks_for_a_pause_gets_it_for_everything()
    {
        await using var world = await SenderWorld.Open("a", "b");
        var refused = 1;
        world.Answers = call => Task.FromResult<Delivery?>(call.Where == "a" && refused-- > 0 ? new Delivery.TryAgain("429", TimeSpan.FromSeconds(40)) : null);
        await world.Start();
        await world.Show(P1, "one", thread: "incident/i1");
        await world.UntilSaid(1);

        await world.Show("proposal/p2", "two", thread: "incident/i2");
        await world.Show("proposal/p3", "three", thread: "incident/i3", channel: "b");
        await world.Store.Write(t => world.Store.Outbox.WakeParked(t, world.Store.Now));
        await world.UntilDone();

        var calls = world.Calls.ToList();
        Assert.Equal("Post b: three", world.Said[1]);
        Assert.All(calls.Skip(2), c => Assert.True(c.At - calls[0].At >= TimeSpan.FromSeconds(40)));
        Assert.Equal(4, calls.Count);
    }

    [Fact]
    public async Task Whoever_was_asleep_for_longer_than_its_turn_says_nothing_more_when_it_wakes()
    {
        await using var world = await SenderWorld.Open("a");
        await world.Show(P1, "awaiting");
        var row = (await world.Store.Read(t => world.Store.Outbox.Due(t, world.Store.Now, 1))).Single();
        var asleep = new Lease("turn/a", world.Store.Clock);
        var tables = new OutboxTables(world.Store.Ledger, world.Store.Outbox, world.Store.Turns, world.Store.Conversations, world.Store.Plans);
        await world.Store.Write(async t =>
        {
            await world.Store.Turns.Take(t, "a", asleep, world.Store.Now);
            await world.Store.Outbox.StartSending(t, row with { Destination = "a" }, asleep.Holder);
        });
        var turn = new Turn(tables, "a", asleep, world.Store.Clock);

        // Asleep, and nobody came: it asks the store first, and still may.
        world.Store.Clock.Advance(Lease.Life * 3);
        Assert.NotNull(await turn.Call("a", () => world.Post(SenderWorld.Channel("a"), Message.Plain("late"), StoreWorld.Ct), StoreWorld.Ct));
        // Asleep again, and another process took over.
        world.Store.Clock.Advance(Lease.Life * 3);
        await world.Start();
        await world.UntilSaid(2);
        Assert.Null(await turn.Call("a", () => world.Post(SenderWorld.Channel("a"), Message.Plain("too late"), StoreWorld.Ct), StoreWorld.Ct));

        Assert.Equal(["Post a: late", "Post a: awaiting"], world.Said);
    }

    [Fact]
    public async Task A_message_that_arrived_after_its_sender_was_overtaken_is_kept_true_with_its_twin()
    {
        await using var world = await SenderWorld.Open("a");
        var answer = new TaskCompletionSource<Delivery?>();
        world.Answers = call => call.Text == "awaiting" && world.Calls.Count == 1 ? answer.Task : Task.FromResult<Delivery?>(null);
        await world.Start();
        await world.Show(P1, "awaiting");
        await world.UntilSaid(1);
        // Somebody else took the turn and the row, and posted.
        await world.Store.Write(async t =>
        {
            var unit = Bot.Storage.Sql.Unit(t);
            await unit.Execute("UPDATE turns SET holder = 'another'");
            await unit.Execute("UPDATE outbox SET holder = 'another', state = 'Done'");
            await world.Store.Outbox.Remember(t, new ShownMessage(P1, 1, new("a", "twin", "twin"), "hash", world.Store.Now));
        });

        answer.SetResult(null);
        await world.Until(async () => (await world.Store.Read(t => world.Store.Outbox.MessagesOf(t, P1))).Count == 2);
        await world.Store.Write(t => Bot.Storage.Sql.Unit(t).Execute("UPDATE turns SET holder = NULL, until = 0"));
        await world.Show(P1, "approved");
        await world.UntilDone();

        Assert.Equal(["Update a m1: approved", "Update a twin: approved"], world.Said[^2..].Order());
    }
}
