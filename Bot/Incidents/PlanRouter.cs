using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Incidents;

/// <summary>What a plan's filter looks at. Severity, title and rule are text of the alert; the target is a parsed id.</summary>
internal sealed record Routed(Platform Platform, string Severity, string Title, string Rule, ResourceId? Target)
{
    public static Routed Of(Alert alert) => new(alert.Platform, alert.Severity, alert.Title, alert.Rule, alert.Target);

    public static Routed Of(Incident incident) => new(incident.Platform, incident.Severity, incident.Title, incident.Rule, incident.Target);
}

/// <param name="Mode">The mode of the run, already lowered where text alone chose the plan.</param>
/// <param name="TextChoseIt">Nothing but the alert's text led to the plan: it selects instructions, never autonomy.</param>
/// <param name="Why">Why this plan and why not the others, or what was nearest.</param>
/// <param name="MergedStricter">The incident began under a stricter plan, and a merge never loosens.</param>
internal sealed record PlanMatch(ResponsePlan? Plan, EffectiveMode Mode, bool TextChoseIt, string Why, bool MergedStricter = false)
{
    public bool MayBeAutonomous => Plan is not null && !TextChoseIt && !MergedStricter;

    public string? ModeWhy => Plan is null or { Mode: RunMode.Review } ? null
        : TextChoseIt ? "Only the alert's text led to the plan, and text never chooses autonomy."
        : MergedStricter ? "The incident began under a stricter plan, and a further firing never loosens it."
        : null;
}

/// <summary>Which plan handles an alert: the most specific filter, then the stricter mode, then the name. Pure, and the same for everybody.</summary>
internal static class PlanRouter
{
    public static PlanMatch Match(Routed alert, IReadOnlyList<ResponsePlan> plans, RunMode? agentDefault)
    {
        var judged = plans.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => (Plan: p, Misses: PlanFilter.Misses(p, alert))).ToList();
        var fitting = judged.Where(j => j.Misses.Count == 0).Select(j => j.Plan)
            .OrderByDescending(p => PlanFilter.Specificity(p).Rank)
            .ThenBy(p => ModeOf(p).Mode)
            .ThenBy(p => p.Key, StringComparer.Ordinal)
            .ToList();
        if (fitting is not [var winner, .. var others])
        {
            return new(null, new(RunMode.Review, ModeSource.Agent), false, Nearest(judged));
        }

        var textChoseIt = PlanFilter.OnlyTextChooses(winner, alert.Target);
        var mode = ModeOf(winner);
        return new(
            winner,
            textChoseIt ? mode with { Mode = RunMode.Review } : mode,
            textChoseIt,
            $"Plan {winner.Name} matches by {PlanFilter.Specificity(winner).Words}.{string.Concat(others.Select(o => " " + Lost(o)))}");

        EffectiveMode ModeOf(ResponsePlan plan) => Gate.RunModes.Resolve(plan.Mode, plan.Name, null, null, agentDefault);

        string Lost(ResponsePlan other) =>
            PlanFilter.Specificity(other).Rank != PlanFilter.Specificity(winner).Rank ? $"Plan {other.Name} matches too, but is less specific ({PlanFilter.Specificity(other).Words})."
            : ModeOf(other).Mode != mode.Mode ? $"Plan {other.Name} is as specific, but its mode, {ModeOf(other)}, is less strict."
            : $"Plan {other.Name} is as specific and as strict; the name decides.";
    }

    private static string Nearest(List<(ResponsePlan Plan, IReadOnlyList<string> Misses)> judged)
    {
        if (judged.Count == 0)
        {
            return "No plan matches: there are none.";
        }

        var (plan, misses) = judged.MinBy(j => j.Misses.Count);
        return $"No plan matches. The nearest is {plan.Name}: {string.Join("; ", misses)}.";
    }
}
