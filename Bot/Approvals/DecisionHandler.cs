using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;
using RunModes.Bot.Telemetry;

namespace RunModes.Bot.Approvals;

/// <summary>A click on Approve or Deny: who, where, on which message, and what the card carried.</summary>
internal sealed record Click(Person Person, string ConversationId, string? MessageId, string? RootId, ProposalId Proposal, int Revision);

/// <summary>What the clicker is told.</summary>
internal abstract record DecisionAnswer
{
    private DecisionAnswer() { }

    public sealed record Recorded(GatedProposal Proposal) : DecisionAnswer;

    /// <param name="Now">The proposal as it stands, when the clicker may see it.</param>
    public sealed record Refused(string Why, GatedProposal? Now = null) : DecisionAnswer;
}

internal sealed record ApprovalTables(ILedger Ledger, IProposals Proposals, IPlans Plans, IOutbox Outbox);

/// <summary>
/// Records a decision; executes nothing. The order of the checks is the rule: role first, so that a stranger learns and changes nothing;
/// then what was clicked, then whether it still stands, and all of the latter again inside the one conditional write.
/// </summary>
internal sealed class DecisionHandler(ApprovalTables tables, RoleLookup roles, RoleOptions options, Seals seals, TimeProvider clock)
{
    /// <summary>An approval is a wish of this moment: what it could not start within this time must be asked again.</summary>
    public static readonly TimeSpan UseWithin = TimeSpan.FromMinutes(15);
    private const int LongestReason = 1000;

    public async Task<DecisionAnswer> Decide(Click click, DecisionKind kind, string? reason, CancellationToken cancellation)
    {
        // Looked up ahead where somebody collects traces: the question to Graph is part of the story.
        var clicked = Traces.Listened ? await tables.Ledger.Read(t => tables.Proposals.Find(t, click.Proposal), cancellation) : null;
        using var span = clicked is { Proposal: var p } ? Traces.Begin("decide", p.Incident, p.Span) : null;
        var answer = await roles.Look(click.Person, cancellation);
        if (!answer.IsAdministrator || click.Person.ObjectId is not { } objectId)
        {
            await Audit(click, kind, answer.Why, cancellation);
            return new DecisionAnswer.Refused(answer.Why);
        }

        var by = new Who(click.Person.TenantId, objectId, click.Person.Name ?? objectId);
        var text = string.IsNullOrWhiteSpace(reason) ? null : reason.Trim()[..Math.Min(reason.Trim().Length, LongestReason)];
        var result = await tables.Ledger.Write(DurableStep.Decided, t => TryDecide(t, click, kind, by, text), cancellation);
        Traces.Note("answer", result is DecisionAnswer.Recorded ? kind.ToString() : "Refused");
        if (result is DecisionAnswer.Recorded { Proposal.Proposal: { DeliveredAt: { } delivered, Decision: { } decision } })
        {
            Measures.Decision(kind.ToString(), decision.At - delivered);
        }
        else if (result is DecisionAnswer.Refused refused)
        {
            await Audit(click, kind, refused.Why, cancellation);
        }

        return result;
    }

    private async Task<DecisionAnswer> TryDecide(ITransaction transaction, Click click, DecisionKind kind, Who by, string? reason)
    {
        // Either before a stop, and caught by it, or after it, and refused.
        var control = await tables.Plans.ShareControl(transaction);
        var now = clock.GetUtcNow();
        if (await tables.Proposals.Find(transaction, click.Proposal) is not { } before)
        {
            return new DecisionAnswer.Refused("This card belongs to no proposal that I know. Nothing was changed.");
        }

        if (Objection(before, click, control, by, now) is { } objection)
        {
            return new DecisionAnswer.Refused(objection, before);
        }

        var (shown, adopted) = await ShownMessage(transaction, before.Proposal, click, now);
        if (shown is null)
        {
            return new DecisionAnswer.Refused("This button is not on the message that asks for approval. Please use the newest card of this incident.", before);
        }

        // Adopting a twin is itself the confirmation of delivery.
        var proposal = before.Proposal with { DeliveredAt = before.Proposal.DeliveredAt ?? (adopted ? now : null) };
        if (proposal.Deadline is not { } deadline)
        {
            return new DecisionAnswer.Refused("The delivery of this card is not confirmed yet. Please try again in a moment.", before);
        }

        if (deadline <= now)
        {
            return new DecisionAnswer.Refused($"The deadline passed at {deadline:u}. Nothing was executed.", before);
        }

        var happened = kind == DecisionKind.Approve ? ProposalEvent.Approve : ProposalEvent.Deny;
        if (ProposalLifecycle.Next(before.Status, happened) is not { } step)
        {
            return new DecisionAnswer.Refused(Decided(before), before);
        }

        if (kind == DecisionKind.Approve && await Ahead(transaction, proposal) is { } ahead)
        {
            return new DecisionAnswer.Refused($"You would overtake another proposal for {proposal.Operation.TargetName} that was there first and is {ahead.Status}. Please have that one decided first.", before);
        }

        var decision = seals.Seal(proposal, control.Generation, kind, by, now, reason, shown.ContentHash);
        var after = before with
        {
            Proposal = proposal with { Status = step.To, StatusWhy = "", Decision = decision, UseBy = kind == DecisionKind.Approve ? now + UseWithin : null, Span = Traces.Current ?? proposal.Span },
        };
        if (!await tables.Proposals.Move(transaction, before, after))
        {
            return new DecisionAnswer.Refused("Somebody else was faster. The card shows what was decided.", before);
        }

        await transaction.Append(AuditEntry.Of(now, AuditKind.DecisionMade, Actor(click.Person), proposal.Subject, before.Status.ToString(), step.To.ToString(),
            $"{kind} of {proposal.Fingerprint.Hex}, revision {proposal.Revision}; shown card {shown.ContentHash}; trace {Correlation.Of(proposal.Incident)}; {reason}"));
        await tables.Outbox.Enqueue(transaction, new OutboxItem(Shown.Proposal, proposal.Subject, Urgency.Decision, proposal.Thread), now);
        if (proposal.Digest is { } digest)
        {
            await tables.Outbox.Enqueue(transaction, OutboxItem.OfDigest(digest, stands: true), now);
        }

        if (proposal.Waiting.Nudges > 0)
        {
            // What reminded of it has nothing left to remind of.
            await tables.Outbox.Enqueue(transaction, new OutboxItem(Shown.Reminder, $"reminder/{proposal.Id}", Urgency.Cosmetic, proposal.Thread), now);
        }

        return new DecisionAnswer.Recorded(after);
    }

