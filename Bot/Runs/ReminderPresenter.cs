using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>Shows a reminder as it stands: nothing if the decision came before it was sent, and without its button once it is over.</summary>
internal sealed class ReminderPresenter(RunTables tables, RunPresenter cards) : IPresenter
{
    public IReadOnlySet<Shown> Shows { get; } = new HashSet<Shown> { Shown.Reminder };

    public static string Subject(ProposalId proposal) => $"reminder/{proposal}";

    public Task<Presentation?> Present(OutboxItem item, CancellationToken cancellation) => tables.Ledger.Read(
        async t =>
        {
            if (await Find(t, item) is not { Proposal.Waiting: { Nudges: > 0 } waiting } gated)
            {
                return null;
            }

            var asks = gated.Status == ProposalStatus.AwaitingApproval && waiting.NudgedRevision == gated.Proposal.Revision;
            if (!asks && !(await tables.Outbox.MessagesOf(t, item.Subject)).Any(m => m.Revision == waiting.Nudges))
            {
                return null;
            }

            return new Presentation(await Card(t, gated, followed: !asks && gated.Status == ProposalStatus.AwaitingApproval), waiting.Nudges, true, await Channel(t, gated));
        },
        cancellation);

    public Task<Message?> PresentOlder(OutboxItem item, int revision, CancellationToken cancellation) => tables.Ledger.Read<Message?>(
        async t => await Find(t, item) is { } gated ? await Card(t, gated, followed: true) : null, cancellation);

    public Task Delivered(ITransaction transaction, OutboxItem item, int revision, string? activityId, DateTimeOffset at) => Task.CompletedTask;

    private async Task<Message> Card(ITransaction transaction, GatedProposal gated, bool followed)
    {
        IReadOnlyList<Contact> people = gated.Proposal.Waiting.Escalated && (await tables.MandateOf(transaction, gated.Proposal)).Plan is { } plan ? plan.Escalation : [];
        var card = ReminderCard.Render(new ReminderModel(await cards.Model(transaction, gated), people) { Followed = followed });
        return Message.OfCard(card, OutsideText.Plain($"Still awaiting approval: {OperationWords.Short(gated.Proposal.Operation)}", 200));
    }

    private Task<GatedProposal?> Find(ITransaction transaction, OutboxItem item) =>
        tables.Proposals.Find(transaction, new(item.Subject[(item.Subject.IndexOf('/', StringComparison.Ordinal) + 1)..]));

    private async Task<string?> Channel(ITransaction transaction, GatedProposal gated) => (await tables.MandateOf(transaction, gated.Proposal)).Channel;
}
