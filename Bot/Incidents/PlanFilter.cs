using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Incidents;

/// <summary>One plan's filter held against one alert. An empty field matches everything.</summary>
internal static class PlanFilter
{
    /// <summary>What keeps the plan from matching, in words; empty when it matches.</summary>
    public static IReadOnlyList<string> Misses(ResponsePlan plan, Routed alert)
    {
        List<string> misses = [];
        Miss(!plan.Enabled, "it is paused");
        Miss(plan.Platform != alert.Platform, $"it is for {plan.Platform}");
        Miss(plan.Severities.Count > 0 && !plan.Severities.Any(s => Is(s, alert.Severity)),
            $"it takes {string.Join(", ", plan.Severities)}, this is {(alert.Severity.Length > 0 ? alert.Severity : "without a severity")}");
        Miss(!Contains(alert.Title, plan.TitleContains), $"the title lacks \"{plan.TitleContains}\"");
        Miss(!SubscriptionFits(plan, alert.Target), "another subscription");
        Miss(!GroupFits(plan, alert.Target), $"it takes resource group {plan.ResourceGroup}");
        Miss(!TypeFits(plan, alert.Target), $"it takes {plan.ResourceType}");
        Miss(!ResourceFits(plan, alert.Target), $"it takes resource {plan.Resource}");
        return misses;

        void Miss(bool missed, string words)
        {
            if (missed)
            {
                misses.Add(words);
            }
        }
    }

    /// <summary>
    /// Where comes before what: a plan for one resource is more specific than one for its group, whatever else they name; title and
    /// severities, which the alert's text decides, count last.
    /// </summary>
    public static (int Rank, string Words) Specificity(ResponsePlan plan)
    {
        (int Weight, bool Named, string Words)[] parts =
        [
            (64, IsFullId(plan.Resource), "the resource's full id"),
            (32, plan.Resource.Length > 0 && !IsFullId(plan.Resource), "the resource's name"),
            (16, plan.ResourceGroup.Length > 0, "resource group"),
            (8, plan.SubscriptionId.Length > 0, "subscription"),
            (4, plan.ResourceType.Length > 0, "resource type"),
            (2, plan.TitleContains.Length > 0, "title"),
            (1, plan.Severities.Count > 0, "severity"),
        ];
        var named = parts.Where(p => p.Named).ToList();
        return (named.Sum(p => p.Weight), named.Count > 0 ? string.Join(", ", named.Select(p => p.Words)) : "an empty filter");
    }

    /// <summary>
    /// The plan filters by title, the title filter does not also fit the target's id, and no filter on subscription, group or resource
    /// vouches for the target. A resource type alone vouches for nothing: too many resources share it.
    /// </summary>
    public static bool OnlyTextChooses(ResponsePlan plan, ResourceId? target) =>
        plan.TitleContains.Length > 0
        && !(target is not null && (Contains(target.Value, plan.TitleContains)
            || (plan.SubscriptionId.Length > 0 && SubscriptionFits(plan, target))
            || (plan.ResourceGroup.Length > 0 && GroupFits(plan, target))
            || (plan.Resource.Length > 0 && ResourceFits(plan, target))));

    public static bool IsFullId(string resource) => resource.StartsWith('/');

    private static bool SubscriptionFits(ResponsePlan plan, ResourceId? target) =>
        plan.SubscriptionId.Length == 0 || (target is not null && Is(target.SubscriptionId, plan.SubscriptionId));

    private static bool GroupFits(ResponsePlan plan, ResourceId? target) =>
        plan.ResourceGroup.Length == 0 || (target?.ResourceGroup is { } group && Is(group, plan.ResourceGroup));

    private static bool TypeFits(ResponsePlan plan, ResourceId? target) =>
        plan.ResourceType.Length == 0 || (target is not null && target.IsOfType(plan.ResourceType));

    private static bool ResourceFits(ResponsePlan plan, ResourceId? target) =>
        plan.Resource.Length == 0
        || (target is { IsResource: true } && (IsFullId(plan.Resource)
            ? ResourceId.TryParse(plan.Resource, out var named, out _) && named.Equals(target)
            : Is(target.Name, plan.Resource)));

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
