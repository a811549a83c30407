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
        var type = happened.Key("event_type", "event.event_type");
        var at = happened.Time("occurred_at", "event.occurred_at");
        var data = happened.Member("data") ?? default;
        var title = data.OptionalKey("title", "event.data.title") ?? type;
        var (target, problem) = TargetOf(data.Member("service")?.OptionalKey("id", "event.data.service.id"), services);
        var condition = Condition(type);
        return new(
            Platform.PagerDuty,
            caller,
            happened.Key("id", "event.id"),
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
            AlertReading.HashOf(root));
    }

    /// <summary>Acknowledged, annotated, reassigned…: taken in and recorded, starts nothing.</summary>
    private static AlertCondition Condition(string type) => type switch
    {
        "incident.triggered" or "incident.reopened" => AlertCondition.Fired,
        "incident.resolved" => AlertCondition.Resolved,
        _ => AlertCondition.Unknown,
    };

    private static (ResourceId?, string?) TargetOf(string? service, IReadOnlyDictionary<string, ResourceId> services) =>
        service is null ? (null, "The event names no service.")
        : services.TryGetValue(service, out var target) ? (target, null)
        : (null, "Its service is not in Incidents:PagerDuty:Services.");
}
