using System.Collections.Concurrent;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>How a metric behaves over time, seen from the moment it was given to a resource (the origin).</summary>
/// <param name="Shape">Value at an offset from the origin; null where nothing was measured.</param>
internal sealed record Series(Func<TimeSpan, double?> Shape)
{
    /// <summary>Azure answers the metric with no time series at all.</summary>
    public static Series Missing { get; } = new(_ => null);

    /// <summary>Azure answers time stamps without values, as it does while nothing was sampled.</summary>
    public static Series Silent { get; } = new(_ => null);

    public static Series Flat(double value) => new(_ => value);

    /// <summary>Climbs until the origin and stays there.</summary>
    public static Series Rising(double to, double from = 45, TimeSpan? over = null) => Ramp(from, to, over ?? TimeSpan.FromHours(2));

    /// <summary>Was high, went down by itself until the origin.</summary>
    public static Series Recovered(double from = 94, double to = 41, TimeSpan? over = null) => Ramp(from, to, over ?? TimeSpan.FromMinutes(20));

    public static Series Step(double before, double after, TimeSpan at) => new(offset => offset < at ? before : after);

    public static Series Spike(double usual, double peak, TimeSpan ago, TimeSpan length) =>
        new(offset => offset >= -ago && offset < -ago + length ? peak : usual);

    /// <summary>Nothing measured between the two offsets.</summary>
    public Series WithGap(TimeSpan from, TimeSpan to) => new(offset => offset >= from && offset < to ? null : Shape(offset));

    private static Series Ramp(double from, double to, TimeSpan over) =>
        new(offset => offset >= TimeSpan.Zero ? to : offset <= -over ? from : to + ((from - to) * (offset / -over)));
}

/// <summary>The metrics of one resource. What is assigned holds from the beginning; <see cref="From"/> changes the course and keeps the past.</summary>
internal sealed class MetricSet(TimeProvider clock)
{
    private readonly ConcurrentDictionary<string, (Series Series, Func<DateTimeOffset, double?> At)> all = new(StringComparer.OrdinalIgnoreCase);

    public Series this[string name]
    {
        get => all[name].Series;
        set
        {
            var origin = clock.GetUtcNow();
            all[name] = (value, at => value.Shape(at - origin));
        }
    }

    public IEnumerable<string> Names => all.Keys;

    /// <summary>From this moment on the metric follows <paramref name="next"/>.</summary>
    public void From(DateTimeOffset moment, string name, Series next)
    {
        var past = all[name].At;
        all[name] = (next, at => at < moment ? past(at) : next.Shape(at - moment));
    }

    internal bool Knows(string name) => all.ContainsKey(name);

    internal bool IsMissing(string name) => ReferenceEquals(all[name].Series, Series.Missing);

    internal double? At(string name, DateTimeOffset moment) => all[name].At(moment);
}
