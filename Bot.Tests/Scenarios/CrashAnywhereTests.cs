using System.Collections.Concurrent;
using RunModes.Bot.Audit;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>
/// The list of durable steps, each taken as the place where the process is killed: before its transaction and after its commit. Whoever was
/// not answered tries again, another process goes on, and the story must end as if nothing had happened, or say that nobody knows.
/// </summary>
public class CrashAnywhereTests
{
    private const int AtOnce = 4;

    [Fact]
    public async Task Killed_before_or_after_any_durable_step_nothing_is_lost_and_nothing_is_done_twice()
    {
        var failures = await Kill(CrashFlows.Reached.Keys.Where(Chosen));
        Assert.True(failures.Count == 0, $"{failures.Count} kills:\n{string.Join('\n', failures)}");
    }

    [Fact]
    public void Every_durable_step_is_killed_at_or_has_a_reason_not_to_be() => Assert.Equal(
        Enum.GetValues<DurableStep>().Order(), CrashFlows.Reached.Keys.Concat(CrashFlows.NotKilledAt.Keys).Order());

    /// <summary>One at a time, for whoever looks for a fault: RUNMODES_STEP=Claimed.</summary>
    private protected virtual bool Chosen(DurableStep step) => Environment.GetEnvironmentVariable("RUNMODES_STEP") is not { } one || step.ToString() == one;

    /// <returns>A line for each kill after which something was lost, or done twice, or did not end.</returns>
    internal static async Task<IReadOnlyList<string>> Kill(IEnumerable<DurableStep> steps)
    {
        var points = steps.Order().SelectMany(step => (CrashPoint[])[new(step.ToString(), CrashWhen.Before), new(step.ToString(), CrashWhen.After)]);
        var failures = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(points, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = BotClient.Cancellation }, async (point, _) =>
        {
            try
            {
                await using var home = await Home.New();
                await CrashFlows.Run(point, home);
            }
            catch (Exception e)
            {
                failures.Add($"{point}: {e.Message}");
            }
        });
        return [.. failures.Order(StringComparer.Ordinal)];
    }
}

/// <summary>With another replica running, which takes over: the steps that a decision and its execution come by.</summary>
public sealed class CrashAnywhereOnPostgreSql : CrashAnywhereTests
{
    private static readonly DurableStep[] OfADecision =
    [
        DurableStep.AlertTakenIn, DurableStep.InvestigationStarted, DurableStep.Proposed, DurableStep.SendingStarted, DurableStep.MessageRecorded,
        DurableStep.Decided, DurableStep.Claimed, DurableStep.ResultRecorded, DurableStep.Verified, DurableStep.RunSettled, DurableStep.PollTaken,
    ];

    private protected override bool Chosen(DurableStep step) => base.Chosen(step) && OfADecision.Contains(step);
}
