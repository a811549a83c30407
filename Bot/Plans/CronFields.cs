using System.Globalization;

namespace RunModes.Bot.Plans;

/// <summary>
/// Five cron fields as Quartz reads them: a seconds field before, Sundays as 1, and '?' for the day field that does not count. Each field is
/// spelt out as a list, so that no step or range can mean something else there.
/// </summary>
internal static class CronFields
{
    public const int Count = 5;

    private const int Day = 2;
    private const int Month = 3;
    private const int Weekday = 4;

    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    private static readonly string[] Weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
    private static readonly int[] LongestOf = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

    private static readonly Field[] All =
    [
        new("minute", 0, 59, []), new("hour", 0, 23, []), new("day of the month", 1, 31, []), new("month", 1, 12, Months), new("weekday", 0, 7, Weekdays),
    ];

    public static (string? Quartz, string Problem) ToQuartz(IReadOnlyList<string> fields)
    {
        if (fields[Day] != "*" && fields[Weekday] != "*")
        {
            return (null, "the day of the month and the weekday cannot both be restricted, since cron programs differ in what that means; put * in one of them");
        }

        List<SortedSet<int>> sets = [];
        for (var i = 0; i < Count; i++)
        {
            var (set, problem) = Set(All[i], fields[i].ToLowerInvariant());
            if (set is null)
            {
                return (null, problem);
            }

            sets.Add(set);
        }

        if (sets[Month].All(m => sets[Day].Min > LongestOf[m - 1]))
        {
            return (null, "that day never comes in those months; choose another day");
        }

        var weekdays = sets[Weekday].Select(d => (d % 7) + 1).Distinct().Order();
        return ($"0 {List(fields[0], sets[0])} {List(fields[1], sets[1])} {(fields[Weekday] == "*" ? List(fields[Day], sets[Day]) : "?")} {List(fields[Month], sets[Month])} {(fields[Weekday] == "*" ? "?" : string.Join(',', weekdays))}", "");
    }

    private static string List(string written, IEnumerable<int> set) => written == "*" ? "*" : string.Join(',', set);

    private static (SortedSet<int>? Set, string Problem) Set(Field field, string written)
    {
        SortedSet<int> set = [];
        foreach (var part in written.Split(','))
        {
            var (from, to, step, problem) = Part(field, part);
            if (problem.Length > 0)
            {
                return (null, problem);
            }

            for (var value = from; value <= to; value += step)
            {
                set.Add(value);
            }
        }

        return (set, "");
    }

    private static (int From, int To, int Step, string Problem) Part(Field field, string part)
    {
        (int, int, int, string) Refuse(string why) => (0, 0, 1, why);

        var steps = part.Split('/');
        var ends = steps[0].Split('-');
        if (steps.Length > 2 || ends.Length > 2)
        {
            return Refuse($"{field.NotOne(part)}");
        }

        var isAll = steps[0] == "*";
        int? first = isAll ? field.Least : field.Value(ends[0]);
        int? last = isAll ? (field.Least == 0 && field.Most == 7 ? 6 : field.Most) : field.Value(ends[^1]);
        if (first is not { } from || last is not { } to)
        {
            return Refuse(field.NotOne(part));
        }

        // A week may be said to end on Sunday.
        to = ends.Length == 2 && field.Most == 7 && to == 0 && from > 0 ? 7 : to;
        if (to < from)
        {
            return Refuse($"in the {field.Name} field the range {part} goes backwards; write two ranges");
        }

        if (steps.Length == 1)
        {
            return (from, to, 1, "");
        }

        if (!isAll && ends.Length == 1)
        {
            return Refuse($"in the {field.Name} field a step needs a range or *, as in */5 or 10-40/5; '{part}' has none");
        }

        return int.TryParse(steps[1], NumberStyles.None, CultureInfo.InvariantCulture, out var step) && step > 0 && step <= field.Most - field.Least
            ? (from, to, step, "")
            : Refuse($"in the {field.Name} field the step of '{part}' is not a number from 1 to {field.Most - field.Least}; use one");
    }

    private sealed record Field(string Name, int Least, int Most, string[] Names)
    {
        public int? Value(string text) =>
            Array.IndexOf(Names, text) is var at and >= 0 ? at + (Most == 12 ? 1 : 0)
            : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= Least && value <= Most && text.Length <= 2 ? value
            : null;

        public string NotOne(string part) =>
            $"'{part}' is no {Name}; use {Least} to {Most}{(Names.Length == 0 ? "" : $" or {Names[0]}, {Names[1]}, …")}, a list (1,2), a range (1-5), * or a step (*/2)";
    }
}
