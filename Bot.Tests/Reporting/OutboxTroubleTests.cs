using RunModes.Bot.Audit;
using RunModes.Bot.Reporting;
using RunModes.Bot.Tests.Storage;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Reporting;

public sealed class OutboxTroubleTests
{
    private const string P1 = "proposal/p1";

    public static TheoryData<string> Unupdatable => ["gone", "rejected"];

    [Theory]
    [MemberData(nameof(Unupdatable))]
    [FailureMode(22)]
    public async Task A_card_that_cannot_be_updated_is_superseded_by_a_message(string why)
    {
        await using var world = await SenderWorld.Open("a");
        await world.Start();
        await world.Show(P1, "awaiting");
        await world.UntilDone();
        world.Answers = call => Task.FromResult<Delivery?>(call.Way != Way.Update ? null : why == "gone" ? new Delivery.MessageGone("404") : new Delivery.Rejected("403"));

        await world.Show(P1, "approved");
        await world.UntilDone();
        world.Answers = _ => Task.FromResult<Delivery?>(null);
        await world.Show(P1, "done");
        await world.UntilDone();

        Assert.Equal(["Post a: awaiting", "Update a m1: approved", "Reply a m1: approved", "Update a m2: done"], world.Said);
    }

    [Fact]
    public async Task An_update_that_never_gets_through_is_superseded_too()
    {
        await using var world = await SenderWorld.Open("a");
        await world.Start();
        await world.Show(P1, "awaiting");
        await world.UntilDone();
        world.Answers = call => Task.FromResult<Delivery?>(call.Way == Way.Update ? new Delivery.MayHaveArrived("500") : null);

        await world.Show(P1, "approved");
        await world.UntilDone();

        Assert.Equal(6, world.Calls.Count(c => c.Way == Way.Update));
        Assert.Equal("Reply a m1: approved", world.Said[^1]);
    }

    [Fact]
    public async Task A_thread_that_is_gone_is_begun_anew()
    {
        await using var world = await SenderWorld.Open("a");
        await world.Start();
        await world.Show(P1, "one");
        await world.UntilDone();
        world.Answers = call => Task.FromResult<Delivery?>(call.Way == Way.Reply && call.To == "m1" ? new Delivery.MessageGone("404") : null);

        await world.Show("proposal/p2", "two");
        await world.UntilDone();
        await world.Show("proposal/p3", "three");
        await world.UntilDone();

        Assert.Equal(["Post a: one", "Reply a m1: two", "Post a: two", "Reply a m2: three"], world.Said);
    }

    [Fact]
    public async Task A_post_that_may_have_arrived_is_posted_again_after_a_pause_and_remembered_as_doubtful()
    {
        await using var world = await SenderWorld.Open("a");
        var lost = 1;
        world.Answers = _ => Task.FromResult<Delivery?>(lost-- > 0 ? new Delivery.MayHaveArrived("500") : null);
        await world.Start();

        await world.Show(P1, "awaiting");
        await world.UntilDone();

        var calls = world.Calls.ToList();
        Assert.Equal(["Post a: awaiting", "Post a: awaiting"], world.Said);
        Assert.True(calls[1].At - calls[0].At >= TimeSpan.FromSeconds(5));
        Assert.True(await world.Store.Read(t => world.Store.Outbox.MayHaveArrived(t, P1)));
        Assert.Equal([(P1, 1, "m1")], world.Confirmed);
    }

    [Fact]
    public async Task A_channel_that_says_when_is_asked_again_then_and_not_before()
    {
        await using var world = await SenderWorld.Open("a");
        var refused = 1;
        world.Answers = _ => Task.FromResult<Delivery?>(refused-- > 0 ? new Delivery.TryAgain("429", TimeSpan.FromSeconds(40)) : null);
        await world.Start();

        await world.Show(P1, "awaiting");
        await world.UntilDone();

        var calls = world.Calls.ToList();
        Assert.InRange((calls[1].At - calls[0].At).TotalSeconds, 40, 45);
    }

    [Fact, FailureMode(23)]
    public async Task A_conversation_that_is_closed_parks_its_rows_until_the_bot_is_installed_again()
    {
        await using var world = await SenderWorld.Open("a");
        world.Answers = _ => Task.FromResult<Delivery?>(new Delivery.ConversationGone("403"));
        await world.Start();
        await world.Show(P1, "awaiting");
        await world.UntilSaid(1);
        await world.Until(async () => (await world.Troubled()).Any(r => r.Problem == "403"));
        Assert.Null(await world.Store.Read(t => world.Store.Conversations.Find(t, "a")));

        world.Answers = _ => Task.FromResult<Delivery?>(null);
        await world.Install("b");
        await world.UntilDone();

        Assert.Equal(["Post a: awaiting", "Post b: awaiting"], world.Said);
    }

    [Fact, FailureMode(23)]
    public async Task With_nowhere_to_post_it_waits_for_days_and_is_posted_on_install()
    {
        await using var world = await SenderWorld.Open();
        await world.Start();
        await world.Show(P1, "awaiting");
        await world.Until(async () => (await world.Troubled()) is [{ Problem: { } problem }] && problem.Contains("nowhere", StringComparison.Ordinal));
        world.Store.Clock.Advance(TimeSpan.FromDays(3));
        await world.Until(async () => (await world.Troubled()) is [var row] && (row.State == OutboxState.Undeliverable || row.NextAt > world.Store.Now));

        await world.Install("a");
        await world.UntilDone();

        Assert.Equal(["Post a: awaiting"], world.Said);
        Assert.Equal([(P1, 1, "m1")], world.Confirmed);
    }

    [Fact]
    public async Task A_card_of_a_closed_conversation_is_superseded_where_it_goes_now_and_never_through_another()
    {
        await using var world = await SenderWorld.Open("a");
        await world.Start();
        await world.Show(P1, "awaiting");
        await world.UntilDone();
        await world.Store.Write(t => world.Store.Conversations.Removed(t, "a", world.Store.Now));
        await world.Install("b");

        await world.Show(P1, "approved");
        await world.UntilDone();

        Assert.Equal(["Post a: awaiting", "Post b: approved"], world.Said);
    }

    [Fact]
    public async Task A_message_refused_for_good_is_listed_as_undeliverable()
    {
        await using var world = await SenderWorld.Open("a");
        world.Answers = _ => Task.FromResult<Delivery?>(new Delivery.Rejected("the card is too large"));
        await world.Start();

        await world.Show(P1, "awaiting");
        await world.UntilDone();

        Assert.Equal([(OutboxState.Undeliverable, "the card is too large")], (await world.Troubled()).Select(r => (r.State, r.Problem!)));
        Assert.Single(world.Calls);
        Assert.Empty(world.Confirmed);
    }

    [Fact]
    public async Task A_subject_that_cannot_be_rendered_stops_nobody_else()
    {
        await using var world = await SenderWorld.Open("a");
        await world.Start();
        await world.Show(P1, "poison", urgency: Urgency.Stop);
        await world.Say("the rest");

        await world.UntilSaid(1);
        await world.Until(async () => (await world.Troubled()) is [{ Item.Subject: P1 }]);
        await world.Show(P1, "mended");
        await world.UntilDone();

        Assert.Equal(["Post a: the rest", "Post a: mended"], world.Said);
    }

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
        Assert.True(await world.Store.Read(t => world.Store.Outbox.MayHaveArrived(t, P1)));
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
