using System.Collections.Concurrent;
using RunModes.Bot.Audit;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>
/// The list of durable steps, each taken as the place where the process is killed: before its transaction and after its commit. Whoever was
/// not answered tries again, another process goes on, and the story must end as if nothing had happened, or say that nobody knows.
/// </summary>
[Collection(Collection)]
public class CrashAnywhereTests
{
    /// <summary>After all other tests, and on one store after the other: so many processes would leave the processors to nobody else.</summary>
    public const string Collection = "Crash anywhere";

    /// <summary>Most of a story is waiting: for leases, for samples, for whoever must be known to be gone.</summary>
    private const int AtOnce = 5;

    [Fact]
    [FailureMode(16)]
    [FailureMode(17)]
    public async Task Killed_before_or_after_any_durable_step_nothing_is_lost_and_nothing_is_done_twice()
    {
        var crashes = await Kill(CrashFlows.Reached.Keys.Where(Chosen));
        var failures = crashes.Where(c => c.Problem is not null).Select(c => $"{c.Point}: {c.Problem}").ToList();
        Assert.True(failures.Count == 0, $"{failures.Count} of {crashes.Count} kills:\n{string.Join('\n', failures)}");
    }

    [Fact]
    public void Every_durable_step_is_killed_at_or_has_a_reason_not_to_be() => Assert.Equal(
        Enum.GetValues<DurableStep>().Order(), CrashFlows.Reached.Keys.Concat(CrashByTheClockTests.Reached.Keys).Concat(CrashFlows.NotKilledAt.Keys).Order());

    /// <summary>One at a time, for whoever looks for a fault: RUNMODES_STEP=Claimed.</summary>
    private static bool Chosen(DurableStep step) => Environment.GetEnvironmentVariable("RUNMODES_STEP") is not { } one || step.ToString() == one;

    /// <returns>Two for each step: killed before it, and after its commit.</returns>
    private static async Task<IReadOnlyList<Crash>> Kill(IEnumerable<DurableStep> steps)
    {
        var points = steps.Where(step => CrashFlows.IsReached(step, StoreOfTest.IsPostgreSql)).Order().SelectMany(step => (CrashPoint[])[new(step.ToString(), CrashWhen.Before), new(step.ToString(), CrashWhen.After)]);
        var crashes = new ConcurrentBag<Crash>();
        await Parallel.ForEachAsync(points, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = BotClient.Cancellation }, async (point, _) =>
        {
            await using var home = await Home.New();
            crashes.Add(await CrashFlows.Run(point, home));
        });
        return [.. crashes.OrderBy(c => $"{c.Point}", StringComparer.Ordinal)];
    }
}

[CollectionDefinition(CrashAnywhereTests.Collection, DisableParallelization = true)]
public sealed class CrashAnywhereAlone;

/// <summary>With another replica running, which takes over.</summary>
public sealed class CrashAnywhereOnPostgreSql : CrashAnywhereTests;
