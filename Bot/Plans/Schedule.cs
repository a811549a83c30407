using Quartz;

namespace RunModes.Bot.Plans;

/// <summary>When a task runs: five cron fields, or a few English phrases that mean five. Quartz does the times, daylight saving included.</summary>
internal sealed class Schedule
{
    public const string Accepted = "write five cron fields (minute hour day month weekday, as in 0 8 * * 1-5) or: every day at 8, every weekday at 8:30, every monday at 9, every hour, every 15 minutes, first day of the month at 7";

    private const int Longest = 200;

    private readonly CronExpression _expression;

    private Schedule(string text, CronExpression expression)
    {
        Text = text;
        _expression = expression;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <returns>No schedule: the problem says what cannot be read and what would be.</returns>
    public static (Schedule? Schedule, string Problem) Read(string text, TimeZoneInfo zone)
    {
        var written = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (written.Length is 0 or > Longest)
        {
            return (null, written.Length == 0 ? $"is missing; {Accepted}." : $"is longer than {Longest} characters; {Accepted}.");
        }

        var (cron, problem) = ScheduleWords.Read(written.ToLowerInvariant());
        if (problem.Length > 0)
        {
            return (null, $"'{written}': {problem}.");
        }

        var fields = (cron ?? written).Split(' ');
        if (fields.Length != CronFields.Count || fields[0].Any(char.IsAsciiLetter))
        {
            return (null, $"'{written}' is no schedule; {Accepted}.");
        }

        var (quartz, wrong) = CronFields.ToQuartz(fields);
        return quartz is null ? (null, $"'{written}': {wrong}.") : (new(written, new CronExpression(quartz, zone)), "");
    }

    /// <summary>Strictly later than <paramref name="after"/>, in UTC.</summary>
    public IReadOnlyList<DateTimeOffset> Next(DateTimeOffset after, int count)
    {
        List<DateTimeOffset> times = [];
        for (var at = after; times.Count < count && _expression.GetNextValidTimeAfter(at) is { } next; at = next)
        {
            times.Add(next.ToUniversalTime());
        }

        return times;
    }

    public override string ToString() => Text;
}
