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
        Assert.True(await world.Store.Read(t => world.Store.Outbox.MayHaveArrived(t, P1, posted: false)));
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

    [Fact]
    public async Task After_each_429_the_most_urgent_goes_first_again()
    {
        await using var world = await SenderWorld.Open("a");
        var refused = 6;
        world.Answers = _ => Task.FromResult<Delivery?>(Interlocked.Decrement(ref refused) >= 0 ? new Delivery.TryAgain("429", TimeSpan.FromSeconds(2)) : null);
        await world.Say("cosmetic", Urgency.Cosmetic);
        await world.Say("approval", Urgency.Approval);
        await world.Say("stop", Urgency.Stop);
        await world.Start();

        await world.UntilDone();

        Assert.Equal([.. Enumerable.Repeat("stop", 7), "approval", "cosmetic"], world.Calls.Select(c => c.Text));
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
}
