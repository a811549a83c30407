using System.Net;
using System.Text;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Teams;

internal sealed record Sent(string Method, Uri Uri, string? Authorization, string Body, long? Length)
{
    public JsonNode Json => JsonNode.Parse(Body)!;
}

/// <summary>Everything the folder calls, at the wire: metadata and keys, the login, the connector. An address it does not know fails the call.</summary>
internal sealed class FakeMicrosoft : HttpMessageHandler
{
    private readonly Lock _lock = new();
    private readonly List<Sent> _sent = [];
    private int _tokens;

    public List<BotKey> Keys { get; } = [];

    public bool KeysDown { get; set; }

    public string KeysAddress { get; set; } = "https://login.botframework.com/v1/.well-known/keys";

    public HttpStatusCode Login { get; set; } = HttpStatusCode.OK;

    public int TokenSeconds { get; set; } = 3600;

    public Func<Sent, HttpResponseMessage> Connector { get; set; } = _ => Json(HttpStatusCode.Created, """{"id":"1700000000001"}""");

    public IReadOnlyList<Sent> Calls(string host)
    {
        lock (_lock)
            return [.. _sent.Where(sent => sent.Uri.Host == host)];
    }

    public IReadOnlyList<Sent> ToConnector => [.. All.Where(sent => sent.Uri.AbsolutePath.Contains("/v3/", StringComparison.Ordinal))];

    public IReadOnlyList<Sent> All
    {
        get
        {
            lock (_lock)
                return [.. _sent];
        }
    }

    public int KeyLoads => Calls("login.botframework.com").Count(sent => sent.Uri.AbsolutePath.EndsWith("openidconfiguration", StringComparison.Ordinal));

    public int TokensIssued => Volatile.Read(ref _tokens);

    public static HttpResponseMessage Json(HttpStatusCode status, string body) =>
        new(status) { Content = new StringContent(body, Encoding.UTF8, "application/json") };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = new Sent(
            request.Method.Method, request.RequestUri!, request.Headers.Authorization?.ToString(),
            request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken), request.Content?.Headers.ContentLength);
        lock (_lock)
            _sent.Add(sent);
        var answer = Answer(sent);
        answer.RequestMessage = request;
        return answer;
    }

    private HttpResponseMessage Answer(Sent sent)
    {
        if (sent.Uri.AbsolutePath.Contains("/v3/", StringComparison.Ordinal))
            return Connector(sent);
        if (sent.Uri.Host == "login.botframework.com" && KeysDown)
            return new(HttpStatusCode.BadGateway);
        return sent.Uri.AbsoluteUri switch
        {
            "https://login.botframework.com/v1/.well-known/openidconfiguration" => Json(HttpStatusCode.OK,
                new JsonObject { ["issuer"] = "https://api.botframework.com", ["jwks_uri"] = KeysAddress }.ToJsonString()),
            "https://login.botframework.com/v1/.well-known/keys" => Json(HttpStatusCode.OK,
                new JsonObject { ["keys"] = new JsonArray([.. Keys.Select(key => key.Published())]) }.ToJsonString()),
            $"https://login.microsoftonline.com/{Known.Tenant}/oauth2/v2.0/token" => Token(),
            _ => throw new InvalidOperationException($"Nobody expected a call of {sent.Uri}."),
        };
    }

    private HttpResponseMessage Token() => Login != HttpStatusCode.OK
        ? Json(Login, """{"error":"invalid_client","error_description":"AADSTS7000215: Invalid client secret provided."}""")
        : Json(HttpStatusCode.OK, $$"""{"token_type":"Bearer","expires_in":{{TokenSeconds}},"access_token":"outbound-{{Interlocked.Increment(ref _tokens)}}"}""");
}
