using System.Text.Json.Nodes;
using RunModes.Bot.Chat;

namespace RunModes.Bot.Teams;

/// <summary>The body of an answered invoke. HTTP is always 200: any other status shows the person nothing useful and the invoke comes again.</summary>
internal sealed record InvokeAnswer(int StatusCode, string Type, JsonNode Value)
{
    private const string CardType = "application/vnd.microsoft.card.adaptive";
    private const string NoticeType = "application/vnd.microsoft.activity.message";
    private const string ErrorType = "application/vnd.microsoft.error";

    public static readonly InvokeAnswer NotSupported = Error(400, "NotSupported", "This bot does not know that kind of request.");
    public static readonly InvokeAnswer NotACardAction = Error(400, "BadRequest", "That button sent something the bot cannot read. Open the newest card and try again.");
    public static readonly InvokeAnswer StillWorking = Error(500, "StillWorking", "The bot is still working on this; the card will update.");
    public static readonly InvokeAnswer Failed = Error(
        500, "InternalError", "Something went wrong inside the bot. The card shows what really happened; if it did not change, try again in a minute.");

    public static InvokeAnswer Of(CardReply reply) => reply switch
    {
        CardReply.Card card => new(200, CardType, card.Content.DeepClone()),
        CardReply.Notice notice => new(200, NoticeType, JsonValue.Create(NeverEmpty(notice.Text))),
        CardReply.Error error => Error(400, error.Code, error.Text),
        _ => Failed,
    };

    public JsonObject ToJson() => new() { ["statusCode"] = StatusCode, ["type"] = Type, ["value"] = Value.DeepClone() };

    private static InvokeAnswer Error(int status, string code, string text) =>
        new(status, ErrorType, new JsonObject { ["code"] = code, ["message"] = NeverEmpty(text) });

    /// <summary>An empty notice is shown as "Unable to reach app" and sends the invoke again.</summary>
    private static string NeverEmpty(string text) => string.IsNullOrWhiteSpace(text) ? "Received." : text;
}
