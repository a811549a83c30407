using System.Security.Cryptography;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Incidents;

/// <summary>The incident that a tick of a task opens, or an Administrator who runs it by hand: one of its own, which no alert joins.</summary>
internal static class TaskIncident
{
    /// <param name="target">What it looks at: a resource, a group or a subscription; null for a task that looks at no resource.</param>
    /// <param name="by">Null: the clock.</param>
    public static Incident Open(ScheduledTask task, ResourceId? target, Who? by, DateTimeOffset now) => new()
    {
        Id = new(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12))),
        Platform = Platform.Schedule,
        Rule = task.Name,
        Title = by is null ? $"Task {task.Name}, by its schedule ({task.Cron})" : $"{by.Name} ran task {task.Name}",
        Severity = "",
        SignalType = task.Does.ToString(),
        Target = target,
        PlanWhy = "A scheduled task began it: no plan; the task's own mode applies, or the agent's default.",
        FirstFiredAt = now,
        LastFiredAt = now,
        MergeUntil = now,
        Firings = 1,
        Attempts = 1,
        Version = 1,
    };
}
