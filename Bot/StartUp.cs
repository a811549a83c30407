using RunModes.Bot.Audit;
using RunModes.Bot.Plans;
using RunModes.Bot.Runs;

namespace RunModes.Bot;

/// <summary>
/// Runs to its end before anything listens or works: whether the store is still the one it was, plans and tasks from settings, then what an earlier
/// process left behind. It is the last to stop, too.
/// </summary>
internal sealed class StartUp(StoreHistory history, Seeding seeding, RunRecovery recovery, ILedger ledger, TimeProvider clock) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await history.Compare(cancellationToken);
        await ledger.Write(DurableStep.Started, t => t.Append(AuditEntry.OfBot(clock.GetUtcNow(), AuditKind.Started, "bot", after: typeof(StartUp).Assembly.GetName().Version?.ToString())), cancellationToken);
        await seeding.Plans.Seed(cancellationToken);
        await seeding.Tasks.Seed(cancellationToken);
        await recovery.Recover(cancellationToken);
    }

    public Task StopAsync(CancellationToken cancellationToken) => history.Close(cancellationToken);
}
