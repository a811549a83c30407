using System.Globalization;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Chat;

/// <summary>Plans, times and places as chat says them.</summary>
internal static class PlanWords
{
    public static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    public static EffectiveMode ModeOf(ResponsePlan plan, Control control) => Gate.RunModes.Resolve(plan.Mode, plan.Name, null, null, control.DefaultMode);

    /// <summary>"Azure Monitor: Sev0, Sev1; type Microsoft.Web/sites; resource app-service-prod".</summary>
    public static CardText Filter(ResponsePlan plan)
    {
        (string Label, string Value)[] parts =
        [
            ("", string.Join(", ", plan.Severities)), ("title contains", plan.TitleContains), ("title contains all of", string.Join(", ", plan.TitleContainsAll)),
            ("title contains one of", string.Join(", ", plan.TitleContainsAny)), ("title contains none of", string.Join(", ", plan.TitleNot)), ("alert rule", plan.AlertRule), ("subscription", plan.SubscriptionId),
            ("resource group", plan.ResourceGroup), ("type", plan.ResourceType), ("resource", plan.Resource),
        ];
        var named = parts.Where(p => p.Value.Length > 0).Select(p => p.Label.Length == 0 ? CardText.Outside(p.Value, 200) : CardText.Of($"{p.Label} {CardText.Outside(p.Value, 200)}")).ToList();
        var platform = plan.Platform switch { Platform.AzureMonitor => "Azure Monitor", Platform.PagerDuty => "PagerDuty", _ => "unknown source" };
        return CardText.Of($"{platform}: {(named.Count == 0 ? CardText.Of($"every alert") : CardText.Join("; ", named))}");
    }

    /// <summary>In a line that begins with the plan's name, which the full form would only repeat.</summary>
    private static string Mode(ResponsePlan plan, Control control) => ModeOf(plan, control) is { Source: ModeSource.Plan } own ? $"{own.Mode} (set on the plan)" : ModeOf(plan, control).ToString();

    /// <summary>One line of a list.</summary>
    public static CardText Line(ResponsePlan plan, Control control)
    {
        var paused = plan.Enabled ? CardText.Empty : CardText.Of($" · paused");
        return CardText.Of($"- **{CardText.Outside(plan.Name, 64)}** · {Mode(plan, control)}{paused} · {Filter(plan)}");
    }

    /// <summary>What runs without asking under a plan that is Autonomous.</summary>
    public static IReadOnlyList<string> Unasked(string where) => [.. ArmAction.All.Where(a => !a.OnlyUndoes).Select(a => $"{a.Label} {where}: at once, reported afterwards. {a.Impact}")];

    public static IReadOnlyList<string> Asked(AutonomyBudget budget) =>
    [
        "Whatever no runbook of the bot vouches for, whatever a person starts, and every target that another proposal concerns",
        string.Create(CultureInfo.InvariantCulture, $"More than {budget.PerTargetPerHour} changes of one target, {budget.PerPlanPerHour} of one plan or {budget.PerBotPerHour} altogether in an hour"),
        "A symptom that the bot has not measured itself",
        "Everything while the emergency stop is on, a lock forbids it or a permission is missing",
    ];

    public static CardText Place(Conversation? conversation) => conversation switch
    {
        null => CardText.Of($"nowhere: the bot is in no team, and no channel was chosen"),
        { Kind: ConversationKind.Personal } => CardText.Of($"a personal chat"),
        { Name: { Length: > 0 } name } => CardText.Outside(name, 80),
        { Kind: ConversationKind.Channel } => CardText.Of($"a channel without a name"),
        _ => CardText.Of($"a group chat"),
    };
}
