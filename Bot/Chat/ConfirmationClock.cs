using RunModes.Bot.Audit;

namespace RunModes.Bot.Chat;

/// <summary>Looks at each beat for confirmations that ran out.</summary>
internal sealed partial class ConfirmationClock(ConfirmationExpiry expiry, Pulse pulse, ILogger<ConfirmationClock> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var beat = pulse.Next;
            try
            {
                await expiry.Sweep(stoppingToken);
            }
            catch (StoreUnavailableException e)
            {
                StoreTrouble(log, e);
            }

            await beat.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Error, "Confirmations could not be looked at; trying again")]
    private static partial void StoreTrouble(ILogger log, Exception e);
}
