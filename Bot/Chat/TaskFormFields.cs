using System.Globalization;
using RunModes.Bot.Cards;
using RunModes.Bot.Plans;
using static RunModes.Bot.Chat.FieldsOf<RunModes.Bot.Plans.ScheduledTask>;

namespace RunModes.Bot.Chat;

/// <summary>What a task's form asks, in its order: what it does and when, then how and where.</summary>
internal static class TaskFormFields
{
    private const string Kept = "Kept";
    private const string Here = "Here";

    /// <param name="zone">In which a last day is meant.</param>
    /// <param name="conversation">In which the form stands.</param>
    public static IReadOnlyList<FormField<ScheduledTask>> Of(TimeZoneInfo zone, string conversation) =>
    [
        Text("task_name", nameof(ScheduledTask.Name), "Name", t => t.Name, (t, v) => t with { Name = v }, "daily-health") with { OnlyNew = true },
        new("task_does", nameof(ScheduledTask.Does), "Does", InputKind.OneOf, t => t.Does.ToString(), (t, v) => TaskSettings.Runs.FirstOrDefault(d => d.ToString() == v) is var does and not Does.Unknown
            ? (t with { Does = does }, null)
            : (null, $"is one of {string.Join(", ", TaskSettings.Runs)}."))
        {
            Choices = [.. TaskSettings.Runs.OrderBy(Rank).Select(d => (What(d), d.ToString()))],
        },
        Text("task_cron", nameof(ScheduledTask.Cron), "Schedule", t => t.Cron, (t, v) => t with { Cron = v }, "every weekday at 8:30, or five cron fields: 30 8 * * 1-5") with { Required = true },
        Mode("task_mode", nameof(ScheduledTask.Mode), t => t.Mode, (t, m) => t with { Mode = m }),
        Text("task_scope", nameof(ScheduledTask.Scope), "Scope of a health check or a cost report", t => t.Scope, (t, v) => t with { Scope = v.TrimEnd('/') }, "/subscriptions/…/resourceGroups/…"),
        new("task_steps", nameof(ScheduledTask.Steps), "Steps (one a line)", InputKind.LongText, t => string.Join("\n", t.Steps), (t, v) => (t with { Steps = Lines(v) }, null))
        {
            Hint = "restart /subscriptions/…/providers/Microsoft.Web/sites/my-app, or az …, or kubectl …",
        },
        new("task_channel", nameof(ScheduledTask.Channel), "Posts", InputKind.OneOf, t => t.Channel is null ? Inherit : t.Channel == conversation ? Here : Kept, (t, v) => v switch
        {
            Inherit => (t with { Channel = null }, null),
            Here => (t with { Channel = conversation }, null),
            _ => (null, "is the agent's place, or here."),
        })
        {
            Choices = [("Where the agent posts by default", Inherit), ("Here", Here), ("As it is: where settings or another form said", Kept)],
        },
        Switch("task_thread", nameof(ScheduledTask.SameThread), "Thread", "Every run in the same thread", t => t.SameThread, (t, v) => t with { SameThread = v }),
        Number("task_limit", nameof(ScheduledTask.RunLimit), "Ends after so many runs", t => t.RunLimit, (t, n) => t with { RunLimit = n }, 1, 1_000_000, "empty: never"),
        new("task_until", nameof(ScheduledTask.Until), "Last day", InputKind.Text, t => Day(t.Until, zone), (t, v) =>
            v.Length == 0 ? (t with { Until = null }, null)
            : TaskSettings.LastDay(v, zone) is { } until ? (t with { Until = until }, null)
            : (null, "takes a day as in 2027-12-31, or nothing."))
        { Hint = "empty: none; as in 2027-12-31" },
        new("task_instructions", nameof(ScheduledTask.Instructions), "Instructions, shown to approvers", InputKind.LongText, t => t.Instructions, (t, v) => (t with { Instructions = v }, null)),
        Switch("task_enabled", nameof(ScheduledTask.Enabled), "State", "Runs by its schedule", t => t.Enabled, (t, v) => t with { Enabled = v }),
    ];

    /// <summary>As the boxes are filled when the form opens.</summary>
    public static IReadOnlyDictionary<string, string> Values(ScheduledTask task, TimeZoneInfo zone, string conversation) => Of(zone, conversation).ToDictionary(f => f.Id, f => f.Value(task));

    /// <summary>To leave the place as it is, is a choice where it is neither of the others.</summary>
    public static FormInput Offered(FormInput input) => input.Value == Kept ? input : input with { Choices = [.. input.Choices.Where(c => c.Value != Kept)] };

    private static int Rank(Does does) => does switch { Does.HealthCheck => 0, Does.CostReport => 1, Does.PendingReminder => 2, Does.Insights => 3, _ => 4 };

    private static string What(Does does) => does switch
    {
        Does.HealthCheck => "HealthCheck: a resource group, and what a runbook would mend",
        Does.CostReport => "CostReport: this period against the last",
        Does.PendingReminder => "PendingReminder: what waits for a decision",
        Does.Insights => "Insights: how the plans did",
        Does.Steps => "Steps: literal operations, one after the other",
        _ => does.ToString(),
    };

    private static List<string> Lines(string text) => [.. text.Split(['\n', '\r'], StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>The last day on which it runs: what is stored is that day's end.</summary>
    private static string Day(DateTimeOffset? until, TimeZoneInfo zone) =>
        until is { } end ? TimeZoneInfo.ConvertTime(end.AddTicks(-1), zone).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";
}
