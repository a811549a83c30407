using System.Globalization;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Plans;

/// <summary>The English schedules, as cron fields. A small documented set: what is nearly one of them is refused, not guessed.</summary>
internal static partial class ScheduleWords
{
    private static readonly string[] Weekdays = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];

    /// <param name="text">In lower case, with single spaces.</param>
    /// <returns>Null and no problem: it is none of these phrases.</returns>
    public static (string? Cron, string Problem) Read(string text)
    {
        if (Often().Match(text) is { Success: true } often)
        {
            return Every(often.Groups["n"], often.Groups["unit"].Value.StartsWith("hour", StringComparison.Ordinal));
        }

        if (At().Match(text) is not { Success: true } at || Days(at.Groups["when"].Value) is not { } days)
        {
            return (null, "");
        }

        return !at.Groups["time"].Success ? (null, "at what time? Add it, as in 'at 8' or 'at 8:30'")
            : Time(at.Groups["time"].Value) is { } time ? ($"{time.Minute} {time.Hour} {days}", "")
            : (null, $"'{at.Groups["time"].Value}' is no time of day; write 8, 8:30, 17:05, 8am, noon or midnight");
    }

    private static (string? Cron, string Problem) Every(Group number, bool hours)
    {
        var whole = hours ? 24 : 60;
        if (!int.TryParse(number.Success ? number.Value : "1", NumberStyles.None, CultureInfo.InvariantCulture, out var n) || n < 1 || n >= whole || whole % n != 0)
        {
            // Every 45 minutes would be at 0 and 45, which is a quarter of an hour.
            return (null, $"every {number.Value} {(hours ? "hours" : "minutes")} does not divide {(hours ? "the day" : "the hour")} evenly; use {string.Join(", ", Enumerable.Range(1, whole - 1).Where(i => whole % i == 0))}");
        }

        return ((hours, n) switch { (true, 1) => "0 * * * *", (true, _) => $"0 */{n} * * *", (_, 1) => "* * * * *", _ => $"*/{n} * * * *" }, "");
    }

    /// <summary>The last three fields.</summary>
    private static string? Days(string when)
    {
        switch (when)
        {
            case "every day" or "daily":
                return "* * *";
            case "every weekday" or "on weekdays":
                return "* * 1-5";
        }

        if (FirstDay().IsMatch(when))
        {
            return "1 * *";
        }

        var names = when.StartsWith("every ", StringComparison.Ordinal) ? Between().Split(when[6..]) : [];
        var days = names.Select(n => Array.IndexOf(Weekdays, n)).ToList();
        return days.Count > 0 && days.TrueForAll(d => d >= 0) ? $"* * {string.Join(',', days.Distinct())}" : null;
    }

    private static TimeOnly? Time(string text)
    {
        if (text is "noon" or "midnight")
        {
            return new TimeOnly(text == "noon" ? 12 : 0, 0);
        }

        if (Clock().Match(text) is not { Success: true } clock)
        {
            return null;
        }

        var (hour, minute, half) = (Number(clock.Groups["h"]), Number(clock.Groups["m"]), clock.Groups["half"].Value);
        if (minute > 59 || (half.Length == 0 ? hour > 23 : hour is < 1 or > 12))
        {
            return null;
        }

        return new TimeOnly(half.Length == 0 ? hour : (hour % 12) + (half == "pm" ? 12 : 0), minute);
    }

    private static int Number(Group group) => group.Success ? int.Parse(group.Value, CultureInfo.InvariantCulture) : 0;

    [GeneratedRegex("^(?:every (?:(?<n>[0-9]{1,4}) )?(?<unit>hours?|minutes?)|(?<unit>hour)ly)$", RegexOptions.CultureInvariant)]
    private static partial Regex Often();

    [GeneratedRegex("^(?<when>[a-z, 0-9]+?)(?: at (?<time>.+))?$", RegexOptions.CultureInvariant)]
    private static partial Regex At();

    [GeneratedRegex("^(?:on )?(?:the )?(?:first day|1st) of (?:the|every|each) month$", RegexOptions.CultureInvariant)]
    private static partial Regex FirstDay();

    [GeneratedRegex("(?:, ?and |, ?| and )", RegexOptions.CultureInvariant)]
    private static partial Regex Between();

    [GeneratedRegex("^(?<h>[0-9]{1,2})(?:[:.](?<m>[0-9]{2}))? ?(?<half>am|pm)?$", RegexOptions.CultureInvariant)]
    private static partial Regex Clock();
}
