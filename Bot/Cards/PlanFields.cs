using System.Globalization;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Cards;

/// <summary>Every field of a plan by the name people know it by. What is not here could be changed without anybody reading it; a test holds the list complete.</summary>
internal static class PlanFields
{
    public const string Mode = "Run mode";
    public const string Channel = "Channel";
    public const string State = "State";

    /// <summary>In the order of a form: which incidents, then what becomes of them.</summary>
    public static IReadOnlyList<(string Property, string Field, Func<ResponsePlan, string> Value)> All { get; } =
    [
        (nameof(ResponsePlan.Enabled), State, p => p.Enabled ? "enabled" : "paused"),
        (nameof(ResponsePlan.Mode), Mode, p => p.Mode?.ToString() ?? "the agent's default"),
        (nameof(ResponsePlan.Platform), "Source", p => p.Platform.ToString()),
        (nameof(ResponsePlan.Severities), "Severities", p => string.Join(", ", p.Severities)),
        (nameof(ResponsePlan.TitleContains), "Title contains", p => p.TitleContains),
        (nameof(ResponsePlan.SubscriptionId), "Subscription", p => p.SubscriptionId),
        (nameof(ResponsePlan.ResourceGroup), "Resource group", p => p.ResourceGroup),
        (nameof(ResponsePlan.ResourceType), "Resource type", p => p.ResourceType),
        (nameof(ResponsePlan.Resource), "Resource", p => p.Resource),
        (nameof(ResponsePlan.Channel), Channel, p => p.Channel ?? ""),
        (nameof(ResponsePlan.Runbooks), "Runbooks", p => string.Join(", ", p.Runbooks)),
        (nameof(ResponsePlan.Instructions), "Instructions", p => p.Instructions),
        (nameof(ResponsePlan.ApprovalExpiry), "Asks for", p => p.ApprovalExpiry is { } span ? Words.Span(span) : ""),
        (nameof(ResponsePlan.Escalation), "Mentions if nobody answers", p => string.Join(", ", p.Escalation.Select(c => $"{c.Name} ({c.Id})"))),
        (nameof(ResponsePlan.Digest), "One thread a day", p => p.Digest ? "yes" : "no"),
        (nameof(ResponsePlan.Attempts), "Attempts", p => p.Attempts.ToString(CultureInfo.InvariantCulture)),
        (nameof(ResponsePlan.MergeEnabled), "Merging", p => p.MergeEnabled ? "on" : "off"),
        (nameof(ResponsePlan.MergeWindow), "Merge window", p => Words.Span(p.MergeWindow)),
    ];

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
