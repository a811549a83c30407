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
        foreach (var part in (string[])[plan.TitleContains, .. plan.TitleContainsAll])
        {
            Miss(!Contains(alert.Title, part), $"the title lacks \"{part}\"");
        }

        Miss(plan.TitleContainsAny.Count > 0 && !plan.TitleContainsAny.Any(p => Contains(alert.Title, p)), $"the title has none of {Quoted(plan.TitleContainsAny)}");
        Miss(plan.TitleNot.Any(p => Contains(alert.Title, p)), $"the title has one of {Quoted(plan.TitleNot)}");
        Miss(!RuleFits(plan, alert.Rule), $"it takes alert rule {plan.AlertRule}");
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
    /// Where comes before what: a plan for one resource is more specific than one for its group, whatever else they name; rule, title and
    /// severities, which the alert's text decides, count last.
    /// </summary>
    public static (int Rank, string Words) Specificity(ResponsePlan plan)
    {
        (int Weight, bool Named, string Words)[] parts =
        [
            (128, IsFullId(plan.Resource), "the resource's full id"),
            (64, plan.Resource.Length > 0 && !IsFullId(plan.Resource), "the resource's name"),
            (32, plan.ResourceGroup.Length > 0, "resource group"),
            (16, plan.SubscriptionId.Length > 0, "subscription"),
            (8, plan.ResourceType.Length > 0, "resource type"),
            (4, plan.AlertRule.Length > 0, "alert rule"),
            (2, FiltersByTitle(plan), "title"),
            (1, plan.Severities.Count > 0, "severity"),
        ];
        var named = parts.Where(p => p.Named).ToList();
        return (named.Sum(p => p.Weight), named.Count > 0 ? string.Join(", ", named.Select(p => p.Words)) : "an empty filter");
    }

    /// <summary>
    /// The plan filters by what the alert says, the words it asks for are not all in the target's id, and no filter on subscription, group or
    /// resource vouches for the target. A resource type alone vouches for nothing: too many resources share it. Nor does the id for the name of
    /// a rule, or for a word that is absent: whoever writes the alert can leave any word out.
    /// </summary>
    public static bool OnlyTextChooses(ResponsePlan plan, ResourceId? target) =>
        (FiltersByTitle(plan) || plan.AlertRule.Length > 0)
        && !(target is not null && (IdHoldsTheWords(plan, target)
            || (plan.SubscriptionId.Length > 0 && SubscriptionFits(plan, target))
            || (plan.ResourceGroup.Length > 0 && GroupFits(plan, target))
            || (plan.Resource.Length > 0 && ResourceFits(plan, target))));

    public static bool IsFullId(string resource) => resource.StartsWith('/');

    private static bool FiltersByTitle(ResponsePlan plan) =>
        plan.TitleContains.Length > 0 || plan.TitleContainsAll.Count > 0 || plan.TitleContainsAny.Count > 0 || plan.TitleNot.Count > 0;

    private static bool IdHoldsTheWords(ResponsePlan plan, ResourceId target) =>
        plan.AlertRule.Length == 0 && plan.TitleNot.Count == 0
        && Contains(target.Value, plan.TitleContains) && plan.TitleContainsAll.All(p => Contains(target.Value, p))
        && (plan.TitleContainsAny.Count == 0 || plan.TitleContainsAny.Any(p => Contains(target.Value, p)));

    /// <summary>A full id, or its last segment as the filter gives it.</summary>
    private static bool RuleFits(ResponsePlan plan, string rule) =>
        plan.AlertRule.Length == 0 || Is(rule, plan.AlertRule) || (!plan.AlertRule.StartsWith('/') && Is(rule[(rule.LastIndexOf('/') + 1)..], plan.AlertRule));

    private static string Quoted(IReadOnlyList<string> words) => string.Join(", ", words.Select(w => $"\"{w}\""));

    private static bool SubscriptionFits(ResponsePlan plan, ResourceId? target) =>
        plan.SubscriptionId.Length == 0 || (target is not null && Is(target.SubscriptionId, plan.SubscriptionId));

    private static bool GroupFits(ResponsePlan plan, ResourceId? target) =>
        plan.ResourceGroup.Length == 0 || (target?.ResourceGroup is { } group && Is(group, plan.ResourceGroup));

    private static bool TypeFits(ResponsePlan plan, ResourceId? target) =>
        plan.ResourceType.Length == 0 || (target is not null && (target.IsOfType(plan.ResourceType) || KubernetesObject.InAzure(target).IsOfType(plan.ResourceType)));

    /// <summary>A plan for a cluster takes what is in it, too.</summary>
    private static bool ResourceFits(ResponsePlan plan, ResourceId? target) =>
        plan.Resource.Length == 0 || (target is { IsResource: true } && (Names(plan.Resource, target) || Names(plan.Resource, KubernetesObject.InAzure(target))));

    private static bool Names(string resource, ResourceId target) => IsFullId(resource)
        ? ResourceId.TryParse(resource, out var named, out _) && named.Equals(target)
        : Is(target.Name, resource);

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
