using RunModes.Bot.Audit;

namespace RunModes.Bot.Storage;

/// <summary>A file has no clock but that of the only process that uses it.</summary>
internal sealed class OwnClock(TimeProvider clock) : IStoreClock
{
    public Task<DateTimeOffset> Now(ITransaction transaction) => Task.FromResult(clock.GetUtcNow());
}

internal sealed class ServerClock : IStoreClock
{
    public async Task<DateTimeOffset> Now(ITransaction transaction) =>
        (await transaction.Unit().One<long>("SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)")).Time();
}

/// <summary>Measures each minute, and more often while it is wrong.</summary>
internal sealed partial class ClockWatch(ILedger ledger, ClockSkew skew, TimeProvider clock, ILogger<ClockWatch> log) : BackgroundService
{
    private static readonly TimeSpan Usually = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan WhileWrong = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var wasWrong = skew.IsTooGreat;
            try
            {
                var agrees = await ledger.Read(skew.Agrees, stoppingToken);
                if (agrees && wasWrong)
                {
                    Right(log);
                }
                else if (!agrees && !wasWrong)
                {
                    Wrong(log, skew.Measured.TotalSeconds);
                }
            }
            catch (Exception e) when (e is StoreUnavailableException or OperationCanceledException)
            {
                // Nothing can be taken from a store that does not answer.
            }

            await Task.Delay(skew.IsTooGreat ? WhileWrong : Usually, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Error, "This machine's clock is {seconds} s from the database's: no work is taken and nothing is claimed until it is right again. Check its time synchronisation.")]
    private static partial void Wrong(ILogger log, double seconds);

    [LoggerMessage(LogLevel.Information, "This machine's clock agrees with the database's again")]
    private static partial void Right(ILogger log);
}
