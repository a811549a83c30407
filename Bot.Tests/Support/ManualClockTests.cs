namespace RunModes.Bot.Tests.Support;

public sealed class ManualClockTests
{
    [Fact]
    public async Task Delays_end_when_the_clock_is_advanced_and_not_before()
    {
        using var clock = new ManualClock();
        var delay = Task.Delay(TimeSpan.FromMinutes(5), clock, TestContext.Current.CancellationToken);

        clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.False(delay.IsCompleted);

        clock.Advance(TimeSpan.FromTicks(1));
        await delay;
        Assert.Equal(ManualClock.Start + TimeSpan.FromMinutes(5), clock.GetUtcNow());
    }

    [Fact]
    public void Timers_fire_in_the_order_they_are_due_each_seeing_its_own_moment()
    {
        using var clock = new ManualClock();
        var seen = new List<string>();
        string Moment() => (clock.GetUtcNow() - ManualClock.Start).TotalSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        using var late = clock.CreateTimer(_ => seen.Add($"late {Moment()}"), null, TimeSpan.FromSeconds(9), Timeout.InfiniteTimeSpan);
        using var beat = clock.CreateTimer(_ => seen.Add($"beat {Moment()}"), null, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4));

        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(["beat 4", "beat 8", "late 9"], seen);
    }

    [Fact]
    public void Time_stamps_and_wall_clock_move_together_and_skew_moves_only_the_wall()
    {
        using var clock = new ManualClock();
        var stamp = clock.GetTimestamp();
        clock.Advance(TimeSpan.FromSeconds(30));
        clock.ShiftWall(TimeSpan.FromHours(-1));

        Assert.Equal(TimeSpan.FromSeconds(30), clock.GetElapsedTime(stamp));
        Assert.Equal(ManualClock.Start + TimeSpan.FromSeconds(30) - TimeSpan.FromHours(1), clock.GetUtcNow());
    }

    [Fact]
    public async Task A_running_clock_flows_by_itself_and_jumps_on_request()
    {
        using var clock = ManualClock.Running();
        await Task.Delay(TimeSpan.FromMilliseconds(5), clock, TestContext.Current.CancellationToken);
        var beats = 0;
        using var beat = clock.CreateTimer(_ => beats++, null, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(1));
        var hour = Task.Delay(TimeSpan.FromHours(1), clock, TestContext.Current.CancellationToken);

        clock.Advance(TimeSpan.FromHours(1));

        await hour;
        Assert.Equal(1, beats);
    }

    [Fact]
    public void A_disposed_timer_stays_silent()
    {
        using var clock = new ManualClock();
        var fired = false;
        clock.CreateTimer(_ => fired = true, null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan).Dispose();
        clock.Advance(TimeSpan.FromSeconds(2));
        Assert.False(fired);
        Assert.Equal(0, clock.ActiveTimers);
    }
}
