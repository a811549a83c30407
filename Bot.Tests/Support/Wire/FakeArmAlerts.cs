using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>An alert as Azure Monitor keeps it.</summary>
internal sealed class MonitoredAlert(string id, string target, string rule)
{
    public string Id { get; } = id;

    public string Target { get; set; } = target;

    public string Rule { get; set; } = rule;

    public string State { get; set; } = "New";

    /// <summary>Every change of its state, in order.</summary>
    public List<string> Changes { get; } = [];

    public JsonObject ToJson() => new()
    {
        ["id"] = Id, ["name"] = Rule, ["type"] = "Microsoft.AlertsManagement/alerts",
        ["properties"] = new JsonObject
        {
            ["essentials"] = new JsonObject
            {
                ["severity"] = "Sev1", ["signalType"] = "Metric", ["alertState"] = State, ["monitorCondition"] = "Fired", ["monitorService"] = "Platform", ["targetResource"] = Target,
                ["alertRule"] = $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/microsoft.insights/metricAlerts/{Rule}",
            },
        },
    };
}

/// <summary>Alerts: read, acknowledged and closed.</summary>
internal sealed partial class FakeArm
{
    private readonly Dictionary<string, MonitoredAlert> alerts = new(StringComparer.OrdinalIgnoreCase);

    public MonitoredAlert Alert(string target, string rule = "High memory")
    {
        var id = $"/subscriptions/{Known.Subscription}/providers/Microsoft.AlertsManagement/alerts/{Guid.NewGuid()}";
        lock (Gate) return alerts[id] = new MonitoredAlert(id, target, rule);
    }

    private WireAnswer Alert(WireRequest request, IssuedToken? token, Match path)
    {
        var id = path.Groups["id"].Value;
        var change = path.Groups["change"].Success;
        if (Versioned(request, "2018-05-05") is { } refused) return refused;
        if (!alerts.TryGetValue(id, out var alert)) return WireAnswer.Error(404, "NotFound", "Alert not found.");
        if (change != (request.Method == "POST") || (!change && request.Method != "GET")) return WireAnswer.Error(405, "MethodNotAllowed", "No.");
        if (!change) return Readable(token, id, "Microsoft.AlertsManagement/alerts/read") ?? WireAnswer.Ok(alert.ToJson());
        const string Right = "Microsoft.AlertsManagement/alerts/changestate/action";
        if (!Access.Allows(id, Right)) return Forbidden(token, Right, id);
        alert.State = request.Query["newState"];
        alert.Changes.Add(alert.State);
        return WireAnswer.Ok(alert.ToJson());
    }

    [GeneratedRegex("^(?<id>/subscriptions/[^/]+/providers/Microsoft\\.AlertsManagement/alerts/[^/]+)(?<change>/changestate)?$", RegexOptions.IgnoreCase)]
    private static partial Regex AlertPath();
}
