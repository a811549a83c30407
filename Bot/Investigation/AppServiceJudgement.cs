using System.Globalization;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>What follows from the readings, in words. Pure; the first that applies wins, and only the last line is <see cref="Conclusion.Sick"/>.</summary>
internal sealed record AppServiceJudgement(Conclusion Conclusion, string Present, string Past, string? Gap = null)
{
    private const double BusyCpu = 90;

    public static AppServiceJudgement Of(AppServiceReadings read, PercentHistory? memory) =>
        NotItself(read) ?? Unknown(read, memory) ?? (memory!.State == PercentState.High ? High(read, memory) : NotHigh(read, memory));

    /// <summary>Stopped, held or without ground under it: then no load says anything. Null: nothing of the kind.</summary>
    public static AppServiceJudgement? NotItself(AppServiceReadings read) => Purpose(read) ?? Platform(read);

    /// <summary>The middle of the last minutes in seconds; null: not read, or nobody called.</summary>
    private static double? Response(AppServiceReadings read) =>
        read.ResponseTime is MetricReading.Samples samples ? PercentHistory.Recent(samples.Points, read.At) : null;

    private static AppServiceJudgement? Purpose(AppServiceReadings read)
    {
        var site = read.Site;
        if (site.QuotaExceeded)
        {
            return Same(Conclusion.OtherCause, $"{site.Name} has used up the quota of its plan and is held by Azure until the quota resets; a restart does not give it more");
        }

        if (!site.IsStopped && site.Enabled)
        {
            return null;
        }

        var stop = (read.Changes as Reading<IReadOnlyList<Change>>.Told)?.Value.FirstOrDefault(change => change.Kind == ChangeKind.Stop);
        return Same(Conclusion.StoppedOnPurpose, stop is null
            ? $"{site.Name} is {(site.IsStopped ? "stopped" : "disabled")}, by whom does not stand in the last two hours of the activity log; it stays as it is"
            : $"{site.Name} was stopped at {stop.At.Utc()} UTC by {stop.By}; it stays as it is");
    }

    private static AppServiceJudgement? Platform(AppServiceReadings read)
    {
        if (read.Health is Reading<PlatformHealth>.Told { Value: { IsPlatformProblem: true } health })
        {
            return Same(Conclusion.OtherCause, $"Azure reports a problem of its platform under {read.Site.Name} ({health.State}): {health.Summary} A restart would not help");
        }

        return read.Site.Availability.Equals("Normal", StringComparison.OrdinalIgnoreCase)
            ? null
            : Same(Conclusion.OtherCause, $"Azure keeps {read.Site.Name} in the state '{read.Site.Availability.Plain(30)}'; a restart would not help");
    }

    private static AppServiceJudgement? Unknown(AppServiceReadings read, PercentHistory? memory)
    {
        var why = (read.Memory, memory) switch
        {
            (MetricReading.CouldNotTell unread, _) => unread.Why,
            (_, { State: PercentState.CouldNotTell } old) when old.IsStale(read.At) => $"the last value of memory is from {old.Latest.Start.Utc()} UTC",
            (_, { State: PercentState.CouldNotTell }) => "there are too few values of memory",
            (_, { State: PercentState.TooEarly } peak) => $"memory is {Percent(peak.Latest.Value)}, but only since {peak.Since.Utc()} UTC, which is too short to be more than a peak",
            _ => null,
        };
        return why is null ? null : Same(Conclusion.CouldNotTell, $"it cannot be told whether {read.Site.Name} is running slowly: {why}");
    }

    private static AppServiceJudgement NotHigh(AppServiceReadings read, PercentHistory memory)
    {
        var name = read.Site.Name;
        var response = Response(read);
        if (response >= AppServiceSlowRunbook.SlowSeconds)
        {
            var cpu = read.Cpu is MetricReading.Samples samples && PercentHistory.Recent(samples.Points, read.At) is >= BusyCpu and var busy ? $" and CPU is {Percent(busy)}" : "";
            return Same(Conclusion.OtherCause,
                $"{name} is running slowly, but not for lack of memory: responses take {Seconds(response.Value)} while memory is {Percent(memory.Latest.Value)}{cpu}; a restart would hide the cause");
        }

        var quick = response is null ? "" : $", responses take {Seconds(response.Value)}";
        return memory.State == PercentState.Fell
            ? Same(Conclusion.Recovered,
                $"{name} has recovered by itself: memory peaked at {Percent(memory.Peak.Value)} at {memory.Peak.Start.Utc()} UTC and is {Percent(memory.Latest.Value)}, normal since {memory.Since.Utc()}{quick}; nothing to do")
            : Same(Conclusion.NeverSick,
                $"{name} is running normally: memory is {Percent(memory.Latest.Value)} and was at most {Percent(memory.Peak.Value)} in the last hour{quick}; nothing to do");
    }

    private static AppServiceJudgement High(AppServiceReadings read, PercentHistory memory)
    {
        var name = read.Site.Name;
        var response = Response(read);
        var (present, past) = response >= AppServiceSlowRunbook.SlowSeconds
            ? ($"{name} is running slowly due to high memory usage", $"{name} was running slowly")
            : ($"{name} has high memory usage ({Percent(memory.Latest.Value)} of its plan){(response is null ? "" : $", though responses still take only {Seconds(response.Value)}")}",
                $"{name} had high memory usage");

        switch (read.Changes)
        {
            case Reading<IReadOnlyList<Change>>.Told changes:
                var recent = changes.Value.FirstOrDefault(change => change.MayBeTheCause && read.At - change.At <= AppServiceSlowRunbook.RecentChange);
                if (recent is null)
                {
                    return new AppServiceJudgement(Conclusion.Sick, present, past);
                }

                var cause = $"; {Ago(read.At - recent.At)} before, at {recent} (UTC). A restart could hide the cause: look at that change first";
                return new AppServiceJudgement(Conclusion.OtherCause, present + cause, past + cause);

            case Reading<IReadOnlyList<Change>>.NotRead unread:
                return new AppServiceJudgement(Conclusion.Sick, present, past, $"Whether somebody just changed it is not known: {unread.Why}. A restart could hide the cause.");

            default:
                throw new InvalidOperationException($"Unknown reading {read.Changes.GetType().Name}.");
        }
    }

    private static AppServiceJudgement Same(Conclusion conclusion, string words) => new(conclusion, words, words);

    private static string Ago(TimeSpan span) => span < TimeSpan.FromMinutes(1.5) ? "a minute" : $"{span.TotalMinutes.ToString("0", CultureInfo.InvariantCulture)} minutes";

    public static string Percent(double value) => value.ToString("0", CultureInfo.InvariantCulture) + " %";

    public static string Seconds(double value) => value.ToString(value < SecondsWithOneDigit ? "0.00" : "0.0", CultureInfo.InvariantCulture) + " s";

    private const double SecondsWithOneDigit = 1;
}
