using RunModes.Bot.Proposals;

namespace RunModes.Bot.Gate;

/// <summary>A proposal with the mode its run pinned and the verdict it last got.</summary>
internal sealed record GatedProposal(Proposal Proposal, EffectiveMode Mode, Verdict Verdict)
{
    public ProposalStatus Status => Proposal.Status;

    public ProposalEvent AsEvent => Verdict.Kind switch
    {
        VerdictKind.Proceed => ProposalEvent.GateProceeds,
        VerdictKind.AskFirst => ProposalEvent.GateAsks,
        VerdictKind.Blocked => ProposalEvent.GateBlocks,
        _ => ProposalEvent.GateRefuses,
    };
}
