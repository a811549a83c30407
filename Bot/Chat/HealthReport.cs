using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Chat;

/// <summary>What works, what does not, and what could not be delivered.</summary>
internal sealed class HealthReport(ChatTables tables, IAuditLog audit, ChatSettings settings, IncidentSettings sources, TimeProvider clock)
{
    private const int MostTroubles = 5;
    private const int Counted = 500;

    /// <param name="role">The directory answered (or not) a moment ago, about whoever asks.</param>
    public async Task<CardText> Read(RoleAnswer role, CancellationToken cancellation)
    {
        var (sealedRows, unsealed) = await audit.Count(cancellation);
        return await tables.Ledger.Read(
            async t =>
            {
                var control = await tables.Plans.ReadControl(t);
                var chosen = control.DefaultChannel is { } id ? await tables.Conversations.Find(t, id) : null;
                var troubled = await tables.Outbox.Troubled(t, Counted);
                var lost = troubled.Where(r => r.State == OutboxState.Undeliverable).ToList();
                var stop = control.Stopped
                    ? CardText.Of($"**on**, pressed by {CardText.Outside(control.StoppedBy, 80)} at {PlanWords.At(control.StoppedAt ?? clock.GetUtcNow())}")
                    : CardText.Of($"off");
                List<CardText> lines =
                [
                    CardText.Of($"- **Emergency stop**: {stop}"),
                    CardText.Of($"- **Default mode**: {(control.DefaultMode ?? RunMode.Review).ToString()}"),
                    CardText.Of($"- **Asks in**: {PlanWords.Place(chosen ?? await tables.Conversations.FirstTeam(t))}"),
                    CardText.Of($"- **Store**: reads and writes; audit rows: {(int)sealedRows} sealed, {(int)unsealed} waiting for the sealer{Generation(control)}"),
                    CardText.Of($"- **Directory**: {(role.CouldTell ? "Microsoft Graph answered just now" : role.Says)}"),
                    CardText.Of($"- **Approvers**: {(settings.ApproversConfigured ? "configured" : "none configured, so nothing can be approved")}"),
                    CardText.Of($"- **Messages**: {lost.Count} undeliverable, {troubled.Count - lost.Count} delayed"),
                    .. lost.Concat(troubled.Where(r => r.State != OutboxState.Undeliverable)).Take(MostTroubles).Select(Trouble),
                    .. sources.Closed().Select(c => CardText.Of($"- **Closed source**: {c}")),
                ];
                return CardText.Join("\n", lines);
            },
            cancellation);
    }

    private static CardText Generation(Control control) => control.Generation == 1
        ? CardText.Empty
        : CardText.Of($"; generation {(int)control.Generation}: it was put back to an older state, or moved, and what was decided before counts no longer");

    private static CardText Trouble(OutboxRow row) => CardText.Of(
        $"- {(row.State == OutboxState.Undeliverable ? "Undeliverable" : "Delayed")}: {CardText.Outside(row.Item.Subject, 80)}, since {PlanWords.At(row.CreatedAt)}, tried {row.Attempts} times: {CardText.Outside(row.Problem, 200)}");
}
