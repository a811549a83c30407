using System.Globalization;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support;

/// <summary>Alerts as Azure Monitor's action groups deliver them.</summary>
internal static class Alerts
{
    public static byte[] Paged(Wire.PagedIncident incident, string type, string priority, string title, DateTimeOffset at) => System.Text.Encoding.UTF8.GetBytes(new JsonObject
    {
        ["event"] = new JsonObject
        {
            ["id"] = $"E{Guid.NewGuid():n}", ["event_type"] = type, ["resource_type"] = "incident", ["occurred_at"] = at.ToString("o", CultureInfo.InvariantCulture), ["agent"] = null, ["client"] = null,
            ["data"] = new JsonObject
            {
                ["id"] = incident.Id, ["type"] = "incident", ["number"] = 7, ["status"] = incident.Status, ["incident_key"] = "k-1", ["title"] = title, ["urgency"] = "high",
                ["html_url"] = $"https://contoso.pagerduty.com/incidents/{incident.Id}", ["service"] = new JsonObject { ["id"] = incident.Service, ["type"] = "service_reference" },
                ["priority"] = new JsonObject { ["id"] = "PP1", ["summary"] = priority },
            },
        },
    }.ToJsonString());

    public static JsonObject Metric(string resourceId, string rule, string severity, DateTimeOffset firedAt, Action<JsonObject>? change = null)
    {
        var essentials = new JsonObject
        {
            ["alertId"] = $"/subscriptions/{Wire.Known.Subscription}/providers/Microsoft.AlertsManagement/alerts/{Guid.NewGuid()}",
            ["alertRule"] = rule, ["severity"] = severity, ["signalType"] = "Metric", ["monitorCondition"] = "Fired", ["monitoringService"] = "Platform",
            ["alertTargetIDs"] = new JsonArray(resourceId), ["firedDateTime"] = firedAt.ToString("o", CultureInfo.InvariantCulture), ["description"] = "Memory is above 85 %.",
            ["essentialsVersion"] = "1.0", ["alertContextVersion"] = "1.0",
        };
        change?.Invoke(essentials);
        return new JsonObject
        {
            ["schemaId"] = "azureMonitorCommonAlertSchema",
            ["data"] = new JsonObject { ["essentials"] = essentials, ["alertContext"] = new JsonObject { ["condition"] = new JsonObject() } },
        };
    }
}
