using RunModes.Bot.Audit;
using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>
/// At start, before anything else runs. On SQLite the lock file proves that the process which left these rows is gone: what it was reading is
/// read again, what it was executing is never tried again. Nobody knows whether the request arrived, and only people may decide what to do.
/// </summary>
internal sealed class RunRecovery(RunTables tables, ProposalSteps steps, ExecutionProbe probe, TimeProvider clock)
{
    private const int All = 10_000;

    public async Task Recover(CancellationToken cancellation)
    {
        await tables.Ledger.Write(
            async t =>
            {
                foreach (var run in await tables.Runs.InState(t, RunState.Investigating, DateTimeOffset.MaxValue, All))
                {
                    await tables.Runs.Move(t, run, run with { State = RunLifecycle.Next(run.State, RunEvent.Lost)!.Value.To, DueAt = clock.GetUtcNow() });
                }

                foreach (var lost in await tables.Proposals.InStatus(t, [ProposalStatus.Executing], All))
                {
                    await Lost(t, lost);
                }
            },
            cancellation);
    }

    /// <summary>What Azure accepted and is asked after goes on being asked after, by whoever is there.</summary>
    public async Task Lost(ITransaction transaction, GatedProposal executing)
    {
        if (executing.Proposal.NextPoll is not null)
        {
            return;
        }

        if (await steps.Take(transaction, executing, ProposalEvent.WorkerLost, "The bot was stopped between sending the request and recording the answer.") is not null)
        {
            await transaction.Append(AuditEntry.OfBot(
                clock.GetUtcNow(), AuditKind.ExecutionStep, executing.Proposal.Subject, detail: $"The worker of claim {executing.Proposal.Execution?.Claim} ended before a result was recorded."));
        }
    }

    /// <summary>Evidence for the people who decide: what Azure's activity log says. It changes no state.</summary>
    public async Task ShowEvidence(GatedProposal gated, CancellationToken cancellation)
    {
        if (gated.Proposal.Execution is not { Probe: null } execution)
        {
            return;
        }

        var seen = await probe.Look(gated.Proposal.Operation, execution.StartedAt, cancellation);
        await tables.Ledger.Write(
            async t =>
            {
                if (await tables.Proposals.Find(t, gated.Proposal.Id) is not { Status: ProposalStatus.Indeterminate, Proposal.Execution: { Probe: null } now } before)
                {
                    return;
                }

                var after = before with { Proposal = before.Proposal with { Execution = now with { Probe = seen } } };
                if (await tables.Proposals.Move(t, before, after))
                {
                    await t.Append(AuditEntry.OfBot(clock.GetUtcNow(), AuditKind.ExecutionStep, after.Proposal.Subject, detail: $"Probe: {seen}"));
                    await steps.Show(t, after, clock.GetUtcNow());
                }
            },
            cancellation);
    }
}
