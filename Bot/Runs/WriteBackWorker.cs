using RunModes.Bot.Audit;

namespace RunModes.Bot.Runs;

/// <summary>Looks at each beat for what sources are owed. Apart from <see cref="RunWorker"/>: a source that is slow or away holds up no run.</summary>
internal sealed partial class WriteBackWorker(WriteBacks backs, ClockSkew skew, Pulse pulse, ILogger<WriteBackWorker> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (backs.IsOn && !stoppingToken.IsCancellationRequested)
        {
            var beat = pulse.Next;
            try
            {
                if (!skew.IsTooGreat)
                {
                    await backs.PlanAcknowledgements(stoppingToken);
                    await Task.WhenAll((await backs.Due(stoppingToken)).Select(alert => InOrder(alert, stoppingToken)));
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Entry point of the loop: a store that is down, or a row somebody altered, must not end it. The rows say where to go on.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Trouble(log, e);
            }

            await beat.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task InOrder(IReadOnlyList<WriteBack> ofOneAlert, CancellationToken cancellation)
    {
        foreach (var row in ofOneAlert)
        {
            await backs.Do(row, cancellation);
        }
    }

    [LoggerMessage(LogLevel.Error, "What sources are owed could not be looked through; trying again")]
    private static partial void Trouble(ILogger log, Exception e);
}
