using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Telemetry;

namespace RunModes.Bot.Runs;

/// <summary>Makes a finding's remedy into a proposal under the gate's verdict, and supersedes what the same incident offered for the target before.</summary>
internal sealed class ProposalWriter(RunTables tables, ProposalSteps steps, Seals seals, AgentSettings agent, TimeProvider clock)
{
    /// <summary>What was cleared without asking is acted on at once, or not at all.</summary>
    private static readonly TimeSpan ClearedUseWithin = TimeSpan.FromMinutes(5);

    /// <summary>What does not fit its card cannot be shown whole, and what cannot be shown cannot be proposed.</summary>
    public (ProposalEvent Happened, Verdict Verdict) Judge(Run run, ResponsePlan? plan, Finding finding, Remedy remedy, Facts known)
    {
        var verdict = known.Verdict;
        if (verdict.Kind != VerdictKind.Refuse && !ReviewCard.Fits(new CardModel(New(run, plan, finding, remedy, known, verdict, ProposalStatus.AwaitingApproval))))
        {
            verdict = new Verdict(VerdictKind.Refuse, ["The operation does not fit on a card whole."]);
        }

        return (new GatedProposal(null!, run.Mode, verdict).AsEvent, verdict);
    }

    public async Task Insert(ITransaction transaction, Run run, ResponsePlan? plan, Finding finding, Remedy remedy, Facts known, Verdict verdict, ProposalEvent happened)
    {
        // What is cleared commits before a stop or a tightening, and is caught by it, or after it, and is not claimed.
        var control = await tables.ShareMandate(transaction, run);

        var now = clock.GetUtcNow();
        var earlier = (await tables.Proposals.OfIncident(transaction, run.Incident))
            .Where(p => p.Proposal.Operation.TargetKey == remedy.Operation.TargetKey && ProposalLifecycle.Next(p.Status, ProposalEvent.NewerProposal) is not null);
        await steps.TakeEach(transaction, earlier, ProposalEvent.NewerProposal, "A newer investigation of the same incident proposes again.");

        var step = ProposalLifecycle.Next(null, happened)!;
        var gated = New(run, plan, finding, remedy, known, verdict, step.To);
        if (step.To == ProposalStatus.Cleared)
        {
            gated = gated with { Proposal = gated.Proposal with { ClearedSeal = seals.SealCleared(gated.Proposal, control.Generation), UseBy = now + ClearedUseWithin } };
        }
        else if (step.To == ProposalStatus.Blocked)
        {
            gated = gated with { Proposal = gated.Proposal with { UseBy = now + gated.Proposal.ApprovalExpiry } };
        }

        if (!gated.Proposal.IsAutonomous)
        {
            gated = gated with { Proposal = gated.Proposal with { Digest = DigestPresenter.ThreadFor(plan, (await tables.Incidents.Find(transaction, run.Incident))?.Severity, now) } };
        }

        Traces.Note("proposal", gated.Proposal.Id.Value);
        Traces.Note("verdict", verdict.Kind.ToString());
        await tables.Proposals.Insert(transaction, gated);
        await transaction.Append(AuditEntry.OfBot(now, AuditKind.VerdictGiven, gated.Proposal.Subject, after: gated.Status.ToString(),
            detail: $"{verdict}; {gated.Proposal.Operation.Title}; {gated.Proposal.Fingerprint.Hex}; {run.Subject}; mode {run.Mode}; trace {Correlation.Of(run.Incident)}"));
        await steps.Show(transaction, gated, now);
    }

    /// <summary>Its card shows what became of it.</summary>
    public Task Refresh(ITransaction transaction, GatedProposal proposal) => steps.Refresh(transaction, proposal, clock.GetUtcNow());

    private GatedProposal New(Run run, ResponsePlan? plan, Finding finding, Remedy remedy, Facts known, Verdict verdict, ProposalStatus status)
    {
        var now = clock.GetUtcNow();
        return new(
            new Proposal
            {
                Id = new(Guid.NewGuid().ToString("N")), Run = run.Id, Incident = run.Incident, Plan = run.Plan, Task = run.Task, StartedBy = run.StartedBy, Revision = 1, Version = 1,
                Operation = remedy.Operation, Fingerprint = Fingerprint.Of(remedy.Operation), Provenance = remedy.Provenance, Finding = finding, Recovery = remedy.Recovery, Undo = remedy.Undo,
                Permission = known.Preflight.Permission.Words, Status = status, StatusWhy = status is ProposalStatus.AwaitingApproval ? "" : string.Join(" ", verdict.Reasons),
                Span = Traces.Current, CreatedAt = now, ApprovalExpiry = plan?.ApprovalExpiry ?? agent.ApprovalExpiry,
            },
            run.Mode,
            verdict);
    }
}
