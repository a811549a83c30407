using System.Collections.Concurrent;
using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>
/// Looks at each beat for rows that are due and takes each a step on. It holds no state of its own that matters: every step is a guarded
/// write, what takes longer is done under a lease, and what is in flight here is remembered only so as not to start it twice.
/// </summary>
internal sealed partial class RunWorker(RunTables tables, RunActivities activities, Pulse pulse, TimeProvider clock, ILogger<RunWorker> log) : BackgroundService
{
    private const int Most = 100;
    private const int AtOnce = 8;
    private static readonly TimeSpan TryAgainAfter = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> _inFlight = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> _notBefore = new();
    private readonly ConcurrentDictionary<Task, byte> _activities = new();
    private readonly ConcurrentDictionary<string, byte> _told = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var troubled = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            var beat = pulse.Next;
            try
            {
                await Pass(stoppingToken);
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
#pragma warning disable CA1031 // Entry point of the loop: a store that is down, or a row somebody altered, must not end the bot. Nothing proceeds meanwhile.
            catch (Exception e)
#pragma warning restore CA1031
            {
                troubled = e is StoreUnavailableException;
                StoreTrouble(log, e);
            }

            await beat.WaitAsync(stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>What was sent to Azure is recorded before the host closes the store.</summary>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await Task.WhenAll(_activities.Keys).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Pass(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var due = await tables.Ledger.Read(
            async t => (
                Overdue: await tables.Proposals.Overdue(t, now, Most),
                Queued: await tables.Runs.InState(t, RunState.Queued, now, Most),
                Settled: await tables.Runs.ToSettle(t, Most * 10),
                Ready: await tables.Proposals.InStatus(t, [ProposalStatus.Approved, ProposalStatus.Cleared], Most),
                Investigating: await tables.Runs.InState(t, RunState.Investigating, DateTimeOffset.MaxValue, Most),
                Executing: await tables.Proposals.InStatus(t, [ProposalStatus.Executing], Most),
                Resolved: await tables.Proposals.ToRemeasure(t, Most),
                Unknown: await tables.Proposals.InStatus(t, [ProposalStatus.Indeterminate], Most),
                Watched: await tables.Proposals.Watched(t, now, Most),
                // Last: what was taken before it was looked for above is held here, or has moved on.
                Held: await tables.Leases.Held(t, now)),
            cancellation);
        void Take(string key, Func<CancellationToken, Task<bool>> activity)
        {
            if (!due.Held.Contains(key))
            {
                Begin(key, activity, cancellation);
            }
        }

        bool IsNobodys(string key) => !due.Held.Contains(key) && !_inFlight.ContainsKey(key);

        foreach (var run in due.Investigating.Where(r => IsNobodys($"investigate/{r.Id}")))
        {
            await activities.Flow.Requeue(run, cancellation);
        }

        foreach (var proposal in due.Executing.Where(p => IsNobodys($"execute/{p.Proposal.Id}") && activities.Recovery.IsLost(p.Proposal)))
        {
            await Try($"lost/{proposal.Proposal.Id}", () => tables.Ledger.Write(DurableStep.WorkerLost, t => activities.Recovery.Lost(t, proposal), cancellation));
        }

        foreach (var proposal in due.Resolved)
        {
            Take($"remeasure/{proposal.Proposal.Id}", c => Always(activities.Watch.Remeasure(proposal, c)));
        }

        foreach (var proposal in due.Overdue)
        {
            await Try($"expire/{proposal.Proposal.Id}", () => tables.Ledger.Write(DurableStep.Expired, t => Expire(t, proposal, now), cancellation));
        }

        foreach (var run in due.Settled)
        {
            if (activities.Hooks.LookAfterwards)
            {
                Take($"settle/{run.Id}", c => activities.Settle(run, c));
                continue;
            }

            await Try($"settle/{run.Id}", () => activities.Flow.Settle(run, cancellation));
        }

        foreach (var proposal in due.Ready.Except(due.Overdue))
        {
            Take($"execute/{proposal.Proposal.Id}", c => activities.Executions.Execute(proposal, c));
        }

        foreach (var proposal in due.Watched)
        {
            Take($"verify/{proposal.Proposal.Id}", c => Always(activities.Verifier.Check(proposal, c)));
        }

        foreach (var proposal in due.Unknown.Where(p => p.Proposal.Execution?.Probe is null))
        {
            Take($"probe/{proposal.Proposal.Id}", c => Always(activities.Recovery.ShowEvidence(proposal, c)));
        }

        foreach (var (key, work) in (await activities.Vigil.Due(cancellation)).Concat(await activities.Ticks.Due(cancellation)))
        {
            Take(key, c => Always(work(c)));
        }

        foreach (var run in due.Queued)
        {
            Take($"investigate/{run.Id}", c => Always(activities.Flow.Investigate(run, c)));
        }

        foreach (var (subject, why) in tables.Unreadable.Rows.Where(r => _told.TryAdd(r.Subject, 0)))
        {
            Unreadable(log, subject, why);
            await tables.Ledger.Write(DurableStep.TamperFound, t => Tell(t, subject, why, now), cancellation);
        }
    }

    private async Task Tell(ITransaction transaction, string subject, string why, DateTimeOffset now)
    {
        if (await tables.Leases.FoundUnreadable(transaction, subject, now))
        {
            await transaction.Append(AuditEntry.OfBot(now, AuditKind.TamperFound, subject, detail: $"The row in the store cannot be read ({why}). Nothing is done with it."));
        }
    }

    private async Task Expire(ITransaction transaction, GatedProposal overdue, DateTimeOffset now)
    {
        // Read again in the transaction: it may have been decided a moment ago.
        if (await tables.Proposals.Find(transaction, overdue.Proposal.Id) is { } proposal && proposal.Proposal.Version == overdue.Proposal.Version)
        {
            var why = proposal.Status == ProposalStatus.AwaitingApproval ? "" : $"It could not be started by {now:u}: {proposal.Proposal.StatusWhy}";
            await activities.Steps.Take(transaction, proposal, ProposalEvent.DeadlinePasses, why);
        }
    }

    /// <summary>What needs a moment. One row that fails holds up none of the others, and is not tried at every beat.</summary>
    private async Task Try(string key, Func<Task> step)
    {
        if (_notBefore.TryGetValue(key, out var notBefore) && clock.GetUtcNow() < notBefore)
        {
            return;
        }

        try
        {
            await step();
            _notBefore.TryRemove(key, out _);
        }
        catch (Exception e) when (e is not (OperationCanceledException or StoreUnavailableException))
        {
            _notBefore[key] = clock.GetUtcNow() + TryAgainAfter;
            Failed(log, key, e);
        }
    }

    private void Begin(string key, Func<CancellationToken, Task<bool>> activity, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (_inFlight.Count >= AtOnce || (_notBefore.TryGetValue(key, out var notBefore) && now < notBefore) || !_inFlight.TryAdd(key, now))
        {
            return;
        }

        var run = Run(key, activity, cancellation);
        _activities.TryAdd(run, 0);
        _ = run.ContinueWith(ended => _activities.TryRemove(ended, out _), TaskScheduler.Default);
    }

    private async Task Run(string key, Func<CancellationToken, Task<bool>> activity, CancellationToken cancellation)
    {
        try
        {
            var done = true;
            await tables.Under(new Lease(key, clock), clock, async c => done = await activity(c), cancellation);
            if (done)
            {
                _notBefore.TryRemove(key, out _);
            }
            else
            {
                _notBefore[key] = clock.GetUtcNow() + TryAgainAfter;
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The rows say where to go on.
        }
#pragma warning disable CA1031 // Entry point of a background task: it is logged, and tried again from its row.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _notBefore[key] = clock.GetUtcNow() + TryAgainAfter;
            Failed(log, key, e);
        }
        finally
        {
            _inFlight.TryRemove(key, out _);
            pulse.Beat();
        }
    }

    private static async Task<bool> Always(Task activity)
    {
        await activity;
        return true;
    }

    [LoggerMessage(LogLevel.Error, "{activity} failed; it is tried again")]
    private static partial void Failed(ILogger log, string activity, Exception e);

    [LoggerMessage(LogLevel.Critical, "{subject} in the store cannot be read: it was damaged, or altered by somebody else ({why})")]
    private static partial void Unreadable(ILogger log, string subject, string why);

    [LoggerMessage(LogLevel.Error, "What is due could not be read from the store; nothing proceeds until it can")]
    private static partial void StoreTrouble(ILogger log, Exception e);
}
