using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Primitives;

namespace RunModes.Bot.Sandbox;

/// <summary>Azure Monitor's answer to a metrics query, minute by minute up to the present. The running minute carries the present second, so that an effect is seen at once.</summary>
internal static class PracticeMetrics
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestSpan = TimeSpan.FromDays(1);

    private static readonly Dictionary<string, string> OfPlan = new(StringComparer.OrdinalIgnoreCase) { ["MemoryPercentage"] = "Percent", ["CpuPercentage"] = "Percent" };

    private static readonly Dictionary<string, string> OfSite = new(StringComparer.OrdinalIgnoreCase)
    {
        ["HttpResponseTime"] = "Seconds", ["MemoryWorkingSet"] = "Bytes", ["Http5xx"] = "Count",
    };

    public static PracticeAnswer Answer(PracticeApp app, bool ofPlan, IReadOnlyDictionary<string, StringValues> query, DateTimeOffset now)
    {
        var known = ofPlan ? OfPlan : OfSite;
        var (id, type) = ofPlan ? (app.PlanId, "Microsoft.Web/serverfarms") : (app.Id, "Microsoft.Web/sites");
        string Asked(string name) => query.TryGetValue(name, out var value) ? value.ToString() : "";
        if (!known.TryGetValue(Asked("metricnames"), out var unit))
        {
            return BadRequest($"Failed to find metric configuration for provider: Microsoft.Web, resource Type: {type}, metric: {Asked("metricnames")}, Valid metrics: {string.Join(',', known.Keys)}");
        }

        var metric = known.Keys.First(name => name.Equals(Asked("metricnames"), StringComparison.OrdinalIgnoreCase));
        var aggregation = Asked("aggregation").ToLowerInvariant();
        if (Asked("interval") != "PT1M" || aggregation is not ("average" or "total" or "maximum" or "minimum") || !TrySpan(Asked("timespan"), out var from, out var to))
        {
            return BadRequest("The practice world answers intervals of PT1M with one aggregation over at most a day.");
        }

        return PracticeAnswer.Ok(new JsonObject
        {
            ["cost"] = 0, ["timespan"] = $"{Stamp(from)}/{Stamp(to)}", ["interval"] = "PT1M", ["namespace"] = type, ["resourceregion"] = "westeurope",
            ["value"] = new JsonArray(new JsonObject
            {
                ["id"] = $"{id}/providers/Microsoft.Insights/metrics/{metric}", ["type"] = "Microsoft.Insights/metrics",
                ["name"] = new JsonObject { ["value"] = metric, ["localizedValue"] = metric }, ["unit"] = unit,
                ["timeseries"] = new JsonArray(new JsonObject
                {
                    ["metadatavalues"] = new JsonArray(),
                    ["data"] = new JsonArray([.. Moments(from, to, now).Select(at => (JsonNode)new JsonObject
                    {
                        ["timeStamp"] = Stamp(at), [aggregation] = Math.Round(app.Measure(metric, at)!.Value, 2),
                    })]),
                }),
                ["errorCode"] = "Success",
            }),
        });
    }

    private static IEnumerable<DateTimeOffset> Moments(DateTimeOffset from, DateTimeOffset to, DateTimeOffset now)
    {
        var second = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        for (var start = new DateTimeOffset(from.UtcTicks - (from.UtcTicks % Minute.Ticks), TimeSpan.Zero); start < to && start <= now; start += Minute)
        {
            yield return now < start + Minute ? second : start;
        }
    }

    private static bool TrySpan(string text, out DateTimeOffset from, out DateTimeOffset to)
    {
        (from, to) = (default, default);
        return text.Split('/') is [var start, var end] && TryTime(start, out from) && TryTime(end, out to) && from < to && to - from <= LongestSpan;
    }

    private static bool TryTime(string text, out DateTimeOffset time) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out time);

    private static string Stamp(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>Azure Monitor does not wrap its errors as the rest of Azure does.</summary>
    private static PracticeAnswer BadRequest(string message) => new(400, new JsonObject { ["code"] = "BadRequest", ["message"] = message });
}
