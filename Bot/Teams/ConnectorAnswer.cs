using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Teams;

/// <summary>The connector's answer, and what it means for the outbox (Microsoft's table of send errors).</summary>
internal sealed record ConnectorAnswer(HttpStatusCode Status, string? Code, string? SubCode, string? Text, string? ActivityId, string? ConversationId, TimeSpan? RetryAfter)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private static readonly HashSet<string> Closed = new(StringComparer.OrdinalIgnoreCase)
    {
        "BotNotInConversationRoster", "BotDisabledByAdmin", "ConversationBlockedByUser", "MessageWritesBlocked", "ForbiddenOperationException",
    };

    public static async Task<ConnectorAnswer> Read(HttpResponseMessage response, DateTimeOffset now, CancellationToken cancellation) =>
        Of(response.StatusCode, response.Headers.TryGetValues("Retry-After", out var values) ? values.FirstOrDefault() : null,
            Encoding.UTF8.GetString(await response.Content.ReadAsByteArrayAsync(cancellation)), now);

    public static ConnectorAnswer Of(HttpStatusCode status, string? retryAfter, string body, DateTimeOffset now)
    {
        var answer = new ConnectorAnswer(status, null, null, null, null, null, Wait(retryAfter, now));
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            var error = Member(root, "error") ?? root;
            var (activity, id) = (Word(root, "activityId"), Word(root, "id"));
            return answer with
            {
                Code = Word(error, "code"),
                SubCode = Word(error, "subCode") ?? Word(Member(error, "innerHttpError") ?? default, "subCode") ?? Word(root, "subCode"),
                Text = Word(error, "message"),
                ActivityId = activity,
                ConversationId = id,
            };
        }
        catch (JsonException)
        {
            return answer;
        }
    }

    /// <param name="update">A PUT repeats without harm; a POST may leave a twin behind.</param>
    /// <param name="created">The answer of a new thread names conversation and message apart.</param>
    public Delivery Means(bool update, bool created) => (int)Status switch
    {
        >= 200 and < 300 => new Delivery.Delivered(created ? ActivityId ?? RootOf(ConversationId) : ConversationId),
        412 or 429 or 502 or 503 or 504 => new Delivery.TryAgain(Reason, RetryAfter),
        401 when Is("BotNotRegistered") => new Delivery.Rejected(Reason),
        401 => new Delivery.TryAgain(Reason, RetryAfter),
        403 when Closed.Contains(Code ?? "") || Closed.Contains(SubCode ?? "") => new Delivery.ConversationGone(Reason),
        404 when Is("ActivityNotFoundInConversation") => new Delivery.MessageGone(Reason),
        404 when Is("ConversationNotFound") => new Delivery.ConversationGone(Reason),
        404 when update => new Delivery.MessageGone(Reason),
        404 => new Delivery.ConversationGone(Reason),
        501 => new Delivery.Rejected(Reason),
        408 or >= 500 => update ? new Delivery.TryAgain(Reason, RetryAfter) : new Delivery.MayHaveArrived(Reason),
        _ => new Delivery.Rejected(Reason),
    };

    private string Reason => string.Join(' ', new[] { ((int)Status).ToString(CultureInfo.InvariantCulture), Code, SubCode, Short(Text) }.Where(part => part is { Length: > 0 }));

    private bool Is(string code) => string.Equals(Code, code, StringComparison.OrdinalIgnoreCase) || string.Equals(SubCode, code, StringComparison.OrdinalIgnoreCase);

    private static string? RootOf(string? conversationId) => conversationId is null ? null : ConversationReader.RootIn(conversationId);

    private static string? Short(string? text) => text is { Length: > 200 } ? text[..200] + "…" : text;

    /// <summary>Seconds, fractions allowed, or a date.</summary>
    private static TimeSpan? Wait(string? text, DateTimeOffset now)
    {
        TimeSpan? wait = double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, LongestWait.TotalSeconds))
            : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date) ? date - now : null;
        return wait is not { } given ? null : given < TimeSpan.Zero ? TimeSpan.Zero : given > LongestWait ? LongestWait : given;
    }

    private static JsonElement? Member(JsonElement holder, string name) =>
        holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;

    private static string? Word(JsonElement holder, string name) =>
        holder.ValueKind == JsonValueKind.Object && holder.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
