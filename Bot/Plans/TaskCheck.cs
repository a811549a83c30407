namespace RunModes.Bot.Plans;

/// <summary>What keeps a task from being stored, whoever writes it: one line each, saying what is accepted.</summary>
internal static class TaskCheck
{
    /// <param name="zone">The agent's, in which schedules are meant.</param>
    /// <param name="rules">What a step may be.</param>
    /// <returns>By the name of the property.</returns>
    public static IReadOnlyList<(string Property, string Problem)> Problems(ScheduledTask task, TimeZoneInfo zone, DateTimeOffset now, StepRules rules)
    {
        List<(string, string)> problems = [];
        var (schedule, problem) = Schedule.Read(task.Cron, zone);
        if (schedule is null)
        {
            problems.Add((nameof(ScheduledTask.Cron), problem));
        }

        if (!TaskSettings.IsRun(task.Does))
        {
            problems.Add((nameof(ScheduledTask.Does), $"is one of {string.Join(", ", TaskSettings.Runs)}."));
        }

        if (TaskSettings.ScopeProblem(task) is { } scope)
        {
            problems.Add((nameof(ScheduledTask.Scope), scope));
        }

        problems.AddRange(StepProblems(task, rules).Select(p => (nameof(ScheduledTask.Steps), p)));
        if (schedule is not null && task.Enabled && task.NextDue(schedule, now) is null && !task.Failed)
        {
            problems.Add((task.Until <= now ? nameof(ScheduledTask.Until) : nameof(ScheduledTask.RunLimit), "is reached already, so it would never run: raise it, or leave it empty."));
        }

        return problems;
    }

    public static IReadOnlyList<string> StepProblems(ScheduledTask task, StepRules rules) => task.Does switch
    {
        Does.Steps => TaskStep.Problems(task.Steps, rules),
        Does.Unknown => [],
        _ => task.Steps.Count > 0 ? [$"a {task.Does} has none; remove them."] : [],
    };
}
