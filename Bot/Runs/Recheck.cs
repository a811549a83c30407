using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

internal abstract record Rechecked
{
    private Rechecked() { }

    public sealed record Moved(GatedProposal Now) : Rechecked;

    public sealed record Refused(string Why, GatedProposal? Now = null) : Rechecked;
}

/// <summary>A blocked proposal before the whole gate again, with every fact asked anew. Whatever the gate says, a person is asked: never Cleared.</summary>
internal sealed class Recheck(RunTables tables, ProposalSteps steps, FactCollector facts)
{
    public async Task<Rechecked> Look(ProposalId id, AuditActor by, CancellationToken cancellation)
    {
        var (found, run) = await tables.Ledger.Read(
            async t => await tables.Proposals.Find(t, id) is { } gated ? (gated, await tables.Runs.Find(t, gated.Proposal.Run)) : (null, null), cancellation);
        if (found is null || run is null)
        {
            return new Rechecked.Refused("This card belongs to no proposal that I know. Nothing was changed.");
        }

        if (found.Status != ProposalStatus.Blocked)
        {
            return new Rechecked.Refused($"There is nothing to re-check: this proposal is {found.Status}.", found);
        }

        var known = await facts.Collect(new Candidate(found.Proposal.Operation, found.Proposal.Provenance, run, found.Proposal.Finding, found.Proposal), cancellation);
        return await tables.Ledger.Write(DurableStep.Rechecked, t => Move(t, found, known, by), cancellation);
    }

    private async Task<Rechecked> Move(ITransaction transaction, GatedProposal looked, Facts known, AuditActor by)
    {
        var control = await tables.Plans.ShareControl(transaction);
        if (await tables.Proposals.Find(transaction, looked.Proposal.Id) is not { Status: ProposalStatus.Blocked } before || before.Proposal.Version != looked.Proposal.Version)
        {
            return new Rechecked.Refused("It changed while I was looking. Please use the newest card.");
        }

        var (happened, why, verdict) = await Judge(transaction, control, before, known);
        var after = await steps.Take(transaction, before, happened, why, p => p with { Permission = known.Preflight.Permission.Words }, verdict, by);
        return after is null ? new Rechecked.Refused("Somebody else was faster. Please use the newest card.") : new Rechecked.Moved(after);
    }

    private async Task<(ProposalEvent Happened, string Why, Verdict Verdict)> Judge(ITransaction transaction, Control control, GatedProposal before, Facts known)
    {
        // What was read before the transaction may be older than a stop: the row decides.
        var gate = control.Stopped && known.Gate.Stop.State == StopState.Running
            ? known.Gate with { Stop = new(StopState.Stopped, $"The emergency stop is on: pressed by {control.StoppedBy}, since {control.StoppedAt:u}. An Administrator ends it with 'start'.") }
            : known.Gate;
        var verdict = ApprovalGate.Judge(gate);
        if (before.Proposal.GoneFrom(await tables.MandateOf(transaction, before.Proposal)) is { } gone)
        {
            return (ProposalEvent.PlanOrTargetGone, $"{gone}.", verdict);
        }

        return verdict.Kind switch
        {
            VerdictKind.Proceed => (ProposalEvent.GateAsks, Free, new(VerdictKind.AskFirst, ["It was blocked before, so a person is asked.", .. verdict.Reasons])),
            VerdictKind.AskFirst => (ProposalEvent.GateAsks, Free, verdict),
            VerdictKind.Blocked => (ProposalEvent.GateBlocks, string.Join(" ", verdict.Reasons), verdict),
            _ => (ProposalEvent.GateRefuses, string.Join(" ", verdict.Reasons), verdict),
        };
    }

    private const string Free = "What blocked it is gone.";
}
