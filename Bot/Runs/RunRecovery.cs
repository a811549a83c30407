using RunModes.Bot.Audit;
using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Telemetry;

namespace RunModes.Bot.Runs;

/// <summary>
/// What the work of a process that is gone comes to: what it was reading is read again, what it was executing is never tried again. Nobody knows
/// whether the request arrived, and only people may decide what to do. At start on SQLite the lock file proves that whoever left these rows is
/// gone. Where replicas may be at work, only time does: see <see cref="IsLost"/>.
/// </summary>
internal sealed class RunRecovery(RunTables tables, ProposalSteps steps, ExecutionProbe probe, TimeProvider clock)
{
    private const int All = 10_000;

    /// <summary>By then a living worker has its answer: its permit is dead, its request has timed out, and the clocks may differ a little.</summary>
    private static TimeSpan LostAfter(Operation operation) => ExecutionPermit.Life + operation.Match(_ => ArmExecutor.Limit, tool => tool.Limit) + TimeSpan.FromSeconds(5);

    public async Task Recover(CancellationToken cancellation)
    {
        if (!tables.Ledger.IsExclusive)
        {
            return;
        }

        await tables.Ledger.Write(DurableStep.LeftoversRecovered,
            async t =>
            {
                await tables.Leases.Void(t);
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

    /// <summary>Of an execution that nobody holds and this process is not at.</summary>
    public bool IsLost(Proposal executing) => executing.NextPoll is null
        && (tables.Ledger.IsExclusive || executing.Execution is not { } execution || clock.GetUtcNow() - execution.StartedAt >= LostAfter(executing.Operation));

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
            Measures.Execution(nameof(Outcome.Unknown), executing.Proposal.IsAutonomous ? "Autonomous" : "Review");
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
        await tables.Ledger.Write(DurableStep.EvidenceShown,
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
