using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>One request as it arrived. <see cref="Path"/> is what stood on the wire; <see cref="Segments"/> are its parts, unescaped one by one, because ids may hold a slash.</summary>
internal sealed record WireRequest(
    string Host,
    string Method,
    string Path,
    string QueryString,
    IReadOnlyList<string> Segments,
    IReadOnlyDictionary<string, string> Query,
    IReadOnlyDictionary<string, string> Headers,
    string Body,
    DateTimeOffset At)
{
    public string Url => $"https://{Host}{Path}{QueryString}";

    public bool IsRead => Method is "GET" or "HEAD";

    public string? ClientRequestId => Headers.GetValueOrDefault("x-ms-client-request-id");

    public string? Bearer => Headers.GetValueOrDefault("Authorization") is { } value && value.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase) ? value[7..] : null;

    /// <summary>The body, or null when there is none or it is not JSON.</summary>
    public JsonNode? Json
    {
        get
        {
            try
            {
                return Body.Length == 0 ? null : JsonNode.Parse(Body);
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    public bool Is(string method, string pathEnd) => Method == method && Path.EndsWith(pathEnd, StringComparison.OrdinalIgnoreCase);

    public override string ToString() => $"{Method} {Url}";

    public static async Task<WireRequest> Read(HttpContext http, DateTimeOffset at)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var mark = target.IndexOf('?', StringComparison.Ordinal);
        var path = mark < 0 ? target : target[..mark];
        using var reader = new StreamReader(http.Request.Body);
        return new WireRequest(
            http.Request.Host.Host,
            http.Request.Method,
            path,
            mark < 0 ? "" : target[mark..],
            [.. path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString)],
            http.Request.Query.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            http.Request.Headers.ToDictionary(pair => pair.Key, pair => pair.Value.ToString(), StringComparer.OrdinalIgnoreCase),
            await reader.ReadToEndAsync(http.RequestAborted),
            at);
    }
}

internal sealed record WireAnswer(int Status, string Body = "", string ContentType = "application/json; charset=utf-8")
{
    public IReadOnlyDictionary<string, string> Headers { get; init; } = new Dictionary<string, string>();

    public static WireAnswer Json(int status, JsonNode body) => new(status, body.ToJsonString());

    public static WireAnswer Ok(JsonNode body) => Json(200, body);

    /// <summary>The error shape that ARM, Graph and the connector share.</summary>
    public static WireAnswer Error(int status, string code, string message) =>
        Json(status, new JsonObject { ["error"] = new JsonObject { ["code"] = code, ["message"] = message } });

    /// <summary>Azure Monitor leaves the envelope out.</summary>
    public static WireAnswer BareError(int status, string code, string message) => Json(status, new JsonObject { ["code"] = code, ["message"] = message });

    public WireAnswer With(string header, string value) => this with { Headers = new Dictionary<string, string>(Headers) { [header] = value } };
}
