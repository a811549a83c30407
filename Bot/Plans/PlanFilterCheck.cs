using RunModes.Bot.Proposals;

namespace RunModes.Bot.Plans;

/// <summary>A filter that can match nothing is a mistake, and a silent one: whoever saves a plan, in settings or in chat, is told by the field.</summary>
internal static class PlanFilterCheck
{
    private static readonly string[] SeverityNames = ["Sev0", "Sev1", "Sev2", "Sev3", "Sev4"];
    private static readonly string[] PriorityNames = ["P1", "P2", "P3", "P4", "P5"];

    public static IReadOnlyList<string> SeveritiesOf(Platform platform) => platform == Platform.PagerDuty ? PriorityNames : SeverityNames;

    /// <returns>The property that is wrong, and what is accepted; empty when some alert can match.</returns>
    public static IReadOnlyList<(string Field, string Problem)> Problems(ResponsePlan plan) => [.. Fields(plan), .. Contradictions(plan)];

    private static IEnumerable<(string, string)> Fields(ResponsePlan plan)
    {
        var known = SeveritiesOf(plan.Platform);
        foreach (var severity in plan.Severities.Where(s => !known.Contains(s, StringComparer.OrdinalIgnoreCase)))
        {
            yield return (nameof(plan.Severities), $"'{severity}' never comes from {plan.Platform}; use {string.Join(", ", known)}.");
        }

        if (plan.SubscriptionId.Length > 0 && !Guid.TryParseExact(plan.SubscriptionId, "D", out _))
        {
            yield return (nameof(plan.SubscriptionId), $"'{plan.SubscriptionId}' is not a GUID; use the subscription's id, or leave it empty for all.");
        }

        if (plan.ResourceType.Length > 0 && (!plan.ResourceType.Contains('.', StringComparison.Ordinal) || !plan.ResourceType.Contains('/', StringComparison.Ordinal)))
        {
            yield return (nameof(plan.ResourceType), $"'{plan.ResourceType}' is not a resource type; write it like Microsoft.Web/sites.");
        }

        var wrongId = plan.Resource.StartsWith('/') && !(ResourceId.TryParse(plan.Resource, out var id, out _) && id.IsResource);
        if (wrongId || (!plan.Resource.StartsWith('/') && plan.Resource.Contains('/', StringComparison.Ordinal)))
        {
            yield return (nameof(plan.Resource), "is neither a full resource id nor one name; use /subscriptions/…/providers/…, or the last segment alone.");
        }

        if (!plan.AlertRule.StartsWith('/') && plan.AlertRule.Contains('/', StringComparison.Ordinal))
        {
            yield return (nameof(plan.AlertRule), "is neither a full id nor one name; use the alert rule's id, or its name alone.");
        }
    }

    /// <summary>Each field can be met, but not all of them by one alert.</summary>
    private static IEnumerable<(string, string)> Contradictions(ResponsePlan plan)
    {
        if (plan.Resource.StartsWith('/') && ResourceId.TryParse(plan.Resource, out var id, out _))
        {
            if (plan.SubscriptionId.Length > 0 && !Is(plan.SubscriptionId, id.SubscriptionId))
            {
                yield return (nameof(plan.SubscriptionId), $"no alert can match: the resource is in subscription {id.SubscriptionId}; leave this empty, or name that one.");
            }

            if (plan.ResourceGroup.Length > 0 && !Is(plan.ResourceGroup, id.ResourceGroup))
            {
                yield return (nameof(plan.ResourceGroup), $"no alert can match: the resource is in group {id.ResourceGroup}; leave this empty, or name that one.");
            }

            if (plan.ResourceType.Length > 0 && !id.IsOfType(plan.ResourceType))
            {
                yield return (nameof(plan.ResourceType), "no alert can match: the resource is of another type; leave this empty, or name its type.");
            }
        }

        string[] required = [.. plan.TitleContainsAll, .. plan.TitleContains.Length > 0 ? (string[])[plan.TitleContains] : []];
        foreach (var word in plan.TitleNot.Where(not => required.Any(r => Holds(r, not)) || (plan.TitleContainsAny.Count > 0 && plan.TitleContainsAny.All(any => Holds(any, not)))))
        {
            yield return (nameof(plan.TitleNot), $"no alert can match: every title that the other fields ask for holds '{word}'; remove it from one of them.");
        }
    }

    private static bool Holds(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static bool Is(string one, string? other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
