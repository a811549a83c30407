using RunModes.Bot.Reporting;

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
        Assert.True(await world.Write(t => world.Outbox.StartSending(t, sending.Id, world.Now)));
        Assert.False(await world.Write(t => world.Outbox.StartSending(t, sending.Id, world.Now)));
        await Enqueue(world, Card);

        Assert.NotEqual(sending.Id, Assert.Single(await Due(world)).Id);
    }

    [Fact]
    public async Task A_postponed_row_comes_back_when_it_said()
    {
        await using var world = await StoreWorld.Open();
        await Enqueue(world, Card);
        var row = (await Due(world)).Single();
        await world.Write(t => world.Outbox.StartSending(t, row.Id, world.Now));
        await world.Write(t => world.Outbox.Postpone(t, row.Id, world.Now.AddSeconds(30), "429", false));

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
        await world.Write(t => world.Outbox.StartSending(t, old.Id, world.Now));
        await Enqueue(world, Card);
        await world.Write(t => world.Outbox.Postpone(t, old.Id, world.Now.AddSeconds(30), "500", true));

        Assert.Empty(await Due(world));
        world.Clock.Advance(TimeSpan.FromSeconds(30));
        var left = Assert.Single(await Due(world));
        Assert.NotEqual(old.Id, left.Id);
        Assert.True(left.MayHaveArrived);
        Assert.True(await MayHaveArrived(world));
    }

    [Fact]
    public async Task What_was_being_sent_when_the_bot_died_is_sent_again_and_may_have_arrived()
    {
        await using var world = await StoreWorld.Open();
        await Enqueue(world, Card);
        await Enqueue(world, Card with { Subject = "proposal/p2" });
        var row = (await Due(world))[0];
        await world.Write(t => world.Outbox.StartSending(t, row.Id, world.Now));
        Assert.True(await MayHaveArrived(world));

        Assert.Equal(1, await world.Write(t => world.Outbox.ReviveInterrupted(t, world.Now)));

        Assert.Equal([true, false], (await Due(world)).Select(r => r.MayHaveArrived));
        Assert.False(await world.Read(t => world.Outbox.MayHaveArrived(t, "proposal/p2")));
        Assert.Equal(0, await world.Write(t => world.Outbox.ReviveInterrupted(t, world.Now)));
    }

    [Fact]
    public async Task Doubt_once_had_stays_though_the_row_is_done()
    {
        await using var world = await StoreWorld.Open();
        await Enqueue(world, Card);
        var row = (await Due(world)).Single();
        await world.Write(t => world.Outbox.Postpone(t, row.Id, world.Now, "500", true));
        await world.Write(t => world.Outbox.Postpone(t, row.Id, world.Now, "429", false));
        await world.Write(t => world.Outbox.Finish(t, row.Id, OutboxState.Done, null, world.Now));

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
            await world.Write(t => world.Outbox.Postpone(t, row.Id, world.Now.AddHours(1), "nowhere", false));
        }

        await world.Write(t => world.Outbox.WakeParked(t, world.Now));
        var woken = await Due(world);
        Assert.Equal(2, woken.Count);
        await world.Write(t => world.Outbox.Finish(t, woken[0].Id, OutboxState.Undeliverable, "refused", world.Now));

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

    private static Task<bool> MayHaveArrived(StoreWorld world) => world.Read(t => world.Outbox.MayHaveArrived(t, "proposal/p1"));
}
