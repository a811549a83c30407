using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>Shows proposals as cards and ended runs as plain messages, always as they stand now.</summary>
internal sealed class RunPresenter(RunTables tables, AgentSettings agent) : IPresenter
{
    public IReadOnlySet<Shown> Shows { get; } = new HashSet<Shown> { Shown.Proposal, Shown.RunReport };

    public Task<Presentation?> Present(OutboxItem item, CancellationToken cancellation) => tables.Ledger.Read(
        t => item.Shows == Shown.Proposal ? Card(t, item) : Report(t, item), cancellation);

    /// <summary>Without buttons, and saying where to look.</summary>
    public Task<Message?> PresentOlder(OutboxItem item, int revision, CancellationToken cancellation) => tables.Ledger.Read(
        async t =>
        {
            if (item.Shows != Shown.Proposal || await Find(t, item) is not { } gated)
            {
                return null;
            }

            var older = gated with
            {
                Proposal = gated.Proposal with { Revision = revision, Status = ProposalStatus.Superseded, StatusWhy = $"Revision {gated.Proposal.Revision} of this proposal is in a newer card of this thread.", Decision = null },
            };
            return await CardOf(t, older);
        },
        cancellation);

    /// <summary>The approval deadline runs from here: what nobody could see cannot expire.</summary>
    public async Task Delivered(ITransaction transaction, OutboxItem item, int revision, string? activityId, DateTimeOffset at)
    {
        if (item.Shows != Shown.Proposal || await Find(transaction, item) is not { Status: ProposalStatus.AwaitingApproval } before
            || before.Proposal.Revision != revision || before.Proposal.DeliveredAt is not null)
        {
            return;
        }

        if (await tables.Proposals.Move(transaction, before, before with { Proposal = before.Proposal with { DeliveredAt = at, Waiting = before.Proposal.Waiting with { Since = before.Proposal.Waiting.Since ?? at } } }))
        {
            await transaction.Append(AuditEntry.OfBot(at, AuditKind.Delivery, before.Proposal.Subject, after: $"revision {revision}", detail: $"message {activityId ?? "without id"}; deadline {at + before.Proposal.ApprovalExpiry:u}"));
            if (before.Proposal.Digest is { } digest)
            {
                await tables.Outbox.Enqueue(transaction, OutboxItem.OfDigest(digest, stands: true), at);
            }
        }
    }

    /// <summary>For an answer to a click, before the update has reached everybody.</summary>
    public async Task<System.Text.Json.Nodes.JsonObject> Render(GatedProposal gated, CancellationToken cancellation) =>
        ReviewCard.Render(await tables.Ledger.Read(t => Model(t, gated), cancellation));

    private Task<GatedProposal?> Find(ITransaction transaction, OutboxItem item) =>
        tables.Proposals.Find(transaction, new(item.Subject[(item.Subject.IndexOf('/', StringComparison.Ordinal) + 1)..]));

    private async Task<Presentation?> Card(ITransaction transaction, OutboxItem item) => await Find(transaction, item) is { } gated
        ? new Presentation(await CardOf(transaction, gated), gated.Proposal.Revision, true, (await tables.MandateOf(transaction, gated.Proposal)).Channel, new(gated.Proposal.Incident, gated.Proposal.Span))
        : null;

    private async Task<Message> CardOf(ITransaction transaction, GatedProposal gated) =>
        Message.OfCard(ReviewCard.Render(await Model(transaction, gated)), ReportText.Summary(gated.Proposal, agent.Sandbox));

    public async Task<CardModel> Model(ITransaction transaction, GatedProposal gated)
    {
        var incident = await tables.Incidents.Find(transaction, gated.Proposal.Incident);
        var mandate = await tables.MandateOf(transaction, gated.Proposal);
        return new CardModel(gated)
        {
            Sandbox = agent.Sandbox,
            Incident = incident is null ? null : new(incident.Title, incident.Severity, incident.Firings),
            Permission = gated.Proposal.Permission,
            Approvers = "Administrators",
            Instructions = mandate.Instructions,
            Astray = await Astray(transaction, gated, mandate),
        };
    }

    /// <summary>Said while it asks: people of another channel should know why this is theirs now.</summary>
    private async Task<string> Astray(ITransaction transaction, GatedProposal gated, Mandate mandate)
    {
        if (gated.Status != ProposalStatus.AwaitingApproval)
        {
            return "";
        }

        if (gated.Proposal.Waiting.Refused.Count > 0)
        {
            return "It is asked here because the channel where it belongs refused the card.";
        }

        return mandate.Channel is { } own && await tables.Conversations.Find(transaction, own) is null
            ? $"It is asked here because the bot cannot post in the channel of {mandate}."
            : "";
    }

    private async Task<Presentation?> Report(ITransaction transaction, OutboxItem item)
    {
        if (await tables.Runs.Find(transaction, new(item.Subject[(item.Subject.IndexOf('/', StringComparison.Ordinal) + 1)..])) is not { Finding: { } finding } run)
        {
            return null;
        }

        var proposal = (await tables.Proposals.OfRun(transaction, run.Id)).LastOrDefault()?.Proposal;
        var text = proposal switch
        {
            null when run.Report is { } report => ReportText.Say(agent.Sandbox, TaskReportText.Of(report, run.Task)),
            null => ReportText.NoAction(finding, agent.Sandbox),
            { Status: ProposalStatus.Withdrawn or ProposalStatus.Superseded } => ReportText.Withdrawn(proposal, agent.Sandbox),
            { Status: ProposalStatus.Expired } => ReportText.Expired(proposal, agent.Sandbox),
            _ => ReportText.Result(proposal, agent.Sandbox),
        };
        return new Presentation(Message.Plain(text), 1, false, (await tables.MandateOf(transaction, run)).Channel, new(run.Incident, proposal?.Span ?? run.Span));
    }
}
