using System.Text.Json.Nodes;
using RunModes.Bot.Cards;
using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Tests.Cards;

/// <summary>The form of a task while it is filled in; once it has ended it reads as a plan's does.</summary>
internal static class SampleTaskForms
{
    private const string Here = "19:team@thread.tacv2";
    private const string App = "/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/web/providers/Microsoft.Web/sites/app-service-staging";

    private static readonly ScheduledTask Nightly = new()
    {
        Name = "staging-nightly", Cron = "every weekday at 20", Does = Does.Steps, Steps = [$"stop {App}", $"start {App}"], Mode = RunMode.Autonomous, Channel = Here, RunLimit = 30,
        Until = new(2028, 1, 1, 0, 0, 0, TimeSpan.Zero), Instructions = "Nobody works on staging at night.",
    };

    public static IReadOnlyDictionary<string, FormModel> All => new Dictionary<string, FormModel>
    {
        ["create-open"] = Model("Create a task", TaskForm.New with { Name = "daily-health" }, create: true) with { Notes = [Recommendation.OfTasks] },
        ["edit-open"] = Model("Edit task staging-nightly", Nightly) with
        {
            Notes = ["Recommended for staging and development: Autonomous.", "Runs next: Wed 2026-03-04 20:00, Thu 2026-03-05 20:00, Fri 2026-03-06 20:00 (Europe/Berlin)."],
        },
        ["edit-invalid"] = Invalid(),
    };

    public static IEnumerable<KeyValuePair<string, Func<JsonObject>>> Cards =>
    [
        .. All.Select(e => KeyValuePair.Create<string, Func<JsonObject>>($"form-task-{e.Key}", () => FormCard.Render(e.Value))),
        KeyValuePair.Create<string, Func<JsonObject>>("confirmation-task-pending", () => ConfirmationCard.Render(Confirmation)),
    ];

    private static ConfirmationModel Confirmation => Sample.Confirmation(ConfirmationState.Pending) with
    {
        Change = "Set task staging-nightly to Autonomous", Before = "Review (task staging-nightly)", After = "Autonomous (task staging-nightly)",
        NoLongerAsked = [.. Nightly.Steps.Select(s => TaskStep.TryRead(s, out var step, out _) ? $"{step.Words} At once, reported afterwards" : s)],
        StaysAsked = ["Whatever a person starts, and every target that another proposal concerns", "Everything while the emergency stop is on, a lock forbids it or a permission is missing", "What begins more than 15 minutes late"],
        Consequences = ["Runs next: Wed 2026-03-04 20:00, Thu 2026-03-05 20:00, Fri 2026-03-06 20:00 (Europe/Berlin)"],
    };

    private static FormModel Model(string title, ScheduledTask task, bool create = false)
    {
        var asked = Sample.Confirmation(ConfirmationState.Pending);
        return new("0123456789abcdef0123456789abcdef", 1, FormState.Open, title, asked.AskedBy, asked.ExpiresAt,
        [
            .. TaskFormFields.Of(TimeZoneInfo.Utc, Here).Where(f => create || !f.OnlyNew)
                .Select(f => TaskFormFields.Offered(new FormInput(f.Id, f.Label, f.Kind, f.Value(task)) { Choices = f.Choices, Hint = f.Hint, Required = f.OnlyNew || f.Required })),
        ]);
    }

    private static FormModel Invalid()
    {
        var model = Model("Edit task staging-nightly", Nightly);
        return model with
        {
            Revision = 2,
            Notes = ["Recommended for staging and development: Autonomous."],
            Inputs = [.. model.Inputs.Select(i => i.Id switch
            {
                "task_cron" => i with { Value = "every 7 minutes", Problem = $"Schedule: {Schedule.Read("every 7 minutes", TimeZoneInfo.Utc).Problem}" },
                "task_steps" => i with { Value = "stop app-service-staging", Problem = $"Steps (one a line): {TaskStep.Problems(["stop app-service-staging"])[0]}" },
                _ => i,
            })],
        };
    }
}
