using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>What the report reads beside the conversation's own tables.</summary>
internal sealed record HealthTables(ChatTables Chat, IProposals Proposals, IAuditLog Audit, IWriteBacks WriteBacks, WrittenSources Written);

/// <summary>What works, what does not, and what could not be delivered.</summary>
internal sealed class HealthReport(HealthTables all, ChatSettings settings, IncidentSettings sources, ClockSkew skew, TimeProvider clock)
{
    private const int MostTroubles = 5;
    private const int Counted = 500;
    private static readonly TimeSpan WrittenBackSince = TimeSpan.FromDays(7);

    private readonly ChatTables _tables = all.Chat;

    /// <param name="role">The directory answered (or not) a moment ago, about whoever asks.</param>
    public async Task<CardText> Read(RoleAnswer role, CancellationToken cancellation)
    {
        var (sealedRows, unsealed) = await all.Audit.Count(cancellation);
        return await _tables.Ledger.Read(
            async t =>
            {
                var control = await _tables.Plans.ReadControl(t);
                var chosen = control.DefaultChannel is { } id ? await _tables.Conversations.Find(t, id) : null;
                var troubled = await _tables.Outbox.Troubled(t, Counted);
                var waiting = await all.Proposals.InStatus(t, [ProposalStatus.AwaitingApproval], Counted);
                var unasked = waiting.Where(p => p.Proposal.DeliveredAt is null).ToList();
                var lost = troubled.Where(r => r.State == OutboxState.Undeliverable).ToList();
                var unwritten = all.Written.Platforms.Count == 0 ? [] : await all.WriteBacks.Troubled(t, clock.GetUtcNow() - WrittenBackSince, Counted);
                var stop = control.Stopped
                    ? CardText.Of($"**on**, pressed by {CardText.Outside(control.StoppedBy, 80)} at {PlanWords.At(control.StoppedAt ?? DateTimeOffset.UnixEpoch)}")
                    : CardText.Of($"off");
                List<CardText> lines =
                [
                    CardText.Of($"- **Emergency stop**: {stop}"),
                    CardText.Of($"- **Default mode**: {(control.DefaultMode ?? RunMode.Review).ToString()}{(control.DefaultMode is null ? CardText.Of($" (never set)") : CardText.Empty)}"),
                    CardText.Of($"- **Asks in**: {PlanWords.Place(chosen ?? await _tables.Conversations.FirstTeam(t))}"),
                    CardText.Of($"- **Store**: reads and writes; audit rows: {(int)sealedRows} sealed, {(int)unsealed} waiting for the sealer{Generation(control)}"),
                    CardText.Of($"- **Clock**: {(skew.IsTooGreat ? $"{skew.Measured.TotalSeconds:0.0} s from the store's, so I take no work until it is right" : "agrees with the store's")}"),
                    CardText.Of($"- **Directory**: {(role.CouldTell ? "Microsoft Graph answered just now" : role.Says)}"),
                    CardText.Of($"- **Approvers**: {(settings.ApproversConfigured ? "configured" : "none configured, so nothing can be approved")}"),
                    CardText.Of($"- **Messages**: {lost.Count} undeliverable, {troubled.Count - lost.Count} delayed"),
                    CardText.Of($"- **Cards**: {waiting.Count} awaiting approval, of which {unasked.Count} not delivered"),
                    .. unasked.Take(MostTroubles).Select(p => CardText.Of($"- Not delivered: {CardText.Outside(p.Proposal.Operation.Title, 120)}, since {PlanWords.At(p.Proposal.CreatedAt)}; nobody has been asked, and no deadline runs")),
                    .. lost.Concat(troubled.Where(r => r.State != OutboxState.Undeliverable)).Take(MostTroubles).Select(Trouble),
                    .. Written(unwritten),
                    .. _tables.Unreadable.Rows.Take(MostTroubles).Select(r => CardText.Of($"- **Unreadable**: {CardText.Outside(r.Subject, 80)} in the store was damaged or altered ({r.Why}). Nothing is done with it; `audit verify` tells more")),
                    .. sources.Closed().Select(c => CardText.Of($"- **Closed source**: {c}")),
                ];
                return CardText.Join("\n", lines);
            },
            cancellation);
    }

    /// <summary>What sources could not be told. It keeps nothing from being asked, done or measured.</summary>
    private IEnumerable<CardText> Written(IReadOnlyList<WriteBack> troubled)
    {
        if (all.Written.Platforms is { Count: > 0 } platforms)
        {
            var lost = troubled.Count(r => r.State == WriteBackState.GivenUp);
            yield return CardText.Of($"- **Written back** to {string.Join(", ", platforms)}: {troubled.Count - lost} delayed, {lost} given up in {WrittenBackSince.Days} days");
        }

        foreach (var row in troubled.Take(MostTroubles))
        {
            yield return CardText.Of(
                $"- {(row.State == WriteBackState.GivenUp ? "Not written back" : "Not written back yet")}: {row.What.ToString()} of {CardText.Outside(row.Alert, 160)}, since {PlanWords.At(row.CreatedAt)}, tried {row.Attempts} times: {CardText.Outside(row.Problem, 250)}");
        }
    }

    private static CardText Generation(Control control) => control.Generation == 1
        ? CardText.Empty
        : CardText.Of($"; generation {(int)control.Generation}: it was put back to an older state, or moved, and what was decided before counts no longer");

    private static CardText Trouble(OutboxRow row) => CardText.Of(
        $"- {(row.State == OutboxState.Undeliverable ? "Undeliverable" : "Delayed")}: {CardText.Outside(row.Item.Subject, 80)}, since {PlanWords.At(row.CreatedAt)}, tried {row.Attempts} times: {CardText.Outside(row.Problem, 200)}");
}
