using RunModes.Bot.Audit;
using RunModes.Bot.Reporting;
using RunModes.Bot.Storage;

namespace RunModes.Bot.Tests.Storage;

public class OutboxTableTests
{
    private static readonly OutboxItem Card = new(Shown.Proposal, "proposal/p1", Urgency.Result, "incident/i1");

    [Fact]
    public async Task While_a_row_waits_there_is_no_second_and_the_more_urgent_one_counts()
    {
        await using var world = await StoreWorld.Open();
        await Enqueue(world, Card);
        await Enqueue(world, Card with { Subject = "proposal/p2", Urgency = Urgency.Approval });
        await Enqueue(world, Card with { Urgency = Urgency.Stop });
        await Enqueue(world, Card with { Urgency = Urgency.Cosmetic });
        await Enqueue(world, Card with { Shows = Shown.RunReport });

        Assert.Equal(
            [("proposal/p1", Shown.Proposal), ("proposal/p2", Shown.Proposal), ("proposal/p1", Shown.RunReport)],
            (await Due(world)).Select(r => (r.Item.Subject, r.Item.Shows)));
    }

    [Fact]
    public async Task A_newer_state_of_what_is_being_sent_waits_for_its_own_turn()
    {
        await using var world = await StoreWorld.Open();
        await Enqueue(world, Card);
        var sending = (await Due(world)).Single();
        Assert.NotNull(await world.Write(t => world.Outbox.StartSending(t, sending, "one")));
        Assert.Null(await world.Write(t => world.Outbox.StartSending(t, sending, "another")));
        await Enqueue(world, Card);

        Assert.NotEqual(sending.Id, Assert.Single(await Due(world)).Id);
    }

    [Fact]
    public async Task A_postponed_row_comes_back_when_it_said()
    {
        await using var world = await StoreWorld.Open();
        await Enqueue(world, Card);
        var row = (await Due(world)).Single();
        var sending = (await world.Write(t => world.Outbox.StartSending(t, row, "one")))!;
        Assert.True(await world.Write(t => world.Outbox.Postpone(t, sending, world.Now.AddSeconds(30), "429", Postponed.ForItsTime)));

        Assert.Empty(await Due(world));
        Assert.Equal("429", Assert.Single(await world.Read(t => world.Outbox.Troubled(t, 10))).Problem);
        world.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal((row.Id, 1, OutboxState.Pending, false), Assert.Single(await Due(world)) is var back ? (back.Id, back.Attempts, back.State, back.MayHaveArrived) : default);
    }

    [Fact]
    public async Task A_postponed_row_gives_way_to_a_newer_one_that_waits_and_leaves_it_its_doubt_and_its_pause()
    {
        await using var world = await StoreWorld.Open();
        await Enqueue(world, Card);
        var old = (await Due(world)).Single();
        old = (await world.Write(t => world.Outbox.StartSending(t, old, "one")))!;
        await Enqueue(world, Card);
        await world.Write(t => world.Outbox.Postpone(t, old, world.Now.AddSeconds(30), "500", Postponed.InDoubt));

        Assert.Empty(await Due(world));
        world.Clock.Advance(TimeSpan.FromSeconds(30));
        var left = Assert.Single(await Due(world));
        Assert.NotEqual(old.Id, left.Id);
        Assert.True(left.MayHaveArrived);
        Assert.True(await MayHaveArrived(world));
    }

    [Fact]
    public async Task The_row_that_waits_is_the_latest_whatever_the_clocks_of_two_writers_said()
    {
        await using var world = await StoreWorld.Open();
        await Enqueue(world, Card);
        var old = (await world.Write(async t => await world.Outbox.StartSending(t, (await world.Outbox.Due(t, world.Now, 10)).Single(), "one")))!;
        await world.Write(t => world.Outbox.Enqueue(t, Card, world.Now.AddMilliseconds(-20)));
        Assert.True(await world.Write(t => world.Outbox.Postpone(t, old, world.Now.AddSeconds(1), "503", Postponed.ForItsTime)));

        Assert.Equal(OutboxState.Pending, (await world.Read(t => world.Outbox.LatestOf(t, Card.Subject)))?.State);
    }

