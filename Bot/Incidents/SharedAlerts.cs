using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Incidents;

/// <summary>
/// Which plans may want the same alert. Two filters share alerts unless a field of theirs excludes it; what a title holds excludes nothing, since
/// one title can hold both, unless one plan asks for a word that the other will not have.
/// </summary>
internal static class SharedAlerts
{
    public static bool Possible(ResponsePlan one, ResponsePlan other) =>
        one.Platform == other.Platform
        && (one.Severities.Count == 0 || other.Severities.Count == 0 || one.Severities.Any(s => other.Severities.Contains(s, StringComparer.OrdinalIgnoreCase)))
        && Same(one.SubscriptionId, other.SubscriptionId) && Same(one.ResourceGroup, other.ResourceGroup) && Same(one.ResourceType, other.ResourceType)
        && SameResource(one, other) && SameResource(other, one)
        && SameRule(one.AlertRule, other.AlertRule) && !Forbids(one, other) && !Forbids(other, one);

    /// <summary>Rules by id or by name alone; an empty one is any.</summary>
    public static bool SameRule(string one, string other) =>
        Same(one, other) || (one.StartsWith('/') != other.StartsWith('/') && Same(one[(one.LastIndexOf('/') + 1)..], other[(other.LastIndexOf('/') + 1)..]));

    private static bool Forbids(ResponsePlan one, ResponsePlan other) => one.TitleNot.Any(not =>
        other.TitleContainsAll.Append(other.TitleContains).Any(word => word.Contains(not, StringComparison.OrdinalIgnoreCase)));

    /// <summary>Who may want alerts of this plan, in the order in which they are asked: the most specific first, then the stricter.</summary>
    public static IReadOnlyList<ResponsePlan> Others(ResponsePlan plan, IEnumerable<ResponsePlan> plans, RunMode? agentDefault) =>
        [.. plans
            .Where(p => p.Enabled && p.Key != plan.Key && Possible(plan, p))
            .OrderByDescending(p => PlanFilter.Specificity(p).Rank)
            .ThenBy(p => p.Mode ?? agentDefault ?? RunMode.Review)
            .ThenBy(p => p.Key, StringComparer.Ordinal)];

    /// <summary>Which of two plans takes an alert that both want, as <see cref="PlanRouter"/> decides it.</summary>
    public static (bool First, string Why) Wins(ResponsePlan first, ResponsePlan second, RunMode? agentDefault)
    {
        var (one, other) = (PlanFilter.Specificity(first), PlanFilter.Specificity(second));
        var (mode, its) = (first.Mode ?? agentDefault ?? RunMode.Review, second.Mode ?? agentDefault ?? RunMode.Review);
        return one.Rank != other.Rank ? (one.Rank > other.Rank, $"it is more specific ({(one.Rank > other.Rank ? one : other).Words})")
            : mode != its ? (mode < its, "it is as specific, and stricter")
            : (string.CompareOrdinal(first.Key, second.Key) < 0, "it is as specific and as strict, and its name comes first");
    }

    /// <summary>Neither is more specific nor stricter: chance, as far as anybody who wrote them knows.</summary>
    public static bool OnlyTheNameDecides(ResponsePlan one, ResponsePlan other, RunMode? agentDefault) =>
        PlanFilter.Specificity(one).Rank == PlanFilter.Specificity(other).Rank && (one.Mode ?? agentDefault ?? RunMode.Review) == (other.Mode ?? agentDefault ?? RunMode.Review);

    /// <summary>A full id says where the resource lies and what it is called, so the other's fields are held against it.</summary>
    private static bool SameResource(ResponsePlan one, ResponsePlan other)
    {
        if (one.Resource.Length == 0)
        {
            return true;
        }

        if (!PlanFilter.IsFullId(one.Resource) || !ResourceId.TryParse(one.Resource, out var id, out _))
        {
            return PlanFilter.IsFullId(other.Resource) || Same(one.Resource, other.Resource);
        }

        return Same(id.SubscriptionId ?? "", other.SubscriptionId) && Same(id.ResourceGroup ?? "", other.ResourceGroup) && (other.ResourceType.Length == 0 || id.IsOfType(other.ResourceType))
            && (other.Resource.Length == 0 || (PlanFilter.IsFullId(other.Resource) ? ResourceId.TryParse(other.Resource, out var its, out _) && its.Equals(id) : Same(other.Resource, id.Name)));
    }

    private static bool Same(string one, string other) => one.Length == 0 || other.Length == 0 || one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
