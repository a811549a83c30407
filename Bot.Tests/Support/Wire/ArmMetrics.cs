using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>Azure Monitor's answer to a metrics query: buckets of the grain asked for, time-stamped with their beginning, up to the present of the clock.</summary>
internal static class ArmMetrics
{
    private static readonly Dictionary<string, string> Units = new(StringComparer.OrdinalIgnoreCase)
    {
        ["CpuPercentage"] = "Percent", ["MemoryPercentage"] = "Percent", ["HealthCheckStatus"] = "Count", ["MemoryWorkingSet"] = "Bytes",
        ["AverageMemoryWorkingSet"] = "Bytes", ["CpuTime"] = "Seconds", ["HttpResponseTime"] = "Seconds", ["AverageResponseTime"] = "Seconds",
    };

    public static WireAnswer Answer(AzureResource resource, WireRequest request, DateTimeOffset now, bool runningSampleCarriesNow)
    {
        if (!TrySpan(request, now, out var from, out var to)) return WireAnswer.BareError(400, "BadRequest", "The timespan is not valid.");
        var interval = request.Query.GetValueOrDefault("interval") switch
        {
            null => TimeSpan.FromMinutes(1),
            "FULL" => to - from,
            var text => XmlConvert.ToTimeSpan(text),
        };
        var names = request.Query.GetValueOrDefault("metricnames")?.Split(',') ?? [];
        if (names.FirstOrDefault(name => !resource.Metrics.Knows(name)) is { } unknown || names.Length == 0)
        {
            return WireAnswer.BareError(400, "BadRequest", $"Failed to find metric configuration for provider: Microsoft.Web, resource Type: {resource.Type}, "
                + $"metric: {names.FirstOrDefault()}, Valid metrics: {string.Join(',', resource.Metrics.Names)}");
        }

        var aggregations = (request.Query.GetValueOrDefault("aggregation") ?? "Average").Split(',', StringSplitOptions.TrimEntries);
        return WireAnswer.Ok(new JsonObject
        {
            ["cost"] = 0, ["timespan"] = $"{Stamp(from)}/{Stamp(to)}", ["interval"] = XmlConvert.ToString(interval),
            ["namespace"] = resource.Type, ["resourceregion"] = resource.Location.Replace(" ", "", StringComparison.Ordinal).ToLowerInvariant(),
            ["value"] = new JsonArray([.. names.Select(name => (JsonNode)new JsonObject
            {
                ["id"] = $"{resource.Id}/providers/Microsoft.Insights/metrics/{name}", ["type"] = "Microsoft.Insights/metrics",
                ["name"] = new JsonObject { ["value"] = name, ["localizedValue"] = name },
                ["unit"] = Units.GetValueOrDefault(name, "Count"),
                ["timeseries"] = resource.Metrics.IsMissing(name) ? [] : new JsonArray(new JsonObject
                {
                    ["metadatavalues"] = new JsonArray(),
                    ["data"] = new JsonArray([.. Buckets(from, to, interval, now)
                        .Select(start => (JsonNode)Bucket(resource.Metrics, name, start, interval, now, runningSampleCarriesNow, aggregations))]),
                }),
                ["errorCode"] = "Success",
            })]),
        });
    }

    private static IEnumerable<DateTimeOffset> Buckets(DateTimeOffset from, DateTimeOffset to, TimeSpan interval, DateTimeOffset now)
    {
        var first = new DateTimeOffset(from.UtcTicks - (from.UtcTicks % interval.Ticks), TimeSpan.Zero);
        for (var start = first; start < to && start <= now; start += interval) yield return start;
    }

    private static JsonObject Bucket(
        MetricSet metrics, string name, DateTimeOffset start, TimeSpan interval, DateTimeOffset now, bool carriesNow, string[] aggregations)
    {
        var running = carriesNow && now < start + interval;
        var stamp = running ? new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero) : start;
        var samples = new List<double>();
        for (var at = stamp; at < start + interval && at <= now; at += TimeSpan.FromMinutes(1))
        {
            if (metrics.At(name, running ? now : at) is { } value) samples.Add(value);
        }

        var bucket = new JsonObject { ["timeStamp"] = Stamp(stamp) };
        if (samples.Count == 0) return bucket;
        foreach (var aggregation in aggregations)
        {
            switch (aggregation.ToUpperInvariant())
            {
                case "AVERAGE": bucket["average"] = samples.Average(); break;
                case "MAXIMUM": bucket["maximum"] = samples.Max(); break;
                case "MINIMUM": bucket["minimum"] = samples.Min(); break;
                case "TOTAL": bucket["total"] = samples.Sum(); break;
                case "COUNT": bucket["count"] = samples.Count; break;
            }
        }

        return bucket;
    }

    private static bool TrySpan(WireRequest request, DateTimeOffset now, out DateTimeOffset from, out DateTimeOffset to)
    {
        (from, to) = (now - TimeSpan.FromHours(1), now);
        if (request.Query.GetValueOrDefault("timespan") is not { } span) return true;
        return span.Split('/') is [var start, var end]
            && DateTimeOffset.TryParse(start, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out from)
            && DateTimeOffset.TryParse(end, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out to) && from < to;
    }

    private static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
