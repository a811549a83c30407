using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Incidents;

/// <param name="Body">The member that was asked for; null when the answer is not what PagerDuty writes.</param>
/// <param name="Problem">One plain sentence; null: it was answered as it should be.</param>
internal sealed record PagerDutyAnswer(int Status, JsonElement? Body, TimeSpan? After, string? Problem)
{
    public bool IsUnknown => Status == 404;
}

/// <summary>
/// The little of PagerDuty's REST API that is needed to write back: bookkeeping about incidents, never about what they concern. Addresses are built
/// from the configured one and an id of a fixed grammar, and each request is sent once.
/// </summary>
internal sealed class PagerDutyApi(IHttpClientFactory clients, IncidentSettings settings, TimeProvider clock)
{
    public const string ClientName = "pagerduty";
    public const int LargestAnswer = 1024 * 1024;
    private const int LongestId = 40;
    private const int LongestMessage = 200;

    /// <summary>For one request.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(6);

    public static bool IsId(string text) => text.Length is > 0 and <= LongestId && text.All(char.IsAsciiLetterOrDigit);

    public Task<PagerDutyAnswer> Incident(string id, CancellationToken cancellation) => Send(HttpMethod.Get, id, "", "incident", null, cancellation);

    public Task<PagerDutyAnswer> Notes(string id, CancellationToken cancellation) => Send(HttpMethod.Get, id, "/notes", "notes", null, cancellation);

    public Task<PagerDutyAnswer> Update(string id, string member, JsonNode value, CancellationToken cancellation) =>
        Send(HttpMethod.Put, id, "", "incident", new JsonObject { ["incident"] = new JsonObject { ["type"] = "incident_reference", [member] = value } }, cancellation);

    public Task<PagerDutyAnswer> AddNote(string id, string text, CancellationToken cancellation) =>
        Send(HttpMethod.Post, id, "/notes", "note", new JsonObject { ["note"] = new JsonObject { ["content"] = text } }, cancellation);

    /// <summary>For the command line: whether the key is known, and what it stands for.</summary>
    public Task<PagerDutyAnswer> Service(string id, CancellationToken cancellation) => Send(HttpMethod.Get, $"/services/{Checked(id)}", "service", null, cancellation);

    public Task<PagerDutyAnswer> Users(string mail, CancellationToken cancellation) => Send(HttpMethod.Get, $"/users?query={Uri.EscapeDataString(mail)}", "users", null, cancellation);

    private Task<PagerDutyAnswer> Send(HttpMethod method, string id, string below, string member, JsonObject? body, CancellationToken cancellation) =>
        Send(method, $"/incidents/{Checked(id)}{below}", member, body, cancellation);

    private static string Checked(string id) => IsId(id) ? id : throw new ArgumentException("Not an id of PagerDuty.", nameof(id));

    private async Task<PagerDutyAnswer> Send(HttpMethod method, string path, string member, JsonObject? body, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            using var request = new HttpRequestMessage(method, new Uri(settings.Api, path));
            request.Headers.Authorization = new AuthenticationHeaderValue("Token", $"token={settings.ApiKey}");
            request.Headers.TryAddWithoutValidation("Accept", "application/vnd.pagerduty+json;version=2");
            request.Headers.TryAddWithoutValidation("From", settings.Requester);
            if (body is not null)
            {
                request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
            }

            using var client = clients.CreateClient(ClientName);
            using var answer = await client.SendAsync(request, either.Token);
            return Judge(answer, await answer.Content.ReadAsByteArrayAsync(either.Token), member);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return new(0, null, null, e is OperationCanceledException ? $"PagerDuty did not answer within {Limit.TotalSeconds:0} seconds." : "PagerDuty could not be reached, or the connection was lost.");
        }
    }

    private PagerDutyAnswer Judge(HttpResponseMessage answer, ReadOnlyMemory<byte> body, string member)
    {
        var status = (int)answer.StatusCode;
        var json = Parse(body);
        if (answer.IsSuccessStatusCode)
        {
            return json?.Member(member) is { } found ? new(status, found, null, null) : new(status, null, null, "PagerDuty's answer is not one that it writes.");
        }

        var error = json?.Member("error");
        var said = error?.Member("message") is { ValueKind: JsonValueKind.String } message ? $": {Short(message.GetString()!)}" : "";
        return new(status, null, After(answer), $"PagerDuty answered {status.ToString(CultureInfo.InvariantCulture)}{said}.");
    }

    private TimeSpan? After(HttpResponseMessage answer) => answer.Headers.RetryAfter switch
    {
        { Delta: { } delta } => delta,
        { Date: { } date } => date - clock.GetUtcNow(),
        _ => null,
    };

    private static string Short(string text)
    {
        var plain = string.Concat(text.Where(c => !char.IsControl(c))).TrimEnd('.');
        return plain.Length > LongestMessage ? plain[..LongestMessage] + "…" : plain;
    }

    private static JsonElement? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonText.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document is { RootElement.ValueKind: JsonValueKind.Object } && JsonText.IsWhole(document.RootElement) ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
