using RunModes.Bot.Reporting;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Reporting;

public sealed class PacingTests : IDisposable
{
    private readonly ManualClock clock = new();
    private readonly List<TimeSpan> sent = [];

    public void Dispose() => clock.Dispose();

    [Fact, FailureMode(25)]
    public async Task A_burst_keeps_below_five_a_second_and_fifty_five_in_half_a_minute()
    {
        var pacing = new Pacing(clock);
        clock.Advance(TimeSpan.FromSeconds(30));

        await Send(pacing, 200);

        Assert.True(Most(TimeSpan.FromSeconds(1)) == 5 && Most(TimeSpan.FromSeconds(30)) == 55, $"{Most(TimeSpan.FromSeconds(1))}, {Most(TimeSpan.FromSeconds(30))}");
    }

    [Fact]
    public async Task An_hour_holds_seventeen_hundred()
    {
        var pacing = new Pacing(clock);
        clock.Advance(TimeSpan.FromSeconds(30));

        await Send(pacing, 2000);

        Assert.Equal(1700, Most(TimeSpan.FromHours(1)));
    }

    [Fact]
    public async Task The_first_half_minute_runs_at_half_pace()
    {
        await Send(new Pacing(clock), 60);

        var first = sent.Where(at => at < TimeSpan.FromSeconds(30)).ToList();
        Assert.Equal(27, first.Count);
        Assert.True(first.Max(at => first.Count(other => other >= at && other < at + TimeSpan.FromSeconds(1))) <= 2);
        Assert.True(sent[^1] <= TimeSpan.FromSeconds(45), $"sixty took {sent[^1]}");
    }

    [Fact]
    public async Task One_conversation_does_not_wait_for_another()
    {
        var pacing = new Pacing(clock);
        await Send(pacing, 2);

        Assert.True(pacing.Turn("another", TestContext.Current.CancellationToken).IsCompletedSuccessfully);
        Assert.False(pacing.Turn("channel", TestContext.Current.CancellationToken).IsCompleted);
    }

    [Fact]
    public async Task A_clock_set_back_silences_nobody_for_longer_than_its_window()
    {
        var pacing = new Pacing(clock);
        clock.Advance(TimeSpan.FromMinutes(5));
        await Send(pacing, 5);
        clock.ShiftWall(TimeSpan.FromMinutes(-4));

        var turn = pacing.Turn("channel", TestContext.Current.CancellationToken);
        clock.Advance(TimeSpan.FromSeconds(1));

        await turn.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Two_who_want_the_same_turn_do_not_both_get_it()
    {
        var pacing = new Pacing(clock);
        await Send(pacing, 2);
        Task[] both = [pacing.Turn("channel", TestContext.Current.CancellationToken), pacing.Turn("channel", TestContext.Current.CancellationToken), pacing.Turn("channel", TestContext.Current.CancellationToken)];

        await Eventually(() => clock.ActiveTimers == 3);
        clock.Advance(TimeSpan.FromSeconds(1));
        await Eventually(() => both.Count(t => t.IsCompleted) == 2 && clock.ActiveTimers == 1);

        clock.Advance(TimeSpan.FromSeconds(1));
        await Task.WhenAll(both).WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
    }

    private async Task Send(Pacing pacing, int count)
    {
        for (var i = 0; i < count; i++)
        {
            var turn = pacing.Turn("channel", TestContext.Current.CancellationToken);
            while (!turn.IsCompleted)
            {
                if (clock.ActiveTimers > 0)
                {
                    clock.Advance(TimeSpan.FromMilliseconds(100));
                }

                await Task.Yield();
            }

            sent.Add(clock.GetUtcNow() - ManualClock.Start);
        }
    }

    private int Most(TimeSpan window) => sent.Max(at => sent.Count(other => other >= at && other < at + window));

    private static async Task Eventually(Func<bool> condition)
    {
        var deadline = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(deadline) < TimeSpan.FromSeconds(20), "It did not come to that.");
            await Task.Yield();
        }
    }
}
