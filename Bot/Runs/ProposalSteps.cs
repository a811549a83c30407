using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>Takes a proposal one step along its lifecycle: guarded write, audit row and what people will see, in the caller's transaction.</summary>
internal sealed class ProposalSteps(RunTables tables, TimeProvider clock)
{
    /// <param name="verdict">What the gate said, when it is what caused the step.</param>
    /// <returns>Null when somebody else was first.</returns>
    public async Task<GatedProposal?> Take(
        ITransaction transaction, GatedProposal before, ProposalEvent happened, string why, Func<Proposal, Proposal>? change = null, Verdict? verdict = null, AuditActor? by = null)
    {
        var now = clock.GetUtcNow();
        var step = ProposalLifecycle.Next(before.Status, happened) ?? throw new InvalidOperationException($"{happened} is illegal from {before.Status}.");
        var proposal = before.Proposal with { Status = step.To, StatusWhy = why };
        if (step.NextRevision)
        {
            proposal = proposal with { Revision = proposal.Revision + 1, DeliveredAt = null };
        }

        if (step.VoidsDecision)
        {
            proposal = proposal with { Decision = null, ClearedSeal = null, UseBy = null };
        }

        if (step.To == ProposalStatus.Blocked)
        {
            proposal = proposal with { UseBy = before.Status == ProposalStatus.Blocked ? proposal.UseBy : now + proposal.ApprovalExpiry };
        }

        proposal = change?.Invoke(proposal) ?? proposal;
        if (step.To == ProposalStatus.Indeterminate && proposal.Execution is { } execution)
        {
            proposal = proposal with { Execution = execution with { WasInDoubt = true } };
        }

        var after = before with { Proposal = proposal, Verdict = verdict ?? before.Verdict };
        if (!await tables.Proposals.Move(transaction, before, after))
        {
            return null;
        }

        await transaction.Append(AuditEntry.Of(now, AuditKind.ProposalChanged, by ?? AuditActor.Bot, after.Proposal.Subject, before.Status.ToString(), after.Status.ToString(),
            $"{happened}, revision {after.Proposal.Revision}: {why}"));
        await Show(transaction, after, now);
        return after with { Proposal = after.Proposal with { Version = before.Proposal.Version + 1 } };
    }

    /// <summary>One step for all that were listed, each as it stands now that it is held: what has moved on since it was listed is left alone.</summary>
    /// <returns>How many took it.</returns>
    public async Task<int> TakeEach(ITransaction transaction, IEnumerable<GatedProposal> listed, ProposalEvent happened, string why, Verdict? verdict = null, AuditActor? by = null)
    {
        var taken = 0;
        foreach (var earlier in listed)
        {
            var now = await tables.Proposals.Find(transaction, earlier.Proposal.Id);
            taken += now is not null && now.Status == earlier.Status && await Take(transaction, now, happened, why, verdict: verdict, by: by) is not null ? 1 : 0;
        }

        return taken;
    }

    /// <summary>Nothing happened but a line of the card.</summary>
    public Task Refresh(ITransaction transaction, GatedProposal proposal, DateTimeOffset now) => tables.Outbox.Enqueue(
        transaction, new OutboxItem(Shown.Proposal, proposal.Proposal.Subject, Urgency.Cosmetic, proposal.Proposal.Thread), now);

    /// <summary>Tells that nobody has decided, or brings what told it up to date.</summary>
    public Task Remind(ITransaction transaction, GatedProposal proposal, Urgency urgency, DateTimeOffset now) => tables.Outbox.Enqueue(
        transaction, new OutboxItem(Shown.Reminder, ReminderPresenter.Subject(proposal.Proposal.Id), urgency, proposal.Proposal.Thread), now);

    /// <summary>Whatever asks a person, or may need one, is a card; what ran without asking is reported in a plain message when its run ends.</summary>
    public async Task Show(ITransaction transaction, GatedProposal proposal, DateTimeOffset now)
    {
        if (proposal.Proposal is { IsAutonomous: true, Execution: not { WasInDoubt: true } } && proposal.Status != ProposalStatus.Indeterminate)
        {
            return;
        }

        var urgency = proposal.Status switch
        {
            ProposalStatus.AwaitingApproval when await tables.Incidents.Find(transaction, proposal.Proposal.Incident) is { Severity: "Sev0" or "Sev1" or "P1" } => Urgency.UrgentApproval,
            ProposalStatus.AwaitingApproval => Urgency.Approval,
            ProposalStatus.Approved or ProposalStatus.Denied or ProposalStatus.Blocked => Urgency.Decision,
            _ => Urgency.Result,
        };
        if (proposal.Proposal.Digest is { } digest)
        {
            await tables.Outbox.Enqueue(transaction, OutboxItem.OfDigest(digest, await tables.Outbox.ThreadOf(transaction, digest) is not null), now);
        }

        await tables.Outbox.Enqueue(transaction, new OutboxItem(Shown.Proposal, proposal.Proposal.Subject, urgency, proposal.Proposal.Thread), now);
        if (proposal.Proposal.Waiting.Nudges > 0)
        {
            await Remind(transaction, proposal, Urgency.Cosmetic, now);
        }
    }
}
