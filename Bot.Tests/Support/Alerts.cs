using System.Globalization;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support;

/// <summary>Alerts as Azure Monitor's action groups deliver them.</summary>
internal static class Alerts
{
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
