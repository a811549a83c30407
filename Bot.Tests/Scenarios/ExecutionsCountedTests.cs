using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using RunModes.Bot.Telemetry;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

public sealed class ExecutionsCountedTests
{
    /// <summary>Flows into the workers of the bot that this test starts, and into no other's of the process.</summary>
    private static readonly AsyncLocal<ConcurrentQueue<string>?> Mine = new();

    [Fact]
    public async Task An_execution_that_is_first_unknown_and_later_known_is_counted_once()
    {
        var counted = Mine.Value = new();
        using var listener = new MeterListener { InstrumentPublished = (instrument, l) =>
        {
            if (instrument.Meter.Name == Traces.Name && instrument.Name.StartsWith("runmodes.executions", StringComparison.Ordinal))
            {
                l.EnableMeasurementEvents(instrument);
            }
        } };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Mine.Value?.Enqueue($"{instrument.Name} {value} {string.Join(' ', tags.ToArray().Select(t => t.Value))}"));
        listener.Start();

        await using var asking = await Asking.Start(cloud => cloud.Arm.LongRunning.Plan = new(UnderWay.AsyncOperation202, Looks: LongRunningPlan.ForEver));
        await asking.Bot.Approve(asking.Card, People.Ada);
        await asking.Bot.WaitForCard("Executing", m => m.Reads.Contains("InProgress", StringComparison.Ordinal));
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(11));
        await asking.Bot.WaitForCard("Indeterminate");
        Assert.Equal(["runmodes.executions 1 Unknown Review"], counted);

        asking.Cloud.Arm.LongRunning.Release();
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(6));
        await asking.Bot.WaitForCard("Done, recovered");
        Assert.Equal(["runmodes.executions 1 Unknown Review", "runmodes.executions.late 1 Succeeded Review"], counted);
    }
}
