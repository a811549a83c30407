using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>What a recovery signal says: the minutes of a metric, or one look at a state.</summary>
internal sealed class SignalReader(MetricReader metrics, PreconditionProbe states, TimeProvider clock)
{
    public async Task<MetricReading> Samples(RecoverySignal signal, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        if (signal.Normal is not { } normal)
        {
            return await metrics.Samples(signal.Resource, signal.Metric, signal.Aggregation, from, to, cancellation);
        }

        // What is read now was so at the latest when it was asked for.
        var asked = clock.GetUtcNow();
        return await states.Read(normal, cancellation) is { } state
            ? new MetricReading.Samples([new(asked, state.Equals(normal.Value, StringComparison.OrdinalIgnoreCase) ? 1 : 0)])
            : new MetricReading.CouldNotTell($"the {normal.Label} of '{signal.Resource.Name}' could not be read");
    }
}
