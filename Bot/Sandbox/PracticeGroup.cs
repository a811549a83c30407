using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Sandbox;

/// <summary>What tasks ask of the practice group: the health of all of it, the alerts on it, and what it cost.</summary>
internal sealed partial class PracticeAzure
{
    private const double AlertsAbove = 85;

    private JsonObject[] HealthOfAll() => [.. Apps.Select(app => Health(app.Id))];

    /// <summary>An ill app fires until it was restarted to some effect.</summary>
    private JsonObject[] Firing() =>
    [
        .. Apps.Where(app => app.Measure("MemoryPercentage", clock.GetUtcNow()) > AlertsAbove).Select(app => new JsonObject
        {
            ["id"] = $"{app.Id}/providers/Microsoft.AlertsManagement/alerts/{app.Word}", ["type"] = "Microsoft.AlertsManagement/alerts", ["name"] = $"High memory on {app.Name}",
            ["properties"] = new JsonObject
            {
                ["essentials"] = new JsonObject
                {
                    ["severity"] = app.Severity, ["signalType"] = "Metric", ["alertState"] = "New", ["monitorCondition"] = "Fired", ["monitorService"] = "Platform", ["targetResource"] = app.Id,
                    ["targetResourceName"] = app.Name, ["targetResourceGroup"] = ResourceGroup, ["alertRule"] = $"{Group}/providers/microsoft.insights/metricAlerts/High memory",
                },
            },
        }),
    ];

    /// <summary>Each plan costs what it costs, the stuck one a little more every day.</summary>
    private PracticeAnswer Costs(string question)
    {
        if (!TryQuestion(question, out var from, out var to, out var by))
        {
            return PracticeAnswer.Error(400, "BadRequest", "The query is not supported.");
        }

        var days = Enumerable.Range(0, to.DayNumber - from.DayNumber + 1).Select(from.AddDays).ToList();
        var rows = by is null
            ? days.Select(day => new JsonArray(Apps.Sum(app => Cost(app, day)), int.Parse(day.ToString("yyyyMMdd", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture), "EUR"))
            : Apps.Select(app => new JsonArray(days.Sum(day => Cost(app, day)), by == "ResourceId" ? app.PlanId : ResourceGroup, "EUR"));
        return PracticeAnswer.Ok(new JsonObject
        {
            ["properties"] = new JsonObject
            {
                ["nextLink"] = null,
                ["columns"] = new JsonArray(Column("Cost", "Number"), by is null ? Column("UsageDate", "Number") : Column(by, "String"), Column("Currency", "String")),
                ["rows"] = new JsonArray([.. rows]),
            },
        });
    }

    private static JsonObject Column(string name, string type) => new() { ["name"] = name, ["type"] = type };

    private static decimal Cost(PracticeApp app, DateOnly day) => app.Word == "stuck" ? 3.1m + (day.DayNumber % 60 * 0.05m) : 3.3m + (day.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday ? 0 : 0.4m);

    private static bool TryQuestion(string text, out DateOnly from, out DateOnly to, out string? by)
    {
        (from, to, by) = (default, default, null);
        try
        {
            var question = JsonNode.Parse(text);
            by = (string?)question?["dataset"]?["grouping"]?[0]?["name"];
            return TryTime((string?)question?["timePeriod"]?["from"] ?? "", out var first) && TryTime((string?)question?["timePeriod"]?["to"] ?? "", out var last)
                && by is null or "ResourceId" or "ResourceGroupName" && (from = DateOnly.FromDateTime(first.UtcDateTime)) <= (to = DateOnly.FromDateTime(last.UtcDateTime)) && to.DayNumber - from.DayNumber <= 366;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            return false;
        }
    }

    [GeneratedRegex("^(?<scope>/subscriptions/[^/]+/resourceGroups/[^/]+)/providers/microsoft\\.resourcehealth/availabilityStatuses$", AsAzure)]
    private static partial Regex GroupHealthPath();

    [GeneratedRegex("^(?<scope>/subscriptions/[^/]+)/providers/microsoft\\.alertsmanagement/alerts$", AsAzure)]
    private static partial Regex AlertsPath();

    [GeneratedRegex("^(?<scope>/subscriptions/[^/]+(/resourceGroups/[^/]+)?)/providers/microsoft\\.costmanagement/query$", AsAzure)]
    private static partial Regex CostPath();
}
