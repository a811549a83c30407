using RunModes.Bot.Audit;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>At each beat: what an ended stop has left to look at again, and confirmations whose time is up. Rows say what that is, so a restart loses nothing.</summary>
internal sealed partial class Sweep(EmergencyStop stop, ConfirmationExpiry expiry, Pulse pulse, ILogger<Sweep> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var troubled = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var beat = pulse.Next;
            try
            {
                await stop.GateAgain(stoppingToken);
                await expiry.Sweep(stoppingToken);
                troubled = false;
            }
            catch (StoreUnavailableException) when (troubled)
            {
                // Said once.
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Entry point of a background task: it is logged, and tried again at the next beat.
            catch (Exception e)
#pragma warning restore CA1031
            {
                troubled = e is StoreUnavailableException;
                Failed(log, e);
            }

            await beat.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Error, "Looking for what is over failed; trying again")]
    private static partial void Failed(ILogger log, Exception e);
}