    [Fact]
    public async Task What_somebody_was_sending_whose_turn_is_over_is_sent_again_and_may_have_arrived()
    {
        await using var world = await StoreWorld.Open();
        await Enqueue(world, Card);
        await Enqueue(world, Card with { Subject = "proposal/p2" });
        var row = (await Due(world))[0];
        var lease = new Lease("turn/c", world.Clock);
        Assert.True(await world.Write(t => world.Turns.Take(t, "c", lease, world.Now)));
        var sending = (await world.Write(t => world.Outbox.StartSending(t, row with { Destination = "c" }, lease.Holder)))!;
        Assert.True(await MayHaveArrived(world));
        Assert.Empty(await Interrupted(world));

        world.Clock.Advance(Lease.Life);
        var lost = Assert.Single(await Interrupted(world));
        Assert.True(await world.Write(t => world.Outbox.Postpone(t, lost, world.Now, "interrupted", Postponed.InDoubt)));
        Assert.False(await world.Write(t => world.Outbox.Postpone(t, lost, world.Now, "interrupted", Postponed.InDoubt)));

        Assert.Equal([true, false], (await Due(world)).Select(r => r.MayHaveArrived));
        Assert.False(await world.Read(t => world.Outbox.MayHaveArrived(t, "proposal/p2", posted: false)));
        Assert.Empty(await Interrupted(world));
        // Whoever was asleep comes too late with what it has to say about the row.
        Assert.False(await world.Write(t => world.Outbox.Finish(t, sending, OutboxState.Done, null)));
        Assert.Equal(2, (await Due(world)).Count);
    }

    [Fact]
    public async Task The_most_urgent_of_each_conversation_is_picked_and_a_conversation_that_must_wait_is_passed_over()
    {
        await using var world = await StoreWorld.Open();
        for (var i = 0; i < 300; i++)
        {
            await Enqueue(world, Card with { Subject = $"proposal/a{i}", Urgency = Urgency.UrgentApproval });
        }

        await world.Write(t => world.Outbox.Route(t, [.. Enumerable.Range(0, 300).Select(i => $"proposal/a{i}").Select(s => (Id(t, s), "a"))]));
        await Enqueue(world, Card with { Subject = "proposal/b" });
        await Enqueue(world, Card with { Subject = "proposal/c" });
        await world.Write(t => world.Outbox.Route(t, [(Id(t, "proposal/b"), "b"), (Id(t, "proposal/c"), "c")]));
        Assert.Equal(["proposal/a0", "proposal/b", "proposal/c"], (await Due(world)).Select(r => r.Item.Subject));

        await world.Write(async t =>
        {
            await world.Turns.Take(t, "a", new Lease("turn/a", world.Clock), world.Now);
            await world.Turns.Count(t, "b", world.Now);
            await world.Turns.Hold(t, "b", world.Now.AddMinutes(5), world.Now);
        });
        Assert.Equal(["proposal/c"], (await Due(world)).Select(r => r.Item.Subject));
        Assert.Equal(world.Now.AddMinutes(5), await world.Read(t => world.Outbox.NextTurn(t, world.Now)));
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(["proposal/a0", "proposal/b", "proposal/c"], (await Due(world)).Select(r => r.Item.Subject));
    }

    [Fact]
    public async Task What_waits_for_its_time_is_not_woken_with_what_waits_for_a_place()
    {
        await using var world = await StoreWorld.Open();
        await Enqueue(world, Card);
        await Enqueue(world, Card with { Subject = "proposal/p2" });
        var rows = await Due(world);
        await world.Write(t => world.Outbox.Postpone(t, rows[0], world.Now.AddMinutes(5), "429", Postponed.ForItsTime));
        await world.Write(t => world.Outbox.Postpone(t, rows[1], world.Now.AddMinutes(5), "nowhere", Postponed.Parked));

        await world.Write(t => world.Outbox.WakeParked(t, world.Now));

        Assert.Equal(["proposal/p2"], (await Due(world)).Select(r => r.Item.Subject));
    }

