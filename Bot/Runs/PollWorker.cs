using RunModes.Bot.Audit;

namespace RunModes.Bot.Runs;

/// <summary>
/// Looks at each beat for operations that are due to be asked after. Apart from <see cref="RunWorker"/>, so that Azure being slow to tell how one
/// operation fares keeps nobody from starting or deciding another.
/// </summary>
internal sealed partial class PollWorker(RunTables tables, Polls polls, Pulse pulse, TimeProvider clock, ILogger<PollWorker> log) : BackgroundService
{
    private const int Most = 16;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var beat = pulse.Next;
            try
            {
                var due = await tables.Ledger.Read(t => tables.Proposals.ToPoll(t, clock.GetUtcNow(), Most), stoppingToken);
                await Task.WhenAll(due.Select(d => polls.Look(d, stoppingToken)));
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

    [LoggerMessage(LogLevel.Error, "Operations that Azure works on could not be asked after; trying again")]
    private static partial void Trouble(ILogger log, Exception e);
}