    /// <summary>What stands against a decision before the message is looked at; null when nothing does.</summary>
    private string? Objection(GatedProposal before, Click click, Control control, Who by, DateTimeOffset now) => before.Proposal switch
    {
        { Status: not ProposalStatus.AwaitingApproval } => Decided(before),
        var p when p.Revision != click.Revision => $"This card shows revision {click.Revision}; revision {p.Revision} is what can be decided now. Please use the newest card.",
        _ when control.Stopped => $"The emergency stop is on ({control.StoppedBy}, since {control.StoppedAt:u}). Nothing was recorded; the card can be used after 'start'.",
        { StartedBy: { } starter } when !options.AllowSelfApproval && starter.ObjectId == by.ObjectId => "You asked for this yourself, and self-approval is switched off: another Administrator has to decide.",
        { Deadline: { } deadline } when deadline <= now => $"The deadline passed at {deadline:u}. Nothing was executed.",
        _ => null,
    };

    /// <summary>What a person asked for waits behind what was open on its target before; denying it is always possible.</summary>
    private async Task<GatedProposal?> Ahead(ITransaction transaction, Proposal proposal) => proposal.StartedBy is null ? null
        : (await tables.Proposals.Contesting(transaction, proposal.Id, proposal.Operation.TargetKey)).FirstOrDefault(other => other.Proposal.Run != proposal.Run && other.Proposal.IsOlderThan(proposal)
            && other.Status is ProposalStatus.AwaitingApproval or ProposalStatus.Approved or ProposalStatus.Cleared or ProposalStatus.Executing);

    /// <summary>The stored message that was clicked: either twin of a delivery that was repeated counts, and an unknown one is adopted only where there may be one.</summary>
    private async Task<(ShownMessage? Message, bool Adopted)> ShownMessage(ITransaction transaction, Proposal proposal, Click click, DateTimeOffset now)
    {
        var messages = await tables.Outbox.MessagesOf(transaction, proposal.Subject);
        var current = messages.Where(m => m.Revision == proposal.Revision).ToList();
        if (current.Find(m => m.Message.ConversationId == click.ConversationId && m.Message.ActivityId == click.MessageId) is { } known)
        {
            return (known, false);
        }

        var isOther = messages.Any(m => m.Message.ActivityId == click.MessageId);
        var elsewhere = current.Count > 0 && current.TrueForAll(m => m.Message.ConversationId != click.ConversationId);
        if (click.MessageId is null || isOther || elsewhere || !await tables.Outbox.MayHaveArrived(transaction, proposal.Subject, posted: current.Count > 0))
        {
            return (null, false);
        }

        // The other twin may have been recorded with its content; what this one shows was rendered from the same revision.
        var adopted = new ShownMessage(proposal.Subject, proposal.Revision, new(click.ConversationId, click.MessageId, click.RootId), current.FirstOrDefault()?.ContentHash ?? "adopted", now);
        await tables.Outbox.Remember(transaction, adopted);
        return (adopted, true);
    }

    private static string Decided(GatedProposal now) => now.Proposal switch
    {
        { Decision: { Kind: DecisionKind.Approve } d, Status: not ProposalStatus.AwaitingApproval } => $"Already approved by {d.By.Name} at {d.At:u}. It is now {now.Status}.",
        { Decision: { Kind: DecisionKind.Deny } d } => $"Already denied by {d.By.Name} at {d.At:u}.",
        { Status: ProposalStatus.Expired } => "The deadline has passed: this proposal expired. Nothing was executed.",
        _ => $"There is nothing to decide any more: this proposal is {now.Status}.",
    };

    private Task Audit(Click click, DecisionKind kind, string why, CancellationToken cancellation) => tables.Ledger.Write(DurableStep.DecisionRefused,
        t => t.Append(AuditEntry.Of(clock.GetUtcNow(), AuditKind.DecisionRefused, Actor(click.Person), $"proposal/{click.Proposal}", detail: $"{kind}, revision {click.Revision}: {why}")),
        cancellation);

    private static AuditActor Actor(Person person) => AuditActor.Person(person.TenantId, person.ObjectId, person.Name);
}
