using System.Globalization;
using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <param name="Start">Start of the minute the value stands for, as Azure stamps it: the minute ends 60 s later.</param>
internal readonly record struct Sample(DateTimeOffset Start, double Value);

/// <summary>What a metric said. A minute without a value is not a zero, and no values at all is not "normal".</summary>
internal abstract record MetricReading
{
    private MetricReading() { }

    /// <param name="Points">In order of time; never empty.</param>
    public sealed record Samples(IReadOnlyList<Sample> Points) : MetricReading;

    public sealed record CouldNotTell(string Why) : MetricReading;

    public T Match<T>(Func<Samples, T> samples, Func<CouldNotTell, T> couldNotTell) => this switch
    {
        Samples read => samples(read),
        CouldNotTell unread => couldNotTell(unread),
        _ => throw new InvalidOperationException($"Unknown reading {GetType().Name}."),
    };
}

/// <summary>Azure Monitor platform metrics, one minute apart. One metric a call: a metric that a tier does not have fails alone.</summary>
internal sealed class MetricReader(ArmReader arm)
{
    private const string ApiVersion = "2018-01-01";
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    /// <param name="aggregation">"Average", "Total", "Maximum", "Minimum" or "Count".</param>
    /// <returns>Only samples that begin at or after <paramref name="from"/>.</returns>
    public async Task<MetricReading> Samples(
        ResourceId resource, string metric, string aggregation, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        // Azure works in whole minutes and refuses an empty span.
        var start = new DateTimeOffset(from.UtcTicks - (from.UtcTicks % Minute.Ticks), TimeSpan.Zero);
        var end = to - start < Minute ? start + Minute : to.ToUniversalTime();
        (string, string)[] query =
        [
            ("timespan", $"{Iso(start)}/{Iso(end)}"),
            ("interval", "PT1M"),
            ("metricnames", metric),
            ("aggregation", aggregation),
        ];
        var answer = await arm.Get(resource, "/providers/Microsoft.Insights/metrics", ApiVersion, query, cancellation);
        return answer.Match<MetricReading>(
            body => Parse(body, metric, aggregation, from, to),
            (_, _) => new MetricReading.CouldNotTell($"'{resource.Name}' does not exist or is hidden from the agent"),
            (_, _) => new MetricReading.CouldNotTell($"the agent may not read metrics of '{resource.Name}'; grant it Monitoring Reader there"),
            reason => new MetricReading.CouldNotTell($"{metric} of '{resource.Name}' could not be read: {reason.TrimEnd('.')}"));
    }

    private static MetricReading Parse(JsonElement body, string metric, string aggregation, DateTimeOffset from, DateTimeOffset to)
    {
        var series = body.Items("value").FirstOrDefault(item => Is(item.Text("name", "value"), metric));
        if (series.Text("errorCode") is { } error && !Is(error, "Success"))
        {
            return new MetricReading.CouldNotTell($"Azure answered {metric} with the error {error.Plain(60)}");
        }

        var samples = series.Items("timeseries").SelectMany(line => line.Items("data"))
            .Select(point => (Start: point.Time("timeStamp"), Value: point.Number(aggregation.ToLowerInvariant())))
            .Where(point => point is { Start: not null, Value: not null } && point.Start >= from)
            .Select(point => new Sample(point.Start!.Value, point.Value!.Value))
            .OrderBy(sample => sample.Start)
            .ToList();
        return samples.Count > 0
            ? new MetricReading.Samples(samples)
            : new MetricReading.CouldNotTell($"Azure has no value of {metric} between {from.Utc()} and {to.Utc()}");
    }

    private static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static bool Is(string? text, string word) => string.Equals(text, word, StringComparison.OrdinalIgnoreCase);
}
