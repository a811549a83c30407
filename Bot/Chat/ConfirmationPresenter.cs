using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Plans;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Chat;

/// <summary>Shows a confirmation as it stands: with buttons while it waits, without once it ended.</summary>
internal sealed class ConfirmationPresenter(ILedger ledger, IConfirmations confirmations, AgentSettings agent) : IPresenter
{
    public IReadOnlySet<Shown> Shows { get; } = new HashSet<Shown> { Shown.Confirmation };

    public Task<Presentation?> Present(OutboxItem item, CancellationToken cancellation) => ledger.Read(
        async t => await confirmations.Find(t, item.Subject[(item.Subject.IndexOf('/', StringComparison.Ordinal) + 1)..]) is { } confirmation
            ? new Presentation(
                Message.OfCard(ConfirmationCard.Render(confirmation.Model(agent.Sandbox)), OutsideText.Plain($"{Word(confirmation.State)}: {confirmation.Text.Change}", 200)),
                Revision: 1, Updates: true, Channel: null)
            : null,
        cancellation);

    public Task<Message?> PresentOlder(OutboxItem item, int revision, CancellationToken cancellation) => Task.FromResult<Message?>(null);

    /// <summary>Its ten minutes run from the question, not from delivery: asking again costs one sentence.</summary>
    public Task Delivered(ITransaction transaction, OutboxItem item, int revision, string? activityId, DateTimeOffset at) => Task.CompletedTask;

    private static string Word(ConfirmationState state) => state == ConfirmationState.Pending ? "Please confirm" : state.ToString();
}
