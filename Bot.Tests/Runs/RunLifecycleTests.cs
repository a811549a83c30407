using System.Globalization;
using RunModes.Bot.Runs;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Runs;

public sealed class RunLifecycleTests
{
    private static readonly IReadOnlyList<(RunState From, RunEvent Event, (RunState To, RunOutcome? Outcome)? Step)> Pairs =
        [.. Enum.GetValues<RunState>().SelectMany(from => Enum.GetValues<RunEvent>().Select(happened => (from, happened, RunLifecycle.Next(from, happened))))];

    [Fact]
    public async Task Every_pair_of_state_and_event_is_in_the_golden_file()
    {
        Assert.Equal(5 * 17, Pairs.Count);
        await Golden.MustEqual("Bot.Tests/Runs/Golden/lifecycle.txt",
        [
            string.Create(CultureInfo.InvariantCulture, $"{Pairs.Count} pairs, {Pairs.Count(p => p.Step is not null)} legal"),
            .. Pairs.Select(p => $"{p.From,-13} {p.Event,-19} {(p.Step is { } s ? $"{s.To}{(s.Outcome is { } outcome ? $": {outcome}" : "")}" : "illegal")}"),
        ]);
    }

    [Fact]
    public void An_ended_run_stays_ended_and_only_an_ended_run_has_an_outcome()
    {
        Assert.All(Pairs.Where(p => p.From == RunState.Ended), p => Assert.Null(p.Step));
        Assert.All(Pairs.Where(p => p.Step is not null), p => Assert.Equal(p.Step!.Value.To == RunState.Ended, p.Step.Value.Outcome is not null));
    }

    [Fact, FailureMode(14)]
    public void Only_a_measured_recovery_resolves_a_run() => Assert.Equal(
        [(RunState.Verifying, RunEvent.Recovered)], Pairs.Where(p => p.Step?.Outcome == RunOutcome.Resolved).Select(p => (p.From, p.Event)));

    [Fact]
    public void A_run_is_repeated_only_before_it_acted() => Assert.Equal(
        [(RunState.Investigating, RunEvent.Lost)], Pairs.Where(p => p.Step?.To == RunState.Queued).Select(p => (p.From, p.Event)));

    [Fact]
    public void Every_outcome_can_be_reached() =>
        Assert.Equal(Enum.GetValues<RunOutcome>(), Pairs.Select(p => p.Step?.Outcome).OfType<RunOutcome>().Distinct().Order());
}
