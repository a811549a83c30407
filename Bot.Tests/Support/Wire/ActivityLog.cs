using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Tests.Support.Wire;

/// <param name="Operation">e.g. <c>Microsoft.Web/sites/write</c>.</param>
internal sealed record ActivityEvent(DateTimeOffset At, string ResourceId, string Operation, string Caller, string Status = "Succeeded", string Level = "Informational");

/// <summary>The subscription's activity log and the few filter patterns Azure allows on it.</summary>
internal sealed partial class ActivityLog(string subscription)
{
    private readonly List<ActivityEvent> events = [];

    public void Add(ActivityEvent entry)
    {
        lock (events) events.Add(entry);
    }

    internal WireAnswer Answer(WireRequest request)
    {
        var filter = request.Query.GetValueOrDefault("$filter") ?? "";
        var conditions = filter.Split(" and ", StringSplitOptions.TrimEntries).Select(part => Condition().Match(part)).ToList();
        var known = conditions.All(match => match.Success) && conditions.Exists(match => match.Groups["name"].Value == "eventTimestamp" && match.Groups["op"].Value == "ge");
        if (!known) return WireAnswer.BareError(400, "BadRequest", $"The filter is not supported: {filter}");
        var select = request.Query.GetValueOrDefault("$select")?.Split(',', StringSplitOptions.TrimEntries);
        lock (events)
        {
            return WireAnswer.Ok(new JsonObject
            {
                ["value"] = new JsonArray([.. events.OrderByDescending(entry => entry.At).Where(entry => conditions.TrueForAll(match => Fits(entry, match)))
                    .Select(entry => (JsonNode)Select(ToJson(entry), select))]),
            });
        }
    }

    private static bool Fits(ActivityEvent entry, Match condition)
    {
        var value = condition.Groups["value"].Value;
        return (condition.Groups["name"].Value, condition.Groups["op"].Value) switch
        {
            ("eventTimestamp", "ge") => entry.At >= DateTimeOffset.Parse(value, CultureInfo.InvariantCulture),
            ("eventTimestamp", "le") => entry.At <= DateTimeOffset.Parse(value, CultureInfo.InvariantCulture),
            ("resourceUri", "eq") => entry.ResourceId.Equals(value, StringComparison.OrdinalIgnoreCase),
            ("resourceGroupName", "eq") => entry.ResourceId.Contains($"/resourceGroups/{value}/", StringComparison.OrdinalIgnoreCase),
            _ => true,
        };
    }

    private JsonObject ToJson(ActivityEvent entry)
    {
        var parts = entry.ResourceId.Split('/');
        var id = Guid.NewGuid().ToString();
        JsonObject Localized(string value) => new() { ["value"] = value, ["localizedValue"] = value };
        return new JsonObject
        {
            ["authorization"] = new JsonObject { ["action"] = entry.Operation, ["role"] = "Contributor", ["scope"] = entry.ResourceId },
            ["caller"] = entry.Caller, ["correlationId"] = id, ["eventDataId"] = id, ["description"] = "",
            ["eventName"] = Localized("EndRequest"), ["category"] = Localized("Administrative"), ["level"] = entry.Level,
            ["id"] = $"{entry.ResourceId}/events/{id}/ticks/{entry.At.UtcTicks.ToString(CultureInfo.InvariantCulture)}",
            ["resourceGroupName"] = parts.ElementAtOrDefault(4), ["resourceProviderName"] = Localized(parts.ElementAtOrDefault(6) ?? ""),
            ["resourceId"] = entry.ResourceId, ["operationId"] = id, ["operationName"] = Localized(entry.Operation), ["properties"] = new JsonObject(),
            ["status"] = Localized(entry.Status), ["subStatus"] = Localized(entry.Status == "Succeeded" ? "OK" : "Conflict"),
            ["eventTimestamp"] = entry.At.UtcDateTime.ToString("O"), ["submissionTimestamp"] = (entry.At + TimeSpan.FromSeconds(12)).UtcDateTime.ToString("O"),
            ["subscriptionId"] = subscription,
        };
    }

    private static JsonObject Select(JsonObject all, string[]? names) => names is null ? all : new JsonObject(all
        .Where(pair => names.Contains(pair.Key, StringComparer.OrdinalIgnoreCase)).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));

    [GeneratedRegex("^(?<name>eventTimestamp|resourceUri|resourceGroupName|resourceProvider|eventChannels|correlationId) (?<op>ge|le|eq) '(?<value>[^']*)'$", RegexOptions.NonBacktracking)]
    private static partial Regex Condition();
}
