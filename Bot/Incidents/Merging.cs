using RunModes.Bot.Plans;

namespace RunModes.Bot.Incidents;

/// <summary>What a delivery means for the incidents that are already there.</summary>
internal abstract record Merge
{
    private Merge() { }

    /// <summary>Delivered before, word for word.</summary>
    public sealed record Duplicate(Proposals.IncidentId Incident) : Merge;

    /// <param name="Because">In words, for the record.</param>
    /// <param name="ReusedId">The source's id was seen with other content: worth an audit line.</param>
    public sealed record NewIncident(string Because, bool ReusedId) : Merge;

    /// <summary>Joins, raises the count and is shown; starts nothing.</summary>
    public sealed record JoinsAndCounts(Incident Incident, string Because) : Merge;

    public sealed record Reinvestigate(Incident Incident, string Reason) : Merge;

    public sealed record NoticeAfterDeny(Incident Incident) : Merge;

    public sealed record HandOver(Incident Incident, string Reason) : Merge;

    /// <summary>The source says that it is over: only a reason to measure.</summary>
    public sealed record Resolved(Incident Incident) : Merge;

    /// <summary>Says nothing that starts anything, and belongs to no incident we know.</summary>
    public sealed record RecordOnly(string Because) : Merge;
}

/// <param name="SameSource">All deliveries under the alert's source key.</param>
/// <param name="Latest">Latest incident of rule and target; null without a target.</param>
/// <param name="Plan">The plan that matches now, if any.</param>
internal sealed record MergeFacts(IReadOnlyList<Firing> SameSource, Incident? Latest, Situation Situation, ResponsePlan? Plan, DateTimeOffset Now)
{
    /// <summary>A source's clock may be wrong or lie: it never reaches past ours.</summary>
    public DateTimeOffset FiredAt(Alert alert) => alert.FiredAt < Now ? alert.FiredAt : Now;

    /// <summary>Inside the window that the first firing fixed; or no firing, but news of the very incident.</summary>
    public bool InWindow(Alert alert) => Latest is not null && (alert.Condition == AlertCondition.Reprioritised || FiredAt(alert) <= Latest.MergeUntil);
}

/// <summary>Merged by rule and target, never by rule alone. No severity is lowered and no recurrence is swallowed.</summary>
internal static class Merging
{
    public static Merge Decide(Alert alert, MergeFacts facts)
    {
        if (facts.SameSource.FirstOrDefault(alert.Repeats) is { } before)
        {
            return new Merge.Duplicate(before.Incident);
        }

        return alert.Condition switch
        {
            AlertCondition.Fired => Fired(alert, facts),
            AlertCondition.Reprioritised => Reprioritised(alert, facts),
            AlertCondition.Resolved => facts.Latest is { } known ? new Merge.Resolved(known) : new Merge.RecordOnly("It resolved, and its firing was never seen."),
            _ => facts.Latest is { } open ? new Merge.JoinsAndCounts(open, "It is a note of the source.") : new Merge.RecordOnly("It is a note of the source."),
        };
    }

    private static Merge Fired(Alert alert, MergeFacts facts)
    {
        if (facts.SameSource.Count > 0)
        {
            return new Merge.NewIncident("The source's id was delivered before with other content.", ReusedId: true);
        }

        // An incident that only recorded a note or a Resolved has not fired yet: this is not its recurrence.
        if (facts.Latest is not { Firings: > 0 } latest)
        {
            return new Merge.NewIncident(alert.Target is null ? "Without a target nothing merges." : "The first firing of this rule on this target.", false);
        }

        if (facts.Plan is { MergeEnabled: false })
        {
            return new Merge.NewIncident($"Plan {facts.Plan.Name} does not merge.", false);
        }

        return facts.InWindow(alert) ? Joins(alert, latest, facts) : new Merge.NewIncident("The merge window of the last incident is over.", false);
    }

    /// <summary>
    /// A priority is often set when the incident is some seconds old: it decides which plan takes it, and a rise is looked into like any other.
    /// Set where there was none it is no rise, and a run that the same plan has under way goes on. After a Deny only people ask again.
    /// </summary>
    private static Merge Reprioritised(Alert alert, MergeFacts facts)
    {
        if (facts.Latest is not { Firings: > 0 } latest)
        {
            return Fired(alert, facts);
        }

        var rose = Severity.IsHigher(alert.Platform, alert.Severity, latest.Severity) && (latest.Severity.Length > 0 || facts.Plan?.Name != latest.Plan);
        return facts.Plan is not null && latest.ResolvedAt is null && facts.Situation != Situation.Denied && (rose || facts.Situation == Situation.NeverRun)
            ? Joins(alert, latest, facts)
            : new Merge.JoinsAndCounts(latest, "Its priority changed.");
    }

    private static Merge Joins(Alert alert, Incident latest, MergeFacts facts)
    {
        if (facts.Plan is not { } plan)
        {
            return new Merge.JoinsAndCounts(latest, "No plan matches.");
        }

        // Stronger than a higher severity: after a Deny nothing is offered in the incident until a person asks.
        if (facts.Situation == Situation.Denied)
        {
            return new Merge.NoticeAfterDeny(latest);
        }

        if (Reason(alert, latest, facts.Situation) is not { } reason)
        {
            return new Merge.JoinsAndCounts(latest, "A run is in progress.");
        }

        if (latest.Attempts < plan.Attempts)
        {
            return new Merge.Reinvestigate(latest, reason);
        }

        return latest.HandedOverAt is null
            ? new Merge.HandOver(latest, $"{reason} All {plan.Attempts} attempts are used up.")
            : new Merge.JoinsAndCounts(latest, "It was handed over to people.");
    }

    private static string? Reason(Alert alert, Incident latest, Situation situation) =>
        Severity.IsHigher(alert.Platform, alert.Severity, latest.Severity)
            ? $"The severity rose from {(latest.Severity.Length > 0 ? latest.Severity : "none")} to {alert.Severity}."
            : situation switch
            {
                Situation.NeverRun => $"{(alert.Condition == AlertCondition.Reprioritised ? "Its priority changed" : "It fired again")}, and a plan matches now.",
                Situation.Recovered => "It fired again after it had recovered.",
                Situation.NotRecovered => "It fired again; the last operation did not help.",
                Situation.NoActionNeeded => "It fired again after no action had been needed.",
                Situation.Expired => "It fired again after the last proposal had expired.",
                Situation.Failed => "It fired again after the last operation had failed.",
                Situation.Indeterminate => "It fired again, and what became of the last operation is not known.",
                Situation.CouldNotInvestigate => "It fired again, and the last investigation could not be done.",
                _ => null,
            };
}
