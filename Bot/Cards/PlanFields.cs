using System.Globalization;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Cards;

/// <param name="Property">As the plan calls it.</param>
/// <param name="Field">As people call it.</param>
internal sealed record PlanField(string Property, string Field, Func<ResponsePlan, string> Value)
{
    /// <summary>Says which alerts the plan takes.</summary>
    public bool IsFilter { get; init; }
}

/// <summary>Every field of a plan by the name people know it by. What is not here could be changed without anybody reading it; a test holds the list complete.</summary>
internal static class PlanFields
{
    public const string Mode = "Run mode";
    public const string Channel = "Channel";
    public const string State = "State";

    /// <summary>In the order of a form: which incidents, then what becomes of them.</summary>
    public static IReadOnlyList<PlanField> All { get; } =
    [
        new(nameof(ResponsePlan.Enabled), State, p => p.Enabled ? "enabled" : "paused"),
        new(nameof(ResponsePlan.Mode), Mode, p => p.Mode?.ToString() ?? "the agent's default"),
        new(nameof(ResponsePlan.Platform), "Source", p => p.Platform.ToString()) { IsFilter = true },
        new(nameof(ResponsePlan.Severities), "Severities", p => string.Join(", ", p.Severities)) { IsFilter = true },
        new(nameof(ResponsePlan.TitleContains), "Title contains", p => p.TitleContains) { IsFilter = true },
        new(nameof(ResponsePlan.TitleContainsAll), "Title contains all of", p => string.Join(", ", p.TitleContainsAll)) { IsFilter = true },
        new(nameof(ResponsePlan.TitleContainsAny), "Title contains one of", p => string.Join(", ", p.TitleContainsAny)) { IsFilter = true },
        new(nameof(ResponsePlan.TitleNot), "Title contains none of", p => string.Join(", ", p.TitleNot)) { IsFilter = true },
        new(nameof(ResponsePlan.AlertRule), "Alert rule", p => p.AlertRule) { IsFilter = true },
        new(nameof(ResponsePlan.SubscriptionId), "Subscription", p => p.SubscriptionId) { IsFilter = true },
        new(nameof(ResponsePlan.ResourceGroup), "Resource group", p => p.ResourceGroup) { IsFilter = true },
        new(nameof(ResponsePlan.ResourceType), "Resource type", p => p.ResourceType) { IsFilter = true },
        new(nameof(ResponsePlan.Resource), "Resource", p => p.Resource) { IsFilter = true },
        new(nameof(ResponsePlan.Channel), Channel, p => p.Channel ?? ""),
        new(nameof(ResponsePlan.Runbooks), "Runbooks", p => string.Join(", ", p.Runbooks)),
        new(nameof(ResponsePlan.Tools), "Tools", p => string.Join("\n", p.Tools)),
        new(nameof(ResponsePlan.MaxInstances), "Scales out to at most", p => p.MaxInstances?.ToString(CultureInfo.InvariantCulture) ?? ""),
        new(nameof(ResponsePlan.Instructions), "Instructions", p => p.Instructions),
        new(nameof(ResponsePlan.ApprovalExpiry), "Asks for", p => p.ApprovalExpiry is { } span ? Words.Span(span) : ""),
        new(nameof(ResponsePlan.Escalation), "Mentions if nobody answers", p => string.Join(", ", p.Escalation.Select(c => $"{c.Name} ({c.Id})"))),
        new(nameof(ResponsePlan.Digest), "One thread a day", p => p.Digest ? "yes" : "no"),
        new(nameof(ResponsePlan.Attempts), "Attempts", p => p.Attempts.ToString(CultureInfo.InvariantCulture)),
        new(nameof(ResponsePlan.MergeEnabled), "Merging", p => p.MergeEnabled ? "on" : "off"),
        new(nameof(ResponsePlan.MergeWindow), "Merge window", p => Words.Span(p.MergeWindow)),
    ];

    public static bool SameFilter(ResponsePlan before, ResponsePlan after) => All.Where(f => f.IsFilter).All(f => f.Value(before) == f.Value(after));

    /// <summary>What differs, field by field. Of one that is created, what it stores other than nothing; of one that is deleted, nothing.</summary>
    public static IReadOnlyList<FieldChange> Differences(ResponsePlan? before, ResponsePlan? after)
    {
        if (after is null)
        {
            return [];
        }

        return [.. All
            .Select(f => new FieldChange(f.Field, before is null ? null : f.Value(before), f.Value(after)))
            .Where(c => c.Before != c.After && (c.Before is not null || c.After.Length > 0))];
    }
}
