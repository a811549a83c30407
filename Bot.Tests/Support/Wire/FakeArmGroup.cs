using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Tests.Support.Wire;

/// <param name="Condition">"Fired" or "Resolved".</param>
internal sealed record GroupAlert(string Rule, string Severity, string Target, DateTimeOffset Since, string Condition = "Fired", string State = "New");

/// <summary>What is asked of groups: the health of what is in them, the alerts on it, and what it cost. The definitions know only the first.</summary>
internal sealed partial class FakeArm
{
    public List<GroupAlert> Alerts { get; } = [];

    /// <summary>Cost of a resource on a day, in euros.</summary>
    public List<(DateOnly Day, string Resource, decimal Cost)> Costs { get; } = [];

    private WireAnswer? Group(WireRequest request, IssuedToken? token, string path)
    {
        if (GroupHealthPath().Match(path) is { Success: true } health && request.Method == "GET")
        {
            var group = health.Groups["scope"].Value;
            return Versioned(request, "2024-02-01") ?? Gone(group) ?? Readable(token, group, "Microsoft.ResourceHealth/availabilityStatuses/read")
                ?? Page(request, [.. resources.Values.Where(r => ArmAccess.Covers(group, r.Id)).OrderBy(r => r.Id, StringComparer.OrdinalIgnoreCase).Select(Health)]);
        }

        if (AlertsPath().Match(path) is { Success: true } alerts && request.Method == "GET")
        {
            var scope = alerts.Groups["scope"].Value;
            return Versioned(request, "2018-05-05") ?? SubscriptionGone(scope.Split('/')[2]) ?? Readable(token, scope, "Microsoft.AlertsManagement/alerts/read") ?? Page(request, [.. Firing(request)]);
        }

        if (CostPath().Match(path) is { Success: true } cost && request.Method == "POST")
        {
            var scope = cost.Groups["scope"].Value;
            return Versioned(request, "2023-11-01") ?? Gone(scope) ?? Readable(token, scope, "Microsoft.CostManagement/query/read") ?? Cost(request, scope);
        }

        return null;
    }

    private static bool IsBeyondTheDefinitions(string path) => AlertsPath().IsMatch(path) || CostPath().IsMatch(path);

    private IEnumerable<JsonObject> Firing(WireRequest request)
    {
        bool Asked(string name, string value) => request.Query.GetValueOrDefault(name) is not { } asked || asked.Equals(value, StringComparison.OrdinalIgnoreCase);
        var range = request.Query.GetValueOrDefault("timeRange") switch { "1h" => TimeSpan.FromHours(1), "7d" => TimeSpan.FromDays(7), "30d" => TimeSpan.FromDays(30), _ => TimeSpan.FromDays(1) };
        return Alerts.Where(a => Asked("targetResourceGroup", a.Target.Split('/')[4]) && Asked("monitorCondition", a.Condition) && a.Since > clock.GetUtcNow() - range).Select(a => new JsonObject
        {
            ["id"] = $"{a.Target}/providers/Microsoft.AlertsManagement/alerts/{Guid.NewGuid()}", ["type"] = "Microsoft.AlertsManagement/alerts", ["name"] = a.Rule,
            ["properties"] = new JsonObject
            {
                ["essentials"] = new JsonObject
                {
                    ["severity"] = a.Severity, ["signalType"] = "Metric", ["alertState"] = a.State, ["monitorCondition"] = a.Condition, ["monitorService"] = "Platform",
                    ["targetResource"] = a.Target.ToLowerInvariant(), ["targetResourceName"] = a.Target.Split('/')[^1], ["targetResourceGroup"] = a.Target.Split('/')[4].ToLowerInvariant(), ["targetResourceType"] = "sites",
                    ["alertRule"] = $"{string.Join('/', a.Target.Split('/')[..5])}/providers/microsoft.insights/metricAlerts/{a.Rule}", ["startDateTime"] = a.Since.UtcDateTime.ToString("O"), ["description"] = "",
                },
                ["context"] = new JsonObject(), ["egressConfig"] = new JsonObject(),
            },
        });
    }

    /// <summary>Of the query language only what the bot asks: whole days, by day or by resource.</summary>
    private WireAnswer Cost(WireRequest request, string scope)
    {
        var question = request.Json!;
        var (from, to) = (Day(question["timePeriod"]!["from"]!), Day(question["timePeriod"]!["to"]!));
        var by = question["dataset"]!["grouping"]?[0]?["name"]?.GetValue<string>();
        if (question["type"]?.GetValue<string>() != "ActualCost" || (question["dataset"]!["granularity"]?.GetValue<string>() == "Daily") != (by is null) || by is not (null or "ResourceId" or "ResourceGroupName"))
            return WireAnswer.Error(400, "BadRequest", "The query is not supported.");
        var costs = Costs.Where(c => c.Day >= from && c.Day <= to && ArmAccess.Covers(scope, c.Resource)).ToList();
        if (costs.Count == 0) return new WireAnswer(204);
        var rows = by is null
            ? costs.GroupBy(c => c.Day).OrderBy(c => c.Key).Select(c => new JsonArray(c.Sum(x => x.Cost), int.Parse(c.Key.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), "EUR"))
            : costs.GroupBy(c => by == "ResourceId" ? c.Resource.ToLowerInvariant() : c.Resource.Split('/')[4]).Select(c => new JsonArray(c.Sum(x => x.Cost), c.Key, "EUR"));
        return WireAnswer.Ok(new JsonObject
        {
            ["id"] = $"{scope}/providers/Microsoft.CostManagement/Query/{Guid.NewGuid()}", ["type"] = "Microsoft.CostManagement/Query",
            ["properties"] = new JsonObject
            {
                ["nextLink"] = null,
                ["columns"] = new JsonArray(
                    new JsonObject { ["name"] = "Cost", ["type"] = "Number" }, new JsonObject { ["name"] = by ?? "UsageDate", ["type"] = by is null ? "Number" : "String" }, new JsonObject { ["name"] = "Currency", ["type"] = "String" }),
                ["rows"] = new JsonArray([.. rows]),
            },
        });
    }

    private static DateOnly Day(JsonNode at) => DateOnly.FromDateTime(DateTimeOffset.Parse(at.GetValue<string>(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcDateTime);

    [GeneratedRegex("^(?<scope>/subscriptions/[^/]+/resourceGroups/[^/]+)/providers/microsoft\\.resourcehealth/availabilityStatuses$", RegexOptions.IgnoreCase)]
    private static partial Regex GroupHealthPath();

    [GeneratedRegex("^(?<scope>/subscriptions/[^/]+)/providers/microsoft\\.alertsmanagement/alerts$", RegexOptions.IgnoreCase)]
    private static partial Regex AlertsPath();

    [GeneratedRegex("^(?<scope>/subscriptions/[^/]+(/resourceGroups/[^/]+)?)/providers/microsoft\\.costmanagement/query$", RegexOptions.IgnoreCase)]
    private static partial Regex CostPath();
}
