using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Chat;

/// <param name="Mode">As stored; null: the agent's default.</param>
/// <param name="Effective">The mode in force, with where it comes from.</param>
/// <param name="All">Every field, for what is created or deleted.</param>
internal sealed record AuditedState(RunMode? Mode, string Effective, string? Channel, string All);

/// <summary>What the edit of a plan or a task leaves in the audit: a line for the mode, one for the routing, and one for everything else.</summary>
/// <param name="Kind">Of the line for everything else.</param>
/// <param name="Before">Null: it was created.</param>
/// <param name="After">Null: it was deleted.</param>
internal sealed record EditAudit(string Subject, AuditKind Kind, AuditedState? Before, AuditedState? After, IReadOnlyList<FieldChange> Differences)
{
    public async Task Record(ITransaction transaction, DateTimeOffset now, AuditActor by, string origin)
    {
        if (this is not { Before: { } before, After: { } after })
        {
            await transaction.Append(AuditEntry.Of(now, Kind, by, Subject, Before?.All, After?.All ?? "deleted", $"{(Before is null ? "created" : "deleted")} {origin}"));
            return;
        }

        if (before.Mode != after.Mode)
        {
            await transaction.Append(AuditEntry.Of(now, AuditKind.ModeChanged, by, Subject, before.Effective, after.Effective, origin));
        }

        if (before.Channel != after.Channel)
        {
            await transaction.Append(AuditEntry.Of(now, AuditKind.RoutingChanged, by, Subject, before.Channel, after.Channel, origin));
        }

        var rest = Differences.Where(d => d.Field is not (PlanFields.Mode or PlanFields.Channel)).ToList();
        if (rest.Count > 0)
        {
            await transaction.Append(AuditEntry.Of(now, Kind, by, Subject,
                string.Join("; ", rest.Select(r => $"{r.Field}: {FieldChange.Shown(r.Before)}")), string.Join("; ", rest.Select(r => $"{r.Field}: {FieldChange.Shown(r.After)}")), origin));
        }
    }
}
