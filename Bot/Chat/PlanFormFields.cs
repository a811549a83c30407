using System.Globalization;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Chat;

/// <summary>One field of the form: how it stands, and how what was typed becomes part of the plan.</summary>
/// <param name="Property">Of the plan, by which <see cref="PlanFilterCheck"/> names what is wrong.</param>
/// <param name="Fill">The plan with the field set; or null and what is accepted.</param>
internal sealed record PlanFormField(string Id, string Property, string Label, InputKind Kind, Func<ResponsePlan, string> Value, Func<ResponsePlan, string, (ResponsePlan? Plan, string? Problem)> Fill)
{
    public IReadOnlyList<(string Title, string Value)> Choices { get; init; } = [];
    public string Hint { get; init; } = "";

    /// <summary>Of a plan that does not exist yet.</summary>
    public bool OnlyNew { get; init; }
}

/// <summary>What a plan's form asks, in its order. The escalation people are set in settings and stay as they are; so does whatever else is not here.</summary>
internal static class PlanFormFields
{
    private const string Inherit = "Default";

    public static IReadOnlyList<PlanFormField> All { get; } =
    [
        Text("plan_name", nameof(ResponsePlan.Name), "Name", p => p.Name, (p, v) => p with { Name = v }, "prod-web") with { OnlyNew = true },
        new("plan_mode", nameof(ResponsePlan.Mode), "Run mode", InputKind.OneOf, p => p.Mode?.ToString() ?? Inherit, Mode)
        {
            Choices = [("Autonomous: act at once, report afterwards", nameof(RunMode.Autonomous)), ("Review: ask before every change", nameof(RunMode.Review)), ("The agent's default", Inherit)],
        },
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

    private static PlanFormField Text(string id, string property, string label, Func<ResponsePlan, string> value, Func<ResponsePlan, string, ResponsePlan> fill, string hint) =>
        new(id, property, label, InputKind.Text, value, (p, v) => (fill(p, v), null)) { Hint = hint };

    private static PlanFormField Words(string id, string property, string label, Func<ResponsePlan, IReadOnlyList<string>> value, Func<ResponsePlan, IReadOnlyList<string>, ResponsePlan> fill) =>
        new(id, property, label, InputKind.Text, p => string.Join(", ", value(p)), (p, v) => List(v) is { Count: <= 20 } words ? (fill(p, words), null) : (null, "takes at most 20 words or phrases, with commas between them.")) { Hint = "with commas between them" };

    private static PlanFormField Switch(string id, string property, string label, string title, Func<ResponsePlan, bool> value, Func<ResponsePlan, bool, ResponsePlan> fill) =>
        new(id, property, label, InputKind.Switch, p => value(p) ? "true" : "false", (p, v) => v switch
        {
            "true" => (fill(p, true), null),
            "false" => (fill(p, false), null),
            _ => (null, "is on or off."),
        })
        { Hint = title };

    private static PlanFormField Number(string id, string property, string label, Func<ResponsePlan, int?> value, Func<ResponsePlan, int?, ResponsePlan> fill, int least, int most, string hint) =>
        new(id, property, label, InputKind.Text, p => value(p)?.ToString(CultureInfo.InvariantCulture) ?? "", (p, v) =>
            v.Length == 0 ? (fill(p, null), null)
            : int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? (fill(p, number), null)
            : (null, $"takes a whole number from {least} to {most}, or nothing."))
        { Hint = hint };

    private static PlanFormField Span(string id, string property, string label, Func<ResponsePlan, TimeSpan?> value, Func<ResponsePlan, TimeSpan?, (ResponsePlan?, string?)> fill, string hint) =>
        new(id, property, label, InputKind.Text, p => value(p) is { } span ? Cards.Words.Span(span) : "", (p, v) =>
            v.Length == 0 ? fill(p, null) : TypedSpan.Read(v) is { } span ? fill(p, span) : (null, "takes a time from 1 minute to 7 days, such as 45 minutes, 2 hours or 1 day."))
        { Hint = hint };

    private static (ResponsePlan?, string?) Mode(ResponsePlan plan, string value) =>
        value == Inherit ? (plan with { Mode = null }, null)
        : Gate.RunModes.TryParse(value, out var mode) ? (plan with { Mode = mode }, null)
        : (null, "is Autonomous, Review, or the agent's default.");

    private static (ResponsePlan?, string?) Source(ResponsePlan plan, string value) => value switch
    {
        nameof(Platform.AzureMonitor) => (plan with { Platform = Platform.AzureMonitor }, null),
        nameof(Platform.PagerDuty) => (plan with { Platform = Platform.PagerDuty }, null),
        _ => (null, "is Azure Monitor or PagerDuty."),
    };

    private static List<string> List(string value) => [.. value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase)];
}
