using System.Net;
using System.Text.Json;

namespace RunModes.Bot.Roles;

/// <summary>
/// Stands between the Graph SDK and the wire. The SDK reads an empty body, a wrong content type, a repeated property or a JSON text that is no object
/// as "an answer without values", which looks like a directory that says nothing; here each of them is an error before the SDK sees it.
/// </summary>
internal sealed class GraphGuard(string host) : DelegatingHandler
{
    private const int LongestAnswer = 1 << 20;
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri is not { Scheme: "https", IsDefaultPort: true, UserInfo: "" } to || to.Host != host)
            throw new GraphUnreadable("a request left for another host than Microsoft Graph");

        using var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode != HttpStatusCode.OK)
            throw new GraphRefused(response.StatusCode, await ErrorCode(response, cancellationToken), RetryAfter(response));

        var body = await Body(response, cancellationToken);
        if (response.Content.Headers.ContentType?.MediaType != "application/json") throw new GraphUnreadable("its answer is not JSON");
        if (!IsAnAnswer(body)) throw new GraphUnreadable("its answer is not the object it should be");

        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new("application/json");
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request, Version = response.Version };
    }

    private static async Task<byte[]> Body(HttpResponseMessage response, CancellationToken cancellation)
    {
        await response.Content.LoadIntoBufferAsync(LongestAnswer, cancellation);
        return await response.Content.ReadAsByteArrayAsync(cancellation);
    }

    /// <summary>The lists are looked at because the SDK reads anything else in their place as an empty list, which would be a "no" nobody gave.</summary>
    private static bool IsAnAnswer(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body, Strict);
            return json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.EnumerateObject().All(property => property.Name is not ("value" or "appRoles") || property.Value.ValueKind == JsonValueKind.Array);
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>The code helps the operator ("Authorization_RequestDenied"); the message may quote anything and stays out.</summary>
    private static async Task<string?> ErrorCode(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            using var json = JsonDocument.Parse(await Body(response, cancellation), Strict);
            var code = json.RootElement.GetProperty("error").GetProperty("code").GetString();
            return code is { Length: > 0 and <= 80 } && code.All(c => char.IsAsciiLetterOrDigit(c) || c == '_') ? code : null;
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidOperationException or HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>Raw, because Graph sends fractions of a second ("2.128"), which the typed header drops.</summary>
    private static string? RetryAfter(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Retry-After", out var values) && values.Count == 1 ? values.ToString() : null;
}

/// <summary>Any answer but 200.</summary>
internal sealed class GraphRefused(HttpStatusCode status, string? code, string? retryAfter)
    : Exception($"Microsoft Graph answered {(int)status}{(code is null ? "" : $" {code}")}")
{
    public HttpStatusCode Status { get; } = status;

    /// <summary>Null when the service did not ask for another try, or not understandably.</summary>
    public TimeSpan? RetryAfter(DateTimeOffset now)
    {
        const System.Globalization.NumberStyles plain = System.Globalization.NumberStyles.AllowDecimalPoint;
        var invariant = System.Globalization.CultureInfo.InvariantCulture;
        if (Status != HttpStatusCode.TooManyRequests && (int)Status < 500) return null;
        if (double.TryParse(retryAfter, plain, invariant, out var seconds)) return seconds < 3600 ? TimeSpan.FromSeconds(seconds) : null;
        if (!DateTimeOffset.TryParseExact(retryAfter, "R", invariant, System.Globalization.DateTimeStyles.AssumeUniversal, out var at)) return null;
        return at > now ? at - now : TimeSpan.Zero;
    }
}

/// <summary>A 200 that does not say what was asked.</summary>
internal sealed class GraphUnreadable(string what) : Exception($"Microsoft Graph could not be understood: {what}");
