using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>An incident as PagerDuty keeps it.</summary>
internal sealed class PagedIncident(string id, string service)
{
    public string Id { get; } = id;

    public string Service { get; set; } = service;

    public string Status { get; set; } = "triggered";

    public List<string> Notes { get; } = [];

    /// <summary>Every change of its status, in order.</summary>
    public List<string> Changes { get; } = [];

    public JsonObject ToJson() => new()
    {
        ["id"] = Id, ["type"] = "incident", ["status"] = Status, ["title"] = "Renamed by somebody", ["incident_key"] = "k-1",
        ["service"] = new JsonObject { ["id"] = Service, ["type"] = "service_reference" },
    };
}

/// <summary>api.pagerduty.com: incidents and their notes, for whoever shows the key and says who they are.</summary>
internal sealed class FakePagerDuty() : WireEnd("api.pagerduty.com", null)
{
    public const string Key = "pagerduty-key-canary-93f0";
    public const string From = "sre-bot@contoso.example";
    public const string SigningSecret = "pagerduty-signing-canary-5b21";
    public const string Service = "PWEB001";

    /// <summary>The account's one user.</summary>
    public string User { get; set; } = From;

    private readonly Dictionary<string, PagedIncident> incidents = [];

    public PagedIncident Trigger(string id = "PABC123", string service = Service)
    {
        lock (Gate) return incidents[id] = new PagedIncident(id, service);
    }

    public IReadOnlyList<WireRequest> Writes => [.. Requests.Where(r => !r.IsRead)];

    protected override WireAnswer? Route(WireRequest request, IssuedToken? token)
    {
        if (request.Headers.GetValueOrDefault("Authorization") != $"Token token={Key}") return Error(401, "Unauthorized");
        if (request.Headers.GetValueOrDefault("From") != From) return Error(400, "Requester User Not Found");
        if (request is { Method: "GET", Segments: ["services", var service] }) return service == Service ? WireAnswer.Ok(new JsonObject { ["service"] = new JsonObject { ["id"] = Service, ["type"] = "service" } }) : Error(404, "Not Found");
        if (request is { Method: "GET", Segments: ["users"] }) return WireAnswer.Ok(new JsonObject { ["users"] = new JsonArray(new JsonObject { ["id"] = "PUSER01", ["email"] = User }) });
        var notes = request.Segments is ["incidents", _, "notes"];
        if (!notes && request.Segments is not ["incidents", _]) return null;
        if (!incidents.TryGetValue(request.Segments[1], out var incident)) return Error(404, "Not Found");
        return (request.Method, notes) switch
        {
            ("GET", false) => WireAnswer.Ok(new JsonObject { ["incident"] = incident.ToJson() }),
            ("GET", true) => WireAnswer.Ok(new JsonObject { ["notes"] = new JsonArray([.. incident.Notes.Select((n, i) => new JsonObject { ["id"] = $"N{i}", ["content"] = n })]) }),
            ("POST", true) when request.Json?["note"]?["content"]?.GetValue<string>() is { Length: > 0 } text => Noted(incident, text),
            ("PUT", false) when request.Json?["incident"]?["type"]?.GetValue<string>() == "incident_reference" => Changed(incident, request.Json["incident"]!),
            _ => Error(400, "Invalid Input Provided"),
        };
    }

    private static WireAnswer Noted(PagedIncident incident, string text)
    {
        incident.Notes.Add(text);
        return WireAnswer.Json(201, new JsonObject { ["note"] = new JsonObject { ["id"] = "N9", ["content"] = text } });
    }

    private static WireAnswer Changed(PagedIncident incident, JsonNode change)
    {
        incident.Status = change["status"]?.GetValue<string>() ?? (change["escalation_level"] is not null ? "triggered" : incident.Status);
        incident.Changes.Add(incident.Status);
        return WireAnswer.Ok(new JsonObject { ["incident"] = incident.ToJson() });
    }

    private static WireAnswer Error(int status, string message) =>
        WireAnswer.Json(status, new JsonObject { ["error"] = new JsonObject { ["message"] = message, ["code"] = 2100 } });
}
