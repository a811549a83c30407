using Quartz;
using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>
/// Notices that the wall clock was set: it and the monotonic clock then disagree about how long a moment was. Ahead, what is due falls due, which
/// is safe. Back, whatever waits for a time that was near, the ticks of the scheduler first of all, would wait for as long as the clock was set
/// back; so it is pulled along. Deadlines of decisions stay where they are: they were told to people.
/// </summary>
internal sealed partial class ClockWatch(RunTables tables, IWriteBacks backs, ISchedulerFactory schedulers, TimeProvider clock, ILogger<ClockWatch> log) : BackgroundService
{
    /// <summary>Less is what a clock that is kept right does all day.</summary>
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(1);
    private const int All = 10_000;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // On the monotonic clock, because the scheduler's own ticks are what a clock set back takes away.
        using var timer = new PeriodicTimer(Every, clock);
        var (wall, steady) = (clock.GetUtcNow(), clock.GetTimestamp());
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                var (now, mark) = (clock.GetUtcNow(), clock.GetTimestamp());
                var jump = now - wall - clock.GetElapsedTime(steady, mark);
                if (jump.Duration() < Tolerated || await Note(jump, now, stoppingToken))
                {
                    (wall, steady) = (now, mark);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The bot stops.
        }
    }

    /// <returns>False when it could not be carried out, and is tried again at the next tick.</returns>
    private async Task<bool> Note(TimeSpan jump, DateTimeOffset now, CancellationToken cancellation)
    {
        var back = jump < TimeSpan.Zero;
        var words = $"{(back ? "back" : "ahead")} by {jump.Duration():c}";
        WasSet(log, words);
        try
        {
            if (back)
            {
                await RetimeTicks(now, cancellation);
            }

            await tables.Ledger.Write(DurableStep.ClockChanged,
                async t =>
                {
                    await t.Append(AuditEntry.OfBot(now, AuditKind.ClockChanged, "agent/clock", detail: $"The clock of this machine was set {words}, or the machine slept."));
                    if (back)
                    {
                        await PullAlong(t, jump, now);
                    }
                },
                cancellation);
            return true;
        }
        catch (Exception e) when (e is StoreUnavailableException or SchedulerException)
        {
            return false;
        }
    }

    private async Task RetimeTicks(DateTimeOffset now, CancellationToken cancellation)
    {
        var scheduler = await schedulers.GetScheduler(cancellation);
        foreach (var key in await scheduler.GetTriggerKeys(GroupMatcher<TriggerKey>.AnyGroup(), cancellation))
        {
            if (await scheduler.GetTrigger(key, cancellation) is { } trigger)
            {
                await scheduler.RescheduleJob(key, trigger.GetTriggerBuilder().StartAt(now).Build(), cancellation);
            }
        }
    }

    private async Task PullAlong(ITransaction transaction, TimeSpan jump, DateTimeOffset now)
    {
        await tables.Outbox.PullAlong(transaction, jump, now);
        await tables.Proposals.PullPolls(transaction, jump, now);
        await backs.PullAlong(transaction, jump, now);
        foreach (var run in (await tables.Runs.InState(transaction, RunState.Queued, DateTimeOffset.MaxValue, All)).Where(r => r.DueAt > now))
        {
            await tables.Runs.Move(transaction, run, run with { DueAt = now });
        }

        foreach (var gated in await tables.Proposals.Watched(transaction, DateTimeOffset.MaxValue, All))
        {
            if (gated.Proposal.Verification is { State: VerificationState.Watching } watch && watch.DueAt > now)
            {
                var moved = watch with { NotBefore = watch.NotBefore + jump, DueAt = watch.DueAt + jump, GiveUpAt = watch.GiveUpAt + jump };
                await tables.Proposals.Move(transaction, gated, gated with { Proposal = gated.Proposal with { Verification = moved } });
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "The clock of this machine was set {words}, or the machine slept")]
    private static partial void WasSet(ILogger log, string words);
}
