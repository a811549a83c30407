using System.Globalization;
using RunModes.Bot.Proposals;
using static RunModes.Bot.Investigation.AppServiceJudgement;

namespace RunModes.Bot.Investigation;

/// <summary>The lines a tired person reads at three in the morning: numbers with their times, what changed, and what nobody could read.</summary>
internal static class AppServiceEvidence
{
    private const double Gigabyte = 1024 * 1024 * 1024;
    private const int MostChanges = 4;

    /// <summary>Under this share of the memory in use, another app on the plan is worth a look.</summary>
    private const double SmallShare = 0.2;

    /// <summary>Gigabytes an instance has, as Microsoft's price list says; a size that is not here is not guessed.</summary>
    private static readonly Dictionary<string, double> InstanceMemory = new(StringComparer.OrdinalIgnoreCase)
    {
        ["B1"] = 1.75, ["B2"] = 3.5, ["B3"] = 7, ["S1"] = 1.75, ["S2"] = 3.5, ["S3"] = 7,
        ["P1v2"] = 3.5, ["P2v2"] = 7, ["P3v2"] = 14, ["P0v3"] = 4, ["P1v3"] = 8, ["P2v3"] = 16, ["P3v3"] = 32,
        ["P1mv3"] = 16, ["P2mv3"] = 32, ["P3mv3"] = 64, ["P4mv3"] = 128, ["P5mv3"] = 256, ["I1v2"] = 8, ["I2v2"] = 16, ["I3v2"] = 32,
    };

    public static IReadOnlyList<Evidence> Of(AppServiceReadings read, PercentHistory? memory, bool wholeCpu = false)
    {
        var lines = new List<Evidence>();
        var unread = new List<string>();
        Add("Memory", Line(read, read.Memory, Percent, unread));
        Add("Response time", Line(read, read.ResponseTime, Seconds, unread));
        Add("CPU", wholeCpu ? Line(read, read.Cpu, Percent, unread) : Latest(read.Cpu, Percent, unread));
        Add("Server errors", Errors(read.ServerErrors, unread));
        Add("Plan", Told(read.Plan, plan => Size(read.Site.Plan.Name, plan), unread));
        Add("This app", Share(read, memory, unread));
        Add("Changes", Told(read.Changes, changes => Changes(read, changes), unread));
        Add("Azure health", Told(read.Health, health => $"{health.State}{(health.Summary.Length > 0 ? $": {health.Summary}" : "")}", unread));
        Add("Not read", unread.Count == 0 ? null : string.Join("; ", unread.Distinct()));
        return lines;

        void Add(string label, string? text)
        {
            if (text is not null)
            {
                lines.Add(new Evidence(label, text));
            }
        }
    }

    /// <summary>First → last, the peak when it is neither, and the shape of the hour unless it was flat.</summary>
    private static string? Line(AppServiceReadings read, MetricReading reading, Func<double, string> unit, List<string> unread) => Points(reading, unread, points =>
    {
        var (first, last, peak) = (points[0], points[^1], points.Reverse().MaxBy(sample => sample.Value));
        var between = peak == first || peak == last ? "" : $", peak {unit(peak.Value)} at {peak.Start.Utc()}";
        var bars = Sparkline.Draw(points, read.From, read.At);
        return $"{unit(first.Value)} at {first.Start.Utc()} → {unit(last.Value)} at {last.Start.Utc()} UTC{between} {bars}".TrimEnd();
    });

    private static string? Latest(MetricReading reading, Func<double, string> unit, List<string> unread) =>
        Points(reading, unread, points => $"{unit(points[^1].Value)} at {points[^1].Start.Utc()} UTC");

    private static string? Errors(MetricReading reading, List<string> unread) => Points(reading, unread, points =>
    {
        var failed = points.Where(sample => sample.Value > 0).ToList();
        return failed.Count == 0
            ? "no 5xx answers in the last hour"
            : string.Create(CultureInfo.InvariantCulture, $"{failed.Sum(sample => sample.Value):0} answers with 5xx in the last hour, between {failed[0].Start.Utc()} and {failed[^1].Start.Utc()} UTC");
    });

    private static string Size(string name, PlanSize plan)
    {
        var instances = plan.Instances == 1 ? "1 instance" : string.Create(CultureInfo.InvariantCulture, $"{plan.Instances} instances");
        return string.Create(CultureInfo.InvariantCulture, $"{name}, {plan.Sku} × {instances}{(plan.Apps > 1 ? $", shared by {plan.Apps} apps" : "")}");
    }

    private static string? Share(AppServiceReadings read, PercentHistory? memory, List<string> unread) => Points(read.WorkingSet, unread, points =>
    {
        var held = points[^1].Value / Gigabyte;
        var text = string.Create(CultureInfo.InvariantCulture, $"holds {held:0.0} GB of memory at {points[^1].Start.Utc()} UTC");
        if (memory is null || read.Plan is not Reading<PlanSize>.Told { Value: { Apps: > 1 } plan } || !InstanceMemory.TryGetValue(plan.Sku, out var whole))
        {
            return text;
        }

        var used = whole * memory.Latest.Value / 100;
        var other = memory.State == PercentState.High && held < used * SmallShare ? "; another app on the plan may hold the rest, and a restart of this one would not free it" : "";
        return text + string.Create(CultureInfo.InvariantCulture, $" of about {used:0.0} GB in use on an instance{other}");
    });

    private static string Changes(AppServiceReadings read, IReadOnlyList<Change> changes)
    {
        var shown = changes.Take(MostChanges).Select(change => change.ToString()).ToList();
        if (changes.Count > MostChanges)
        {
            shown.Add($"and {(changes.Count - MostChanges).ToString(CultureInfo.InvariantCulture)} earlier");
        }

        if (!changes.Any(change => change.MayBeTheCause))
        {
            shown.Add("no deployment or configuration change in the last 2 hours (activity log)");
            // The log lags by minutes, and Azure also touches this time by itself: said, not judged.
            if (read.Site.Modified is { } modified && read.At - modified <= AppServiceSignals.ChangesSpan && changes.Count == 0)
            {
                shown.Add($"Azure says the app was last modified at {modified.Utc()}, the log does not say by whom");
            }
        }

        return string.Join("; ", shown);
    }

    private static string? Points(MetricReading reading, List<string> unread, Func<IReadOnlyList<Sample>, string> words) => reading.Match(
        samples => words(samples.Points),
        couldNot =>
        {
            unread.Add(couldNot.Why);
            return (string?)null;
        });

    private static string? Told<T>(Reading<T> reading, Func<T, string> words, List<string> unread)
    {
        if (reading is Reading<T>.Told told)
        {
            return words(told.Value);
        }

        unread.Add(((Reading<T>.NotRead)reading).Why);
        return null;
    }
}
