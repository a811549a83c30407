using System.Globalization;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Plans;

/// <summary>Scheduled tasks as settings write them.</summary>
internal static class TaskSettings
{
    public static IReadOnlyList<Does> Runs { get; } = [Does.PendingReminder, Does.Steps, Does.HealthCheck, Does.CostReport, Does.Insights];

    public static bool IsRun(Does does) => Runs.Contains(does);

    /// <param name="zone">The agent's, in which its people read a clock.</param>
    /// <param name="rules">What a step may be.</param>
    public static ScheduledTask Of(string name, SettingsReader settings, TimeZoneInfo zone, StepRules rules)
    {
        var cron = settings.Text("Cron") ?? "";
        if (Schedule.Read(cron, zone) is { Schedule: null, Problem: var problem })
        {
            settings.Problem("Cron", problem);
        }

        var standard = new ScheduledTask { Name = name, Cron = cron };
        var task = standard with
        {
            Does = DoesOf(settings),
            Scope = settings.Text("Scope") ?? "",
            Steps = rules.Completed(settings.List("Steps")),
            Instructions = settings.Text("Instructions") ?? "",
            Mode = settings.Mode("Mode"),
            Channel = settings.Text("Channel"),
            RunLimit = settings.Number("RunLimit", 1, 1_000_000),
            Until = UntilOf(settings, zone),
            Enabled = settings.Flag("Enabled") ?? standard.Enabled,
            SameThread = settings.Flag("SameThread") ?? standard.SameThread,
        };
        if (ScopeProblem(task) is { } wrongScope)
        {
            settings.Problem("Scope", wrongScope);
        }

        foreach (var wrong in TaskCheck.StepProblems(task, rules))
        {
            settings.Problem("Steps", wrong);
        }

        return task;
    }

    /// <summary>Null: what it does has the scope that it needs.</summary>
    public static string? ScopeProblem(ScheduledTask task)
    {
        var read = ResourceId.TryParse(task.Scope, out var scope, out var why);
        return task.Does switch
        {
            Does.PendingReminder or Does.Insights => task.Scope.Length > 0 ? $"a {task.Does} looks at no resource; remove it." : null,
            Does.Steps => task.Scope.Length > 0 ? "each of the Steps names its own target; remove it." : null,
            Does.HealthCheck when task.Scope.Length == 0 => "is missing; a HealthCheck looks at a resource group, as in /subscriptions/<id>/resourceGroups/<name>.",
            Does.CostReport when task.Scope.Length == 0 => "is missing; a CostReport looks at a subscription or a resource group, as in /subscriptions/<id>/resourceGroups/<name>.",
            Does.HealthCheck or Does.CostReport when !read => $"'{task.Scope}' is no Azure id: {why}.",
            Does.HealthCheck when scope is { Group: null } or { IsResource: true } => $"'{task.Scope}' is no resource group, and a HealthCheck looks at one.",
            Does.CostReport when scope!.IsResource => $"'{task.Scope}' is a resource, and a CostReport looks at a subscription or a resource group.",
            _ => null,
        };
    }

    private static Does DoesOf(SettingsReader settings)
    {
        var text = settings.Text("Does");
        var named = Enum.GetValues<Does>().FirstOrDefault(d => d != Does.Unknown && d.ToString().Equals(text, StringComparison.OrdinalIgnoreCase));
        if (named == Does.Unknown)
        {
            settings.Problem("Does", text is null ? $"is missing; use {string.Join(" or ", Runs)}." : $"'{text}' is nothing a task does; use {string.Join(" or ", Runs)}.");
        }
        else if (!IsRun(named))
        {
            settings.Problem("Does", $"{named}: this version does not run it yet; use {string.Join(" or ", Runs)}, or remove the task.");
        }

        return named;
    }

    /// <summary>The whole of that day still counts.</summary>
    private static DateTimeOffset? UntilOf(SettingsReader settings, TimeZoneInfo zone)
    {
        if (settings.Text("Until") is not { } text)
        {
            return null;
        }

        if (LastDay(text, zone) is { } until)
        {
            return until;
        }

        settings.Problem("Until", $"'{text}' is not a day; write it as in 2027-12-31. The task still runs on that day.");
        return null;
    }

    /// <summary>The end of that day; null when it is none.</summary>
    public static DateTimeOffset? LastDay(string text, TimeZoneInfo zone)
    {
        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.Year is < 2000 or > 9000)
        {
            return null;
        }

        var end = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(end, zone.GetUtcOffset(end)).ToUniversalTime();
    }
}
