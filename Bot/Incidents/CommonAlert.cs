using System.Text.Json;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Incidents;

/// <summary>
/// Azure Monitor's common alert schema. Metric alerts are what the runbooks know; every other signal type is taken in as what it says it is,
/// so that its finding can be honest.
/// </summary>
internal static class CommonAlert
{
    public const string SchemaId = "azureMonitorCommonAlertSchema";

    public static AlertReading Parse(ReadOnlyMemory<byte> body, string caller) => AlertReading.Read(body, root => Read(root, caller));

    private static Alert Read(JsonElement root, string caller)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new AlertFormatException("The body is not a JSON object.");
        }

        if (root.OptionalKey("schemaId", "schemaId") != SchemaId)
        {
            throw new AlertFormatException($"schemaId is not {SchemaId}: enable the common alert schema in the action group.");
        }

        var data = root.Object("data", "data");
        var essentials = data.Object("essentials", "data.essentials");
        var alertId = essentials.Key("alertId", "data.essentials.alertId");
        var name = Text("alertRule") ?? BudgetName(data);
        var signal = Text("signalType") ?? "";
        var service = Text("monitoringService") ?? "";
        var (target, problem) = AlertTarget.Of(signal, service, essentials, data.Member("alertContext") ?? default);
        return new(
            Platform.AzureMonitor,
            caller,
            alertId,
            // An alert that names no rule (a budget's) stands for itself.
            Text("alertRuleId") ?? Text("alertRuleID") ?? name ?? alertId,
            name ?? (service.Length > 0 ? $"{service} alert" : "Alert without a name"),
            Condition(essentials.Key("monitorCondition", "data.essentials.monitorCondition")),
            SeverityOf(Text("severity")),
            SignalType(signal, service),
            essentials.Time("firedDateTime", "data.essentials.firedDateTime"),
            essentials.OptionalTime("resolvedDateTime", "data.essentials.resolvedDateTime"),
            target,
            problem,
            essentials.Prose("description", "data.essentials.description"),
            AlertReading.HashOf(root));

        string? Text(string member) => essentials.OptionalKey(member, $"data.essentials.{member}");
    }

    private static AlertCondition Condition(string text) => text.ToUpperInvariant() switch
    {
        "FIRED" => AlertCondition.Fired,
        "RESOLVED" => AlertCondition.Resolved,
        _ => throw new AlertFormatException("data.essentials.monitorCondition is neither Fired nor Resolved."),
    };

    private static string SeverityOf(string? text) => text?.ToUpperInvariant() switch
    {
        null => "",
        ['S', 'E', 'V', >= '0' and <= '4' and var digit] => $"Sev{digit}",
        _ => throw new AlertFormatException("data.essentials.severity is none of Sev0, Sev1, Sev2, Sev3, Sev4."),
    };

    /// <summary>"Metric" alone says enough; of the others the service tells apart a log search, a health event and a budget.</summary>
    private static string SignalType(string signal, string service) => (signal.Length, service.Length) switch
    {
        (0, 0) => "Unknown",
        (0, _) => service,
        (_, 0) => signal,
        _ when service.Equals("Platform", StringComparison.OrdinalIgnoreCase) => signal,
        _ => $"{signal} ({service})",
    };

    private static string? BudgetName(JsonElement data) =>
        data.Member("alertContext")?.Member("AlertData")?.OptionalKey("BudgetName", "data.alertContext.AlertData.BudgetName");
}
