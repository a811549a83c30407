using System.Diagnostics;
using System.Globalization;
using RunModes.Bot.Gate;
using RunModes.Bot.Tests.Gate;

namespace RunModes.Bot.Benchmarks;

/// <summary>The gate: pure, so time and allocations of one call are all there is.</summary>
internal static class GateVerdict
{
    private const int Calls = 1_000_000;
    private const int Rounds = 7;

    public static IReadOnlyList<Figure> Measure()
    {
        var facts = AllFacts.Good;
        long kept = Judge(facts, Calls);
        var best = double.MaxValue;
        var bytes = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var began = Stopwatch.GetTimestamp();
            kept += Judge(facts, Calls);
            best = Math.Min(best, Stopwatch.GetElapsedTime(began).TotalNanoseconds / Calls);
            bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / Calls;
        }

        GC.KeepAlive(kept);
        return [new("gate verdict", string.Create(CultureInfo.InvariantCulture, $"{best:0} ns, {bytes} bytes"), "–", null, "≤ 1 µs", best <= 1000)];
    }

    private static long Judge(GateFacts facts, int times)
    {
        var proceeded = 0L;
        for (var i = 0; i < times; i++)
        {
            proceeded += ApprovalGate.Judge(facts).Kind == VerdictKind.Proceed ? 1 : 0;
        }

        return proceeded;
    }
}
