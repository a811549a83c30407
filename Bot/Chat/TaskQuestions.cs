using System.Globalization;
using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Chat;

/// <summary>What the confirmation of a task's edit, or of a run by hand, says: every field that differs, which operations are not asked about any more, and when it runs next.</summary>
internal sealed class TaskQuestions(ChatTables tables, Confirmations confirmations, TaskQuestions.Setting set, AgentSettings agent, TimeProvider clock)
{
    private const int NextTimes = 3;

    internal sealed record Setting(AutonomyBudget Budget, StepRules Rules);

    public DateTimeOffset Now => clock.GetUtcNow();

    public async Task Ask(ITransaction transaction, TaskEdit edit, Control control, Asker asker)
    {
        var text = Of(edit, control) with { Fields = await Fields(transaction, edit) };
        await confirmations.Ask(transaction, new Question(ConfirmedChange.TaskEdit, (edit.After ?? edit.Before)!.Name, edit.Before?.Revision ?? 0, text) { TaskEdit = edit }, asker);
    }

    /// <summary>A run by hand of a task that has operations. A typed message alone begins none.</summary>
    public Task AskRun(ITransaction transaction, ScheduledTask task, Control control, Asker asker) => confirmations.Ask(
        transaction,
        new Question(ConfirmedChange.TaskRun, task.Name, task.Revision, new ConfirmationText(
            $"Run task {task.Name} now", ModeOf(task, control).ToString(), "Runs once", [], ["Whatever it proposes: a person starts it, so each operation asks on a card of its own"])
        {
            Fields = [.. Steps(task).Select(s => new FieldChange("Operation", null, s))],
            Consequences = ["Its schedule and its limit go on as if it had not been"],
            InForce = "A run begins now.",
        }),
        asker);

    public IReadOnlyList<(string Property, string Problem)> Problems(ScheduledTask task) => TaskCheck.Problems(task, agent.Zone, Now, set.Rules);

    /// <summary>As it is stored.</summary>
    public ScheduledTask Completed(ScheduledTask task) => task with { Steps = set.Rules.Completed(task.Steps) };

    /// <summary>"Next: Thu 2026-03-05 08:00, …": what somebody who wrote a schedule wants to see before they trust it.</summary>
    public CardText Next(ScheduledTask task)
    {
        var times = Times(task);
        return times.Count == 0 ? CardText.Of($"It does not run by itself.") : CardText.Of($"Next: {string.Join(", ", times)} ({agent.TimeZone}).");
    }

    public string NextWords(ScheduledTask task) => Times(task) is { Count: > 0 } times ? $"Runs next: {string.Join(", ", times)} ({agent.TimeZone})" : "It does not run by itself";

    private List<string> Times(ScheduledTask task) => !task.Enabled || Schedule.Read(task.Cron, agent.Zone).Schedule is not { } schedule ? [] :
    [
        .. schedule.Next(Now, NextTimes).Where(n => !(n >= task.Until)).Take(task.RunLimit - task.Runs ?? NextTimes)
            .Select(n => TimeZoneInfo.ConvertTime(n, agent.Zone).ToString("ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)),
    ];

    public static EffectiveMode ModeOf(ScheduledTask task, Control control) => new Mandate(null, task).ModeUnder(control);

    public static bool Resumes(ScheduledTask before, ScheduledTask after) => (!before.Enabled && after.Enabled) || (before.Failed && !after.Failed);

    public static string Title(TaskEdit edit) => edit switch
    {
        { Before: null, After: { } after } => $"Create task {after.Name}",
        { Before: { } before, After: null } => $"Delete task {before.Name}",
        { Before: { Enabled: true } before, After: { Enabled: false } after } when OnlyState(before, after) => $"Pause task {before.Name}",
        { Before: { } before, After: { } after } when Resumes(before, after) && OnlyState(before, after) => $"Resume task {before.Name}",
        { Before: { } before, After: { Mode: { } mode } after } when Authority.OfTask(new(before, after with { Mode = before.Mode })) == Change.None => $"Set task {before.Name} to {mode}",
        _ => $"Edit task {edit.Before!.Name}",
    };

    /// <summary>What it will be, in the words of the card; what it would be by the time it is confirmed must read the same.</summary>
    public static string Then(TaskEdit edit, Control control) => edit.After is { } after ? Mode(after, control) : "Deleted";

    private static string Mode(ScheduledTask task, Control control) => (task.Failed ? "Failed, " : task.Enabled ? "" : "Paused, ") + ModeOf(task, control);

    private ConfirmationText Of(TaskEdit edit, Control control)
    {
        var (before, after) = (edit.Before is { } b ? Mode(b, control) : "No such task", Then(edit, control));
        if (edit.After is not { } now)
        {
            return new(Title(edit), before, after, [], [])
            {
                Consequences = ["It does not run any more, and what it had asked is withdrawn", "Its name stays taken: settings do not bring it back"], InForce = "In force now.",
            };
        }

        var text = ModeOf(now, control).Mode == RunMode.Autonomous
            ? new ConfirmationText(Title(edit), before, after, Unasked(now), [.. PlanWords.Asked(set.Budget), "What begins more than 15 minutes late"])
            : new ConfirmationText(Title(edit), before, after, [], ["Every change by this task: it is in Review mode"]);
        return text with { Consequences = [.. Advice(edit, now, control), NextWords(now)] };
    }

    private IReadOnlyList<string> Unasked(ScheduledTask task) => task.Does switch
    {
        Does.Steps => [.. Steps(task).Select(s => $"{s} At once, reported afterwards")],
        Does.HealthCheck => PlanWords.Unasked($"in {task.Scope}"),
        _ => [],
    };

    private IEnumerable<string> Steps(ScheduledTask task) => task.Steps.Select(s => CommandStep.TryRead(s, set.Rules, out var command, out _) ? command.Words : TaskStep.TryRead(s, out var step, out _) ? step.Words : s);

    /// <summary>A warning, not a bar, where the mode is chosen against what is recommended for this kind of work.</summary>
    private static string[] Advice(TaskEdit edit, ScheduledTask now, Control control) =>
        edit.Before?.Mode == now.Mode && edit.Before is not null ? [] : Recommendation.Against(now, ModeOf(now, control).Mode) is { } advice ? [advice] : [];

    /// <summary>A conversation by the name that people know it by.</summary>
    private async Task<IReadOnlyList<FieldChange>> Fields(ITransaction transaction, TaskEdit edit)
    {
        List<FieldChange> fields = [];
        foreach (var field in TaskFields.Differences(edit.Before, edit.After))
        {
            fields.Add(field.Field == PlanFields.Channel
                ? field with { Before = field.Before is { } before ? await Place(transaction, before) : null, After = await Place(transaction, field.After) }
                : field);
        }

        return fields is [{ Field: PlanFields.Mode or PlanFields.State, Before: not null }] ? [] : fields;
    }

    private async Task<string> Place(ITransaction transaction, string id) => id.Length == 0 ? "the default channel" : (await tables.Conversations.Find(transaction, id))?.Name ?? "a channel that the bot cannot reach";

    private static bool OnlyState(ScheduledTask before, ScheduledTask after) =>
        Authority.OfTask(new(before, after with { Enabled = before.Enabled, Failed = before.Failed, FailuresInARow = before.FailuresInARow })) == Change.None;
}
