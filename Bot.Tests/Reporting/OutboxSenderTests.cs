using RunModes.Bot.Reporting;
using RunModes.Bot.Tests.Storage;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Reporting;

public sealed class OutboxSenderTests
{
    private const string P1 = "proposal/p1";

    [Fact, FailureMode(25)]
    public async Task The_urgent_goes_first_and_one_at_a_time_at_the_channels_pace()
    {
        await using var world = await SenderWorld.Open("a");
        await world.Say("cosmetic", Urgency.Cosmetic);
        // Many: the channel becomes free again while the sender is still looking through them.
        string[] results = [.. Enumerable.Range(10, 20).Select(i => $"result {i}")];
        foreach (var result in results)
        {
            await world.Say(result, Urgency.Result);
            world.Store.Clock.Advance(TimeSpan.FromMilliseconds(1));
        }

        await world.Say("approval", Urgency.Approval);
        await world.Say("stop", Urgency.Stop);
        await world.Say("reply");

        await world.Start();
        await world.UntilDone();

        Assert.Equal(["stop", "approval", .. results, "reply", "cosmetic"], world.Calls.Select(c => c.Text));
        var calls = world.Calls.ToList();
        // Counted before it is called, and the clock of the test goes on meanwhile.
        Assert.True(calls[5].At - calls[0].At >= TimeSpan.FromMilliseconds(600), "Five a second.");
    }

    [Fact]
    public async Task An_incident_has_one_root_post_and_the_rest_are_replies_to_it()
    {
        await using var world = await SenderWorld.Open("a");
        await world.Start();

        await world.Show(P1, "card one");
        await world.UntilDone();
        await world.Show("proposal/p2", "card two");
        await world.UntilDone();
        await world.Show("proposal/p3", "card three", thread: "incident/i2");
        await world.UntilDone();

        Assert.Equal(["Post a: card one", "Reply a m1: card two", "Post a: card three"], world.Said);
    }

    [Fact]
    public async Task The_same_revision_is_updated_another_posted_and_what_would_change_nothing_not_sent()
    {
        await using var world = await SenderWorld.Open("a");
        await world.Start();
        foreach (var (text, revision) in new[] { ("awaiting", 1), ("awaiting", 1), ("approved", 1), ("again", 2), ("done", 2) })
        {
            await world.Show(P1, text, revision);
            await world.UntilDone();
        }

        Assert.Equal(
            ["Post a: awaiting", "Update a m1: approved", "Update a m1: revision 1 without buttons", "Reply a m1: again", "Update a m4: done"], world.Said);
        // The deadline runs from a post; an update moves nothing.
        Assert.Equal([(P1, 1, "m1"), (P1, 2, "m4")], world.Confirmed);
    }

    [Fact]
    public async Task A_newer_card_asks_only_after_the_older_one_lost_its_buttons()
    {
        await using var world = await SenderWorld.Open("a");
        await world.Start();
        await world.Show(P1, "first");
        await world.UntilDone();
        var refusals = 3;
        world.Answers = call => Task.FromResult<Delivery?>(call.Way == Way.Update && refusals-- > 0 ? new Delivery.TryAgain("429", null) : null);

        await world.Show(P1, "second", 2);
        await world.UntilDone();

        Assert.Equal([Way.Post, Way.Update, Way.Update, Way.Update, Way.Update, Way.Reply], world.Calls.Select(c => c.Way));
    }

    [Fact]
    public async Task What_happens_while_something_is_being_sent_becomes_one_update_with_the_latest_state()
    {
        await using var world = await SenderWorld.Open("a");
        var release = new TaskCompletionSource<Delivery?>();
        world.Answers = call => call.Way == Way.Post ? release.Task : Task.FromResult<Delivery?>(null);
        await world.Start();
        await world.Show(P1, "state 0");
        await world.UntilSaid(1);
        for (var i = 1; i <= 5; i++)
        {
            await world.Show(P1, $"state {i}");
        }

        release.SetResult(null);
        await world.UntilDone();

        Assert.Equal(["Post a: state 0", "Update a m1: state 5"], world.Said);
    }

    [Fact]
    public async Task It_goes_to_the_thread_then_the_plans_channel_then_the_default_then_the_first_team()
    {
        await using var world = await SenderWorld.Open("team", "plan", "default");
        await world.Start();
        await world.Show(P1, "one", thread: "incident/1");
        await world.UntilDone();
        await world.Store.EditControl(c => c with { DefaultChannel = "default" });
        await world.Show("proposal/p2", "two", thread: "incident/2");
        await world.UntilDone();
        await world.Show("proposal/p3", "three", thread: "incident/3", channel: "plan");
        await world.UntilDone();
        await world.Show("proposal/p4", "four", thread: "incident/1", channel: "plan");
        await world.UntilDone();
        await world.Show("proposal/p5", "five", thread: "incident/5", channel: "never installed");
        await world.UntilDone();

        Assert.Equal(["Post team: one", "Post default: two", "Post plan: three", "Reply team m1: four", "Post default: five"], world.Said);
    }

    [Fact]
    public async Task A_card_that_stands_in_another_conversation_is_updated_there()
    {
        await using var world = await SenderWorld.Open("a", "b");
        await world.Start();
        await world.Show(P1, "awaiting", thread: null);
        await world.UntilDone();
        await world.Store.EditControl(c => c with { DefaultChannel = "b" });

        await world.Show(P1, "approved", thread: null);
        await world.UntilDone();

        Assert.Equal(["Post a: awaiting", "Update a m1: approved"], world.Said);
    }

    [Fact]
    public async Task What_there_is_nothing_to_show_of_any_more_is_done_with()
    {
        await using var world = await SenderWorld.Open("a");
        await world.Start();
        await world.Enqueue(new(Shown.Proposal, "proposal/none", Urgency.Stop));
        await world.Say("after it");

        await world.UntilDone();

        Assert.Equal(["Post a: after it"], world.Said);
    }

    [Fact]
    public async Task A_report_is_said_once_and_never_updated()
    {
        await using var world = await SenderWorld.Open("a");
        await world.Start();
        foreach (var text in new[] { "Done: restarted.", "Done: restarted again." })
        {
            world.Subjects["run/r1"] = (1, text, null);
            await world.Enqueue(new(Shown.RunReport, "run/r1", Urgency.Result, "incident/i1"));
            await world.UntilDone();
        }

        Assert.Equal(["Post a: Done: restarted.", "Reply a m1: Done: restarted again."], world.Said);
        Assert.Empty(await world.Store.Read(t => world.Store.Outbox.MessagesOf(t, "run/r1")));
    }
}
