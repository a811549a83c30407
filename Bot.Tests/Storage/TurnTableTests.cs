using RunModes.Bot.Audit;

namespace RunModes.Bot.Tests.Storage;

public class TurnTableTests
{
    [Fact]
    public async Task A_burst_keeps_below_what_Teams_throttles_at_and_sixty_take_no_longer_than_three_quarters_of_a_minute()
    {
        await using var world = await StoreWorld.Open();

        var sent = await Send(world, 200);

        Assert.Equal((5, 7, 55), (Most(sent, TimeSpan.FromSeconds(1)), Most(sent, TimeSpan.FromSeconds(2)), Most(sent, TimeSpan.FromSeconds(30))));
        Assert.True(sent[59] - sent[0] <= TimeSpan.FromSeconds(45), $"Sixty took {sent[59] - sent[0]}.");
    }

    [Fact]
    public async Task An_hour_holds_seventeen_hundred()
    {
        await using var world = await StoreWorld.Open();

        var sent = await Send(world, 1800);

        Assert.Equal(1700, Most(sent, TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task A_turn_is_one_senders_until_it_ends_or_is_released_and_then_somebody_elses_for_good()
    {
        await using var world = await StoreWorld.Open();
        var (one, two, three) = (New(world), New(world), New(world));
        Assert.True(await Take(world, one));
        Assert.False(await Take(world, two));
        Assert.True(await Take(world, New(world), "another conversation"));

        world.Clock.Advance(Lease.Life - TimeSpan.FromSeconds(1));
        Assert.True(await world.Write(t => world.Turns.Renew(t, "c", one, world.Now)));
        world.Clock.Advance(Lease.Life - TimeSpan.FromSeconds(1));
        Assert.False(await Take(world, two));
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await Take(world, two));

        Assert.False(await world.Write(t => world.Turns.Renew(t, "c", one, world.Now)));
        await world.Write(t => world.Turns.Release(t, "c", one.Holder));
        Assert.False(await Take(world, three));
        await world.Write(t => world.Turns.Release(t, "c", two.Holder));
        Assert.True(await Take(world, three));
    }

    [Fact]
    public async Task What_the_channel_refused_to_take_before_a_time_is_not_tried_before_by_anybody()
    {
        await using var world = await StoreWorld.Open();
        await world.Write(t => world.Turns.Count(t, "c", world.Now));
        await world.Write(t => world.Turns.Hold(t, "c", world.Now.AddSeconds(40), world.Now));
        await world.Write(t => world.Turns.Hold(t, "c", world.Now.AddSeconds(2), world.Now));

        Assert.Equal(TimeSpan.FromSeconds(40), await world.Write(t => world.Turns.Count(t, "c", world.Now)));
        Assert.False(await Take(world, New(world)));
        world.Clock.Advance(TimeSpan.FromSeconds(40));
        Assert.True(await Take(world, New(world)));
    }

    [Fact]
    public async Task A_clock_set_back_silences_nobody()
    {
        await using var world = await StoreWorld.Open();
        world.Clock.Advance(TimeSpan.FromMinutes(5));
        await Send(world, 5);
        await Take(world, New(world));
        world.Clock.ShiftWall(TimeSpan.FromMinutes(-4));

        Assert.True(await Take(world, New(world)));
    }

    [Fact]
    public async Task A_lease_is_taken_once_and_whoever_slept_through_it_finds_it_gone()
    {
        await using var world = await StoreWorld.Open();
        var (one, two) = (new Lease("run/r1", world.Clock), new Lease("run/r1", world.Clock));
        Assert.True(await world.Write(t => world.Leases.Take(t, one, world.Now)));
        Assert.False(await world.Write(t => world.Leases.Take(t, two, world.Now)));
        Assert.Equal(["run/r1"], await world.Read(t => world.Leases.Held(t, world.Now)));

        world.Clock.Advance(Lease.Life);
        Assert.False(one.IsFresh);
        Assert.Empty(await world.Read(t => world.Leases.Held(t, world.Now)));
        Assert.True(await world.Write(t => world.Leases.Take(t, two, world.Now)));
        Assert.False(await world.Write(t => world.Leases.Renew(t, one)));
        await world.Write(t => world.Leases.Release(t, one));
        Assert.Equal(["run/r1"], await world.Read(t => world.Leases.Held(t, world.Now)));
        await world.Write(t => world.Leases.Void(t));
        Assert.True(await world.Write(t => world.Leases.Take(t, one, world.Now)));
    }

    private static Lease New(StoreWorld world) => new("turn/c", world.Clock);

    private static Task<bool> Take(StoreWorld world, Lease lease, string conversation = "c") => world.Write(t => world.Turns.Take(t, conversation, lease, world.Now));

    private static async Task<List<DateTimeOffset>> Send(StoreWorld world, int count)
    {
        List<DateTimeOffset> sent = [];
        while (sent.Count < count)
        {
            if (await world.Write(t => world.Turns.Count(t, "c", world.Now)) is var wait && wait > TimeSpan.Zero)
            {
                world.Clock.Advance(wait);
                continue;
            }

            sent.Add(world.Now);
        }

        return sent;
    }

    private static int Most(List<DateTimeOffset> sent, TimeSpan window) => sent.Max(at => sent.Count(other => other >= at && other < at + window));
}
