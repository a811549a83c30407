using System.Globalization;

namespace RunModes.Bot.Plans;

/// <summary>Scheduled tasks as settings write them.</summary>
internal static class TaskSettings
{
    private static readonly Does[] Runs = [Does.PendingReminder, Does.Steps];

    public static bool IsRun(Does does) => Runs.Contains(does);

    /// <param name="zone">The agent's, in which its people read a clock.</param>
    public static ScheduledTask Of(string name, SettingsReader settings, TimeZoneInfo zone)
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
            Steps = settings.List("Steps"),
            Instructions = settings.Text("Instructions") ?? "",
            Mode = settings.Mode("Mode"),
            Channel = settings.Text("Channel"),
            RunLimit = settings.Number("RunLimit", 1, 1_000_000),
            Until = UntilOf(settings, zone),
            Enabled = settings.Flag("Enabled") ?? standard.Enabled,
            SameThread = settings.Flag("SameThread") ?? standard.SameThread,
        };
        if (task.Does == Does.PendingReminder && task.Scope.Length > 0)
        {
            settings.Problem("Scope", "a PendingReminder looks at no resource; remove it.");
        }

        if (task.Does == Does.Steps && task.Scope.Length > 0)
        {
            settings.Problem("Scope", "each of the Steps names its own target; remove it.");
        }

        if (task.Does == Does.Steps)
        {
            foreach (var wrong in TaskStep.Problems(task.Steps))
            {
                settings.Problem("Steps", wrong);
            }
        }

        if (task.Does == Does.PendingReminder && task.Steps.Count > 0)
        {
            settings.Problem("Steps", "a PendingReminder has none; remove them.");
        }

        return task;
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

        if (!DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) || day.Year is < 2000 or > 9000)
        {
            settings.Problem("Until", $"'{text}' is not a day; write it as in 2027-12-31. The task still runs on that day.");
            return null;
        }

        var end = day.AddDays(1).ToDateTime(TimeOnly.MinValue);
        return new DateTimeOffset(end, zone.GetUtcOffset(end)).ToUniversalTime();
    }
}
