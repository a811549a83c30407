using System.Diagnostics;
using System.Globalization;

namespace RunModes.Bot.Benchmarks;

/// <param name="Ratio">Against what it is compared with, measured in the same run; null: nothing to compare with.</param>
/// <param name="Goal">The largest ratio, or value, that is good enough; null: none was set.</param>
internal sealed record Figure(string What, string Measured, string ComparedWith, double? Ratio, string? Goal, bool? Reached)
{
    public static Figure Of(string what, string measured, string comparedWith, double ratio, double goal) =>
        new(what, measured, comparedWith, ratio, string.Create(CultureInfo.InvariantCulture, $"≤ {goal:0.0#} ×"), ratio <= goal);
}

/// <summary>Times of something that was done many times over, in milliseconds.</summary>
internal sealed class Times
{
    private readonly List<double> _all = [];

    public double P50 => At(0.5);

    public double P99 => At(0.99);

    public async Task Of(Func<Task> work)
    {
        var began = Stopwatch.GetTimestamp();
        await work();
        _all.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{P50:0.00} ms (p99 {P99:0.0})");

    private double At(double share) => _all.Order().ElementAt((int)Math.Min(_all.Count - 1, _all.Count * share));
}
