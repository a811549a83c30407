using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Runs;

/// <param name="Event">The step the proposal takes instead of being executed.</param>
/// <param name="Change">What the step writes besides: the facts that were told, and the operation as it depends on them now.</param>
internal sealed record Obstacle(ProposalEvent Event, string Why, Verdict? Verdict = null, Func<Proposal, Proposal>? Change = null);

/// <summary>
/// Everything that made an operation right is looked at again before it is sent: the approver's role, the whole gate, the plan, the target,
/// and whether the symptom is still there. The stricter answer wins.
/// </summary>
internal sealed class ExecutionChecks(RunTables tables, FactCollector facts, RoleLookup roles, TargetFacts target)
{
    /// <returns>Null when nothing stands in the way.</returns>
    public async Task<Obstacle?> Look(GatedProposal gated, bool claimed, CancellationToken cancellation)
    {
        var (run, mandate) = await tables.Ledger.Read(
            async t => (await tables.Runs.Find(t, gated.Proposal.Run), await tables.MandateOf(t, gated.Proposal)),
            cancellation);
        if (run is null || gated.Proposal.GoneFrom(mandate) is not null)
        {
            return new(ProposalEvent.PlanOrTargetGone, $"{gated.Proposal.GoneFrom(mandate) ?? "Its run is not known any more"}.");
        }

        var role = Approver(gated, cancellation);
        var collected = facts.Collect(new(gated.Proposal.Operation, gated.Proposal.Provenance, run, gated.Proposal.Finding, gated.Proposal, claimed), cancellation);
        var looked = target.Look(gated.Proposal, cancellation);
        await Task.WhenAll(role, collected, looked);
        var now = await looked;
        return now.Gone is { } gone
            ? new(ProposalEvent.PlanOrTargetGone, gone)
            : await role ?? OfGate(gated, await collected) ?? OfTarget(gated, now);
    }

    /// <summary>What the target says: changed, recovered, or not to be told. What a revision told about already was decided knowing it.</summary>
    private static Obstacle? OfTarget(GatedProposal gated, TargetNow now)
    {
        var asked = gated.Proposal.Decision is not null;
        var waiting = gated.Proposal.Waiting;
        var news = now.Changes.Where(c => c.IsUntold(waiting)).ToList();
        if (news.Count > 0)
        {
            var why = string.Join(" ", news.Select(n => n.Words));
            Proposal Told(Proposal p) => p.Depending(now.Operation) with { Waiting = p.Waiting.Tell(news.Select(n => n.Key).OfType<string>()) };
            return asked
                ? new(ProposalEvent.FactsChanged, why, Change: Told)
                : new(ProposalEvent.GateAsks, why, new(VerdictKind.AskFirst, [.. news.Select(n => n.Words)]), Told);
        }

        if (now.Recovered == true && !waiting.HasTold(Waiting.Recovered))
        {
            return new(ProposalEvent.RecoveredByItself, $"It recovered by itself: {now.Measured}.", Change: p => p with { Waiting = p.Waiting.Tell([Waiting.Recovered]) });
        }

        return now.Unread is { } unread ? new(asked ? ProposalEvent.FactsCannotBeTold : ProposalEvent.GateAsks, unread) : null;
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
}
