using RunModes.Bot.Gate;
using RunModes.Bot.Investigation;
using RunModes.Bot.Proposals;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Runs;

/// <param name="Event">The step the proposal takes instead of being executed.</param>
internal sealed record Obstacle(ProposalEvent Event, string Why, Verdict? Verdict = null);

/// <summary>
/// Everything that made an operation right is looked at again before it is sent: the approver's role, the whole gate, the plan, and whether
/// the symptom is still there. The stricter answer wins.
/// </summary>
internal sealed class ExecutionChecks(RunTables tables, FactCollector facts, RoleLookup roles, MetricReader metrics, TimeProvider clock)
{
    private static readonly TimeSpan FreshFinding = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(10);
    private const int LatestSamples = 5;

    /// <returns>Null when nothing stands in the way.</returns>
    public async Task<Obstacle?> Look(GatedProposal gated, bool claimed, CancellationToken cancellation)
    {
        var (run, plan) = await tables.Ledger.Read(
            async t => (await tables.Runs.Find(t, gated.Proposal.Run), gated.Proposal.Plan is { } name ? await tables.Plans.Find(t, name.ToLowerInvariant()) : null),
            cancellation);
        if (run is null || (gated.Proposal.Plan is not null && plan is not { Enabled: true }))
        {
            return new(ProposalEvent.PlanOrTargetGone, $"The plan {gated.Proposal.Plan} is paused or was deleted.");
        }

        var role = Approver(gated, cancellation);
        var collected = facts.Collect(new(gated.Proposal.Operation, gated.Proposal.Provenance, run, gated.Proposal.Finding, gated.Proposal, claimed), cancellation);
        var symptom = claimed ? Task.FromResult<Obstacle?>(null) : Symptom(gated, cancellation);
        await Task.WhenAll(role, collected, symptom);
        return await role ?? OfGate(gated, await collected) ?? await symptom;
    }

    private async Task<Obstacle?> Approver(GatedProposal gated, CancellationToken cancellation)
    {
        if (gated.Proposal.Decision is not { By: var by })
        {
            return null;
        }

        var answer = await roles.Look(new Person(by.TenantId, by.ObjectId, by.Name), cancellation);
        return answer switch
        {
            { IsAdministrator: true } => null,
            { CouldTell: false } => new(ProposalEvent.FactsCannotBeTold, $"Whether {by.Name} is still an Administrator could not be told. {answer.Why}"),
            _ => new(ProposalEvent.ApproverNoLongerAdministrator, $"{by.Name} approved it but is no longer an Administrator."),
        };
    }

    private static Obstacle? OfGate(GatedProposal gated, Facts known)
    {
        var verdict = known.Verdict;
        var why = string.Join(" ", verdict.Reasons);
        var asked = gated.Proposal.Decision is not null;
        return verdict.Kind switch
        {
            VerdictKind.Proceed => null,
            VerdictKind.AskFirst when asked => null,
            VerdictKind.AskFirst when known.Gate.Mode.Mode == RunMode.Review => new(ProposalEvent.PlanTightened, why, verdict),
            VerdictKind.AskFirst => new(ProposalEvent.GateAsks, why, verdict),
            VerdictKind.Blocked when asked && known.CouldNotTell && known.Gate.Stop.State == StopState.Running => new(ProposalEvent.FactsCannotBeTold, why),
            VerdictKind.Blocked => new(ProposalEvent.GateBlocks, why, verdict),
            _ => new(ProposalEvent.GateRefuses, why, verdict),
        };
    }

    /// <returns>Null while the symptom is there, or was measured a moment ago.</returns>
    public async Task<Obstacle?> Symptom(GatedProposal gated, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (gated.Proposal.Recovery is not { } signal || now - gated.Proposal.Finding.At < FreshFinding)
        {
            return null;
        }

        var reading = await metrics.Samples(signal.Resource, signal.Metric, signal.Aggregation, now - Recent, now, cancellation);
        return reading.Match(
            read =>
            {
                var latest = read.Points.TakeLast(LatestSamples).Select(s => s.Value).Order().ToList();
                var median = latest[latest.Count / 2];
                return signal.IsNormal(median)
                    ? new Obstacle(ProposalEvent.RecoveredByItself, $"It recovered by itself: {signal.Label.ToLowerInvariant()} is {median:0.#} {signal.Unit} now.")
                    : null;
            },
            unread => gated.Proposal.Decision is null
                ? new(ProposalEvent.GateAsks, $"Whether the symptom is still there could not be measured: {unread.Why}.")
                : new(ProposalEvent.FactsCannotBeTold, $"Whether the symptom is still there could not be measured: {unread.Why}."));
    }
}
