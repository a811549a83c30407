using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using RunModes.Bot.Incidents;

namespace RunModes.Bot.Sandbox;

/// <summary>Makes a practice app ill and brings the alert about it, by the way every real alert takes.</summary>
internal sealed class PracticeAlerts(PracticeAzure azure, IncidentInbox inbox, TimeProvider clock)
{
    /// <summary>Stands where the webhook names who was authenticated.</summary>
    private const string Caller = "practice";

    /// <summary>"prod", "staging", "stuck".</summary>
    public IReadOnlyList<string> Words => [.. azure.Apps.Select(app => app.Word)];

    /// <returns>One line for whoever asked.</returns>
    /// <exception cref="Audit.StoreUnavailableException">Nothing was raised.</exception>
    public async Task<string> Raise(string word, CancellationToken cancellation)
    {
        if (azure.Apps.FirstOrDefault(app => app.Word.Equals(word, StringComparison.OrdinalIgnoreCase)) is not { } app)
        {
            return $"There is no practice app '{word}': write practice {string.Join(", practice ", Words)}.";
        }

        var now = clock.GetUtcNow();
        app.FallIll(now);
        var reading = CommonAlert.Parse(Encoding.UTF8.GetBytes(Payload(app, now).ToJsonString()), Caller);
        await inbox.TakeIn(reading.Alert ?? throw new InvalidOperationException($"The practice alert is malformed: {reading.Problem}"), cancellation);
        return $"Practice alert raised: {app.Name} is short of memory ({app.Severity}). The investigation follows in the channel.";
    }

    private static JsonObject Payload(PracticeApp app, DateTimeOffset now) => new()
    {
        ["schemaId"] = CommonAlert.SchemaId,
        ["data"] = new JsonObject
        {
            ["essentials"] = new JsonObject
            {
                ["alertId"] = $"/subscriptions/{PracticeAzure.Subscription}/providers/Microsoft.AlertsManagement/alerts/{Guid.NewGuid()}",
                ["alertRule"] = $"High memory on {app.Name}",
                ["alertRuleId"] = $"{PracticeAzure.Group}/providers/microsoft.insights/metricAlerts/high-memory-{app.Word}",
                ["severity"] = app.Severity, ["signalType"] = "Metric", ["monitorCondition"] = "Fired", ["monitoringService"] = "Platform",
                ["alertTargetIDs"] = new JsonArray(app.Id), ["configurationItems"] = new JsonArray(app.Name), ["originAlertId"] = $"practice-{app.Word}",
                ["firedDateTime"] = now.UtcDateTime.ToString("O"), ["description"] = "Practice: memory of the plan is above 85 % for five minutes.",
                ["essentialsVersion"] = "1.0", ["alertContextVersion"] = "1.0", ["targetResourceType"] = "microsoft.web/sites", ["targetResourceGroup"] = PracticeAzure.ResourceGroup,
            },
            ["alertContext"] = new JsonObject
            {
                ["properties"] = null, ["conditionType"] = "SingleResourceMultipleMetricCriteria",
                ["condition"] = new JsonObject
                {
                    ["windowSize"] = "PT5M",
                    ["allOf"] = new JsonArray(new JsonObject
                    {
                        ["metricName"] = "MemoryPercentage", ["metricNamespace"] = "Microsoft.Web/serverfarms", ["operator"] = "GreaterThan", ["threshold"] = "85",
                        ["timeAggregation"] = "Average", ["dimensions"] = new JsonArray(), ["metricValue"] = Math.Round(app.Measure("MemoryPercentage", now)!.Value, 1),
                        ["webTestName"] = null,
                    }),
                    ["windowStartTime"] = now.AddMinutes(-5).UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                    ["windowEndTime"] = now.UtcDateTime.ToString("O", CultureInfo.InvariantCulture),
                },
            },
            ["customProperties"] = new JsonObject(),
        },
    };
}
