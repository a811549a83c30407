using RunModes.Bot.Gate;

namespace RunModes.Bot.Plans;

/// <summary>
/// Which mode fits which kind of work, by words in what people named: production incidents and security alerts are asked about, staging and
/// development, daily health checks and cost reports are not. Advice beside a choice, never a bar.
/// </summary>
internal static class Recommendation
{
    private static readonly (RunMode Mode, string Kind, string[] Words)[] Kinds =
    [
        (RunMode.Review, "security alerts", ["security", "sec", "defender", "sentinel"]),
        (RunMode.Review, "production incidents", ["prod", "production", "prd", "live"]),
        (RunMode.Autonomous, "staging and development", ["staging", "stage", "stg", "dev", "development", "test", "qa", "uat", "sandbox"]),
    ];

    /// <summary>The brief's own list, for whoever has not named anything yet.</summary>
    public const string All = "Recommended: Review for production incidents and security alerts; Autonomous for staging and development.";

    /// <summary>The same, for tasks.</summary>
    public const string OfTasks = "Recommended: Autonomous for daily health checks and for cost and usage reports; Review for what changes production.";

    /// <returns>Null: it only posts, and no word tells what its steps change.</returns>
    public static (RunMode Mode, string Kind)? For(ScheduledTask task) => task.Does switch
    {
        Does.HealthCheck => (RunMode.Autonomous, "daily health checks"),
        Does.CostReport => (RunMode.Autonomous, "cost and usage reports"),
        Does.Steps when Kind([task.Name, .. task.Steps]) is var (mode, _) => (mode, mode == RunMode.Review ? "changes of production" : "staging and development"),
        _ => null,
    };

    /// <inheritdoc cref="Against(ResponsePlan, RunMode)"/>
    public static string? Against(ScheduledTask task, RunMode chosen) => Against(For(task), chosen);

    /// <returns>Null when no word tells what it is for. The stricter kind is looked for first.</returns>
    public static (RunMode Mode, string Kind)? For(ResponsePlan plan) => Kind([plan.Name, plan.ResourceGroup, plan.Resource, plan.TitleContains, .. plan.TitleContainsAll]);

    private static (RunMode Mode, string Kind)? Kind(IEnumerable<string> texts)
    {
        var words = Words(texts);
        foreach (var (mode, kind, named) in Kinds)
        {
            if (named.Any(words.Contains))
            {
                return (mode, kind);
            }
        }

        return null;
    }

    /// <summary>One line where the choice goes against it; null where it does not.</summary>
    public static string? Against(ResponsePlan plan, RunMode chosen) => Against(For(plan), chosen);

    private static string? Against((RunMode Mode, string Kind)? recommended, RunMode chosen) => recommended is var (mode, kind) && mode != chosen
        ? mode == RunMode.Review
            ? $"Not recommended: for {kind} Review is, so that a person sees each change first"
            : $"For {kind} Autonomous is recommended, so that nobody is woken"
        : null;

    private static HashSet<string> Words(IEnumerable<string> texts) =>
        [.. texts.SelectMany(t => t.ToLowerInvariant().Split(['-', '_', '.', ' ', '/', '(', ')'], StringSplitOptions.RemoveEmptyEntries)).Select(w => w.TrimEnd('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'))];
}
