using RunModes.Bot.Cards;
using RunModes.Bot.Plans;
using static RunModes.Bot.Chat.FieldsOf<RunModes.Bot.Plans.ResponsePlan>;

namespace RunModes.Bot.Chat;

/// <summary>What a plan's form asks, in its order. The escalation people are set in settings and stay as they are; so does whatever else is not here.</summary>
internal static class PlanFormFields
{
    public static IReadOnlyList<FormField<ResponsePlan>> All { get; } =
    [
        Text("plan_name", nameof(ResponsePlan.Name), "Name", p => p.Name, (p, v) => p with { Name = v }, "prod-web") with { OnlyNew = true },
        Mode("plan_mode", nameof(ResponsePlan.Mode), p => p.Mode, (p, m) => p with { Mode = m }),
        new("plan_platform", nameof(ResponsePlan.Platform), "Alerts of", InputKind.OneOf, p => p.Platform.ToString(), Source)
        {
            Choices = [("Azure Monitor", nameof(Platform.AzureMonitor)), ("PagerDuty", nameof(Platform.PagerDuty))],
        },
        new("plan_severities", nameof(ResponsePlan.Severities), "Severities (none: all)", InputKind.SomeOf, p => string.Join(",", p.Severities), (p, v) => (p with { Severities = List(v) }, null))
        {
            Choices = [.. PlanFilterCheck.SeveritiesOf(Platform.AzureMonitor).Concat(PlanFilterCheck.SeveritiesOf(Platform.PagerDuty)).Select(s => (s, s))],
        },
        Text("plan_resource", nameof(ResponsePlan.Resource), "Resource: its name or full id", p => p.Resource, (p, v) => p with { Resource = v.TrimEnd('/') }, "empty: all"),
        Text("plan_group", nameof(ResponsePlan.ResourceGroup), "Resource group", p => p.ResourceGroup, (p, v) => p with { ResourceGroup = v }, "empty: all"),
        Text("plan_type", nameof(ResponsePlan.ResourceType), "Resource type", p => p.ResourceType, (p, v) => p with { ResourceType = v }, "Microsoft.Web/sites"),
        Text("plan_subscription", nameof(ResponsePlan.SubscriptionId), "Subscription id", p => p.SubscriptionId, (p, v) => p with { SubscriptionId = v }, "empty: all"),
        Text("plan_title", nameof(ResponsePlan.TitleContains), "Title contains", p => p.TitleContains, (p, v) => p with { TitleContains = v }, "empty: any title"),
        Words("plan_title_all", nameof(ResponsePlan.TitleContainsAll), "Title contains all of", p => p.TitleContainsAll, (p, v) => p with { TitleContainsAll = v }),
        Words("plan_title_any", nameof(ResponsePlan.TitleContainsAny), "Title contains one of", p => p.TitleContainsAny, (p, v) => p with { TitleContainsAny = v }),
        Words("plan_title_not", nameof(ResponsePlan.TitleNot), "Title contains none of", p => p.TitleNot, (p, v) => p with { TitleNot = v }),
        Text("plan_rule", nameof(ResponsePlan.AlertRule), "Alert rule: its name or full id", p => p.AlertRule, (p, v) => p with { AlertRule = v.TrimEnd('/') }, "empty: all"),
        Words("plan_runbooks", nameof(ResponsePlan.Runbooks), "Runbooks (none: all that fit)", p => p.Runbooks, (p, v) => p with { Runbooks = v }),
        new("plan_tools", nameof(ResponsePlan.Tools), "Tools used in every investigation (one a line)", InputKind.LongText, p => string.Join("\n", p.Tools), ToolsOf) { Hint = "query prod: AppExceptions | summarize count() by Type" },
        Number("plan_max_instances", nameof(ResponsePlan.MaxInstances), "Scales out to at most", p => p.MaxInstances, (p, n) => p with { MaxInstances = n }, 1, 30, "empty: never scales out"),
        new("plan_instructions", nameof(ResponsePlan.Instructions), "Instructions, shown to approvers", InputKind.LongText, p => p.Instructions, (p, v) => (p with { Instructions = v }, null)),
        Span("plan_expiry", nameof(ResponsePlan.ApprovalExpiry), "Asks for", p => p.ApprovalExpiry, (p, v) => (p with { ApprovalExpiry = v }, null), "empty: as long as the agent does"),
        Number("plan_attempts", nameof(ResponsePlan.Attempts), "Investigations of one incident", p => p.Attempts, (p, n) => p with { Attempts = n ?? 3 }, 1, 100, "3"),
        Switch("plan_digest", nameof(ResponsePlan.Digest), "Digest", "Sev2 and milder in one thread a day", p => p.Digest, (p, v) => p with { Digest = v }),
        Switch("plan_merge", nameof(ResponsePlan.MergeEnabled), "Merging", "One rule and target, one incident", p => p.MergeEnabled, (p, v) => p with { MergeEnabled = v }),
        Span("plan_merge_window", nameof(ResponsePlan.MergeWindow), "For how long they merge", p => p.MergeWindow, (p, v) => (p with { MergeWindow = v ?? ResponsePlan.DefaultMergeWindow }, null), "3 hours"),
        Switch("plan_enabled", nameof(ResponsePlan.Enabled), "State", "Takes alerts", p => p.Enabled, (p, v) => p with { Enabled = v }),
    ];

    /// <summary>As the boxes are filled when the form opens.</summary>
    public static IReadOnlyDictionary<string, string> Values(ResponsePlan plan) => All.ToDictionary(f => f.Id, f => f.Value(plan));

    private static (ResponsePlan?, string?) ToolsOf(ResponsePlan plan, string value)
    {
        string[] lines = [.. value.Split(['\n', '\r'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];
        return PlanTools.Problems(lines) is { Count: > 0 } problems ? (null, string.Join(" ", problems)) : (plan with { Tools = lines }, null);
    }

    private static (ResponsePlan?, string?) Source(ResponsePlan plan, string value) => value switch
    {
        nameof(Platform.AzureMonitor) => (plan with { Platform = Platform.AzureMonitor }, null),
        nameof(Platform.PagerDuty) => (plan with { Platform = Platform.PagerDuty }, null),
        _ => (null, "is Azure Monitor or PagerDuty."),
    };
}
