using RunModes.Bot.Audit;
using RunModes.Bot.Plans;
using RunModes.Bot.Runs;

namespace RunModes.Bot;

/// <summary>Runs to its end before anything listens or works: plans from settings, then what an earlier process, or an older store, left behind.</summary>
internal sealed partial class StartUp(PlanSeeding plans, RunRecovery recovery, StartUp.History history, ILedger ledger, TimeProvider clock) : IHostedService
{
    /// <summary>What tells that the store is not the one that was last worked on, and what is done about it.</summary>
    public sealed record History(AuditSealer Sealer, Restoration Restoration, ILogger<StartUp> Log);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await ledger.Write(t => t.Append(AuditEntry.OfBot(clock.GetUtcNow(), AuditKind.Started, "bot", after: typeof(StartUp).Assembly.GetName().Version?.ToString())), cancellationToken);
        if (await history.Sealer.Contradiction(cancellationToken) is { } contradiction)
        {
            await Restored(contradiction, cancellationToken);
        }

        await plans.Seed(cancellationToken);
        await recovery.Recover(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task Restored(string contradiction, CancellationToken cancellation)
    {
        var (asking, unknown) = await ledger.Write(
            async t =>
            {
                await t.Append(AuditEntry.OfBot(clock.GetUtcNow(), AuditKind.StoreChanged, "store/restored", detail: contradiction));
                return await history.Restoration.Apply(t, "The store was put back to an earlier state: what was decided before asks again.");
            },
            cancellation);
        OlderStore(history.Log, contradiction, asking, unknown);
        try
        {
            // Anchored at once: the next start finds one history again.
            await history.Sealer.Pass(cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The sealing job says so, and tries again.
        }
    }

    [LoggerMessage(LogLevel.Critical, "{Contradiction} The generation was raised; {Asking} proposals ask again and {Unknown} executions are Indeterminate")]
    private static partial void OlderStore(ILogger log, string contradiction, int asking, int unknown);
}
