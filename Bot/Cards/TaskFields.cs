using System.Globalization;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Cards;

/// <param name="Property">As the task calls it.</param>
/// <param name="Field">As people call it.</param>
internal sealed record TaskField(string Property, string Field, Func<ScheduledTask, string> Value);

/// <summary>Every field of a task that people set, by the name they know it by; how it went is not theirs. A test holds the list complete.</summary>
internal static class TaskFields
{
    public static IReadOnlyList<TaskField> All { get; } =
    [
        new(nameof(ScheduledTask.Enabled), PlanFields.State, t => t.Failed ? "failed" : t.Enabled ? "enabled" : "paused"),
        new(nameof(ScheduledTask.Mode), PlanFields.Mode, t => t.Mode?.ToString() ?? "the agent's default"),
        new(nameof(ScheduledTask.Does), "Does", t => t.Does.ToString()),
        new(nameof(ScheduledTask.Cron), "Schedule", t => t.Cron),
        new(nameof(ScheduledTask.Scope), "Scope", t => t.Scope),
        new(nameof(ScheduledTask.Steps), "Steps", t => string.Join(", ", t.Steps)),
        new(nameof(ScheduledTask.Channel), PlanFields.Channel, t => t.Channel ?? ""),
        new(nameof(ScheduledTask.SameThread), "One thread", t => t.SameThread ? "yes" : "no"),
        new(nameof(ScheduledTask.RunLimit), "Runs at most", t => t.RunLimit?.ToString(CultureInfo.InvariantCulture) ?? ""),
        new(nameof(ScheduledTask.Until), "Ends before", t => t.Until?.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture) ?? ""),
        new(nameof(ScheduledTask.Instructions), "Instructions", t => t.Instructions),
    ];

    /// <summary>What differs, field by field. Of one that is created, what it stores other than nothing; of one that is deleted, nothing.</summary>
    public static IReadOnlyList<FieldChange> Differences(ScheduledTask? before, ScheduledTask? after) => after is null ? [] :
    [
        .. All.Select(f => new FieldChange(f.Field, before is null ? null : f.Value(before), f.Value(after)))
            .Where(c => c.Before != c.After && (c.Before is not null || c.After.Length > 0)),
    ];
}
