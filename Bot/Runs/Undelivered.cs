using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>
/// A card that a channel refused for good is asked for elsewhere, and says so there. When every known place has refused it, the proposal
/// expires as never delivered. Where there is no place at all it waits: an install brings one, and no deadline runs before delivery.
/// </summary>
internal sealed class Undelivered(RunTables tables, OutboxTables outbox, ProposalSteps steps, TimeProvider clock)
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public Task Look(Wait due, CancellationToken cancellation) => tables.Ledger.Write(DurableStep.UndeliveredNoticed,
        async t =>
        {
            if (!await tables.Waits.Take(t, due, clock.GetUtcNow() + Patience)
                || await tables.Proposals.Find(t, due.Proposal) is not { Status: ProposalStatus.AwaitingApproval, Proposal.DeliveredAt: null } before
                || before.Proposal.Revision != due.Revision
                || await tables.Outbox.LatestOf(t, before.Proposal.Subject) is not { State: OutboxState.Undeliverable } lost)
            {
                return;
            }

            await GoElsewhere(t, before, lost);
        },
        cancellation);

    private async Task GoElsewhere(ITransaction transaction, GatedProposal before, OutboxRow lost)
    {
        var now = clock.GetUtcNow();
        var proposal = before.Proposal;
        var from = await outbox.Destination(transaction, lost.Item, (await tables.MandateOf(transaction, proposal)).Channel);
        List<string> refused = [.. proposal.Waiting.Refused, .. from is null ? [] : (string[])[from.Id]];
        var known = await tables.Conversations.Shared(transaction);
        var chosen = (await tables.Plans.ReadControl(transaction)).DefaultChannel;
        var next = known.OrderBy(c => c.Id == chosen ? 0 : 1).FirstOrDefault(c => !refused.Contains(c.Id));
        Proposal Refused(Proposal p) => p with { Waiting = p.Waiting with { Refused = refused } };
        if (next is null)
        {
            await steps.Take(transaction, before, ProposalEvent.DeadlinePasses,
                $"Its card was never delivered, so nobody was asked: {(refused.Count == 1 ? "the only place" : $"all {refused.Count} places")} that the bot may post in refused it. {lost.Problem}", Refused);
            return;
        }

        if (await tables.Proposals.Move(transaction, before, before with { Proposal = Refused(proposal) }))
        {
            await transaction.Append(AuditEntry.OfBot(now, AuditKind.RoutingChanged, proposal.Subject, from?.Id, next.Id, $"Refused there: {lost.Problem}"));
            await tables.Outbox.Enqueue(transaction, lost.Item with { ConversationId = next.Id, RootId = null }, now);
        }
    }
}
