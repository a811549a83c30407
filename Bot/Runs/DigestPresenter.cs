using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>Shows what waits in a digest thread, as it stands now; the message stays when nothing waits any more, because the cards hang below it.</summary>
internal sealed class DigestPresenter(RunTables tables, AgentSettings agent) : IPresenter
{
    private const int All = 10_000;

    /// <summary>What may wait for somebody to look into a thread. Sev0, Sev1 and whatever is not known to be milder never do.</summary>
    private static readonly HashSet<string> Mild = new(StringComparer.OrdinalIgnoreCase) { "Sev2", "Sev3", "Sev4", "P3", "P4", "P5" };

    public IReadOnlySet<Shown> Shows { get; } = new HashSet<Shown> { Shown.Digest };

    /// <returns>Null when it gets a post of its own.</returns>
    public static string? ThreadFor(ResponsePlan? plan, string? severity, DateTimeOffset at) =>
        plan is { Digest: true } && severity is not null && Mild.Contains(severity) ? $"{OutboxItem.DigestThread}{plan.Key}/{at.UtcDateTime:yyyy-MM-dd}" : null;

    public Task<Presentation?> Present(OutboxItem item, CancellationToken cancellation) => tables.Ledger.Read<Presentation?>(
        async t =>
        {
            var parts = item.Subject.Split('/');
            var plan = await tables.Plans.Find(t, parts[1]);
            var waiting = await tables.Proposals.InStatus(t, [ProposalStatus.AwaitingApproval, ProposalStatus.Blocked], All);
            var model = new DigestModel(plan?.Name ?? parts[1], parts[2], [.. waiting.Select(g => g.Proposal).Where(p => p.Digest == item.Subject)]) { Sandbox = agent.Sandbox };
            return new Presentation(Message.OfCard(DigestCard.Render(model), DigestCard.Summary(model)), 1, true, plan?.Channel);
        },
        cancellation);

    public Task<Message?> PresentOlder(OutboxItem item, int revision, CancellationToken cancellation) => Task.FromResult<Message?>(null);

    public Task Delivered(ITransaction transaction, OutboxItem item, int revision, string? activityId, DateTimeOffset at) => Task.CompletedTask;
}
