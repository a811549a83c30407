using System.Text.Json;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Incidents;

/// <summary>PagerDuty v3 webhooks. A service stands for a resource only where settings say so.</summary>
internal static class PagerDutyEvent
{
    public static AlertReading Parse(ReadOnlyMemory<byte> body, string caller, IReadOnlyDictionary<string, ResourceId> services) =>
        AlertReading.Read(body, root => Read(root, caller, services));

    private static Alert Read(JsonElement root, string caller, IReadOnlyDictionary<string, ResourceId> services)
    {
        var happened = root.Object("event", "event");
        var (id, type) = (happened.Key("id", "event.id"), happened.Key("event_type", "event.event_type"));
        var at = happened.Time("occurred_at", "event.occurred_at");
        var data = happened.Member("data") ?? default;
        var ofIncident = IsOfIncident(happened, type);
        var title = data.OptionalKey("title", "event.data.title") ?? type;
        var (target, problem) = TargetOf(data.Member("service")?.OptionalKey("id", "event.data.service.id"), services);
        var condition = ofIncident ? Condition(type, data) : AlertCondition.Unknown;
        var incident = ofIncident ? IncidentOf(data) : null;
        return new(
            Platform.PagerDuty,
            caller,
            incident ?? id,
            title,
            title,
            condition,
            data.Member("priority")?.OptionalKey("summary", "event.data.priority.summary") ?? "",
            type,
            at,
            condition == AlertCondition.Resolved ? at : null,
            target,
            problem,
            data.Prose("html_url", "event.data.html_url"),
            AlertReading.HashOf(root))
        { EventId = incident is null ? null : id };
    }

    /// <summary>What <c>data</c> is, in PagerDuty's word. Ids of services and incidents look alike, so the two names must agree.</summary>
    private static bool IsOfIncident(JsonElement happened, string type)
    {
        var named = type.StartsWith("incident.", StringComparison.Ordinal);
        return happened.Member("resource_type") is not null && (happened.OptionalKey("resource_type", "event.resource_type") == "incident") != named
            ? throw new AlertFormatException("event.resource_type contradicts event.event_type.")
            : named;
    }

    /// <summary>Of a note, a responder or a status update <c>data</c> is that, and names the incident inside.</summary>
    private static string? IncidentOf(JsonElement data) =>
        data.Member("incident")?.OptionalKey("id", "event.data.incident.id")
        ?? (data.OptionalKey("type", "event.data.type") is null or "incident" or "incident_reference" ? data.OptionalKey("id", "event.data.id") : null);

    /// <summary>Acknowledged, annotated, reassigned…: taken in and recorded, starts nothing.</summary>
    private static AlertCondition Condition(string type, JsonElement data) => type switch
    {
        "incident.triggered" or "incident.reopened" => AlertCondition.Fired,
        "incident.resolved" => AlertCondition.Resolved,
        "incident.priority_updated" when data.OptionalKey("status", "event.data.status") != "resolved" => AlertCondition.Reprioritised,
        _ => AlertCondition.Unknown,
    };

    private static (ResourceId?, string?) TargetOf(string? service, IReadOnlyDictionary<string, ResourceId> services) =>
        service is null ? (null, "The event names no service.")
        : services.TryGetValue(service, out var target) ? (target, null)
        : (null, "Its service is not in Incidents:PagerDuty:Services.");
}
