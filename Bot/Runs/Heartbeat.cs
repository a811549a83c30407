using RunModes.Bot.Audit;

namespace RunModes.Bot.Runs;

/// <summary>
/// Lets everybody in this process look for what is due; rows say what that is. Each process beats for itself, whatever others do: what only
/// one may do is claimed in the store, or is a job of the cluster's.
/// </summary>
internal sealed class Heartbeat(Pulse pulse, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                pulse.Beat();
            }
        }
        catch (OperationCanceledException)
        {
            // The host stops.
        }
    }
}