    [Fact]
    public async Task Doubt_once_had_stays_though_the_row_is_done()
    {
        await using var world = await StoreWorld.Open();
        await Enqueue(world, Card);
        var row = (await Due(world)).Single();
        await world.Write(t => world.Outbox.Postpone(t, row, world.Now, "500", Postponed.InDoubt));
        await world.Write(t => world.Outbox.Postpone(t, row, world.Now, "429", Postponed.ForItsTime));
        await world.Write(t => world.Outbox.Finish(t, row, OutboxState.Done, null));

        Assert.True(await MayHaveArrived(world));
        Assert.Empty(await Due(world));
    }

    [Fact]
    public async Task Parked_rows_wake_and_undeliverable_ones_are_listed()
    {
        await using var world = await StoreWorld.Open();
        await Enqueue(world, Card);
        await Enqueue(world, Card with { Subject = "proposal/p2" });
        foreach (var row in await Due(world))
        {
            await world.Write(t => world.Outbox.Postpone(t, row, world.Now.AddHours(1), "nowhere", Postponed.Parked));
        }

        await world.Write(t => world.Outbox.WakeParked(t, world.Now));
        var woken = await Due(world);
        Assert.Equal(2, woken.Count);
        await world.Write(t => world.Outbox.Finish(t, woken[0], OutboxState.Undeliverable, "refused"));

        Assert.Equal([("nowhere", OutboxState.Pending), ("refused", OutboxState.Undeliverable)],
            (await world.Read(t => world.Outbox.Troubled(t, 10))).Select(r => (r.Problem!, r.State)).Order());
    }

    [Fact]
    public async Task Messages_and_threads_are_remembered_once_each()
    {
        await using var world = await StoreWorld.Open();
        var message = new ShownMessage("proposal/p1", 1, new("c", "m1", "m1"), "h1", world.Now);
        await world.Write(async t =>
        {
            await world.Outbox.Remember(t, message with { Revision = 2, Message = new("c", "m2", "m1") });
            await world.Outbox.Remember(t, message);
            await world.Outbox.Remember(t, message with { ContentHash = "h2" });
            await world.Outbox.Remember(t, message with { Subject = "proposal/p2", Message = new("c", "m3", null) });
            await world.Outbox.RememberThread(t, "incident/i1", new("c", "m1", null));
            await world.Outbox.RememberThread(t, "incident/i1", new("d", "m9", null));
        });

        Assert.Equal([message with { ContentHash = "h2" }, message with { Revision = 2, Message = new("c", "m2", "m1") }], await world.Read(t => world.Outbox.MessagesOf(t, "proposal/p1")));
        Assert.Equal(new MessageRef("d", "m9", "m9"), await world.Read(t => world.Outbox.ThreadOf(t, "incident/i1")));
        Assert.Null(await world.Read(t => world.Outbox.ThreadOf(t, "incident/i2")));
        await world.Write(t => world.Outbox.Forget(t, new("c", "m1", null)));
        Assert.Equal([2], (await world.Read(t => world.Outbox.MessagesOf(t, "proposal/p1"))).Select(m => m.Revision));
    }

    private static Task Enqueue(StoreWorld world, OutboxItem item)
    {
        world.Clock.Advance(TimeSpan.FromMilliseconds(1));
        return world.Write(t => world.Outbox.Enqueue(t, item, world.Now));
    }

    private static Task<IReadOnlyList<OutboxRow>> Due(StoreWorld world) => world.Read(t => world.Outbox.Due(t, world.Now, 10));

    private static Task<IReadOnlyList<OutboxRow>> Interrupted(StoreWorld world) => world.Read(t => world.Outbox.Interrupted(t, world.Now, 10));

    private static string Id(ITransaction t, string subject) => t.Unit().One<string>("SELECT id FROM outbox WHERE subject = @subject", new { subject }).Result!;

    private static Task<bool> MayHaveArrived(StoreWorld world) => world.Read(t => world.Outbox.MayHaveArrived(t, "proposal/p1", posted: false));
}
