using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

internal enum PostKind { Post, Reply, Update, Delete }

/// <summary>One write of the bot to Teams.</summary>
/// <param name="ConversationId">Channel or chat, without the thread.</param>
/// <param name="RootId">Root post of the thread in a channel (its own id for a root post); null in chats.</param>
internal sealed record PostedMessage(
    int Number, PostKind Kind, string ConversationId, string? RootId, string ActivityId, JsonObject Activity, DateTimeOffset At)
{
    public const string CardType = "application/vnd.microsoft.card.adaptive";

    public string? Text => Activity["text"]?.GetValue<string>();

    public string? Summary => Activity["summary"]?.GetValue<string>();

    public JsonObject? Card => (Activity["attachments"] as JsonArray)?
        .FirstOrDefault(attachment => attachment?["contentType"]?.GetValue<string>() == CardType)?["content"] as JsonObject;

    /// <summary>Text of the block whose id is <c>status</c>.</summary>
    public string? Status => Card is null ? null : Objects(Card)
        .FirstOrDefault(node => Value(node, "type") == "TextBlock" && Value(node, "id") == "status")?["text"]?.GetValue<string>();

    /// <summary>Verbs of the card's Action.Execute buttons; empty when nobody can press anything.</summary>
    public IReadOnlyList<string> Verbs => Card is null ? [] :
        [.. Objects(Card).Where(node => Value(node, "type") == "Action.Execute").Select(node => Value(node, "verb") ?? "").Distinct()];

    /// <summary>The Action.Execute with this verb, to press it as Teams would.</summary>
    public JsonObject? Button(string verb) => Card is null ? null :
        Objects(Card).FirstOrDefault(node => Value(node, "type") == "Action.Execute" && Value(node, "verb") == verb);

    /// <summary>Everything a person reads: the text, or the card's texts, facts and titles, line by line.</summary>
    public string Reads => Text ?? (Card is null ? "" : string.Join('\n', Objects(Card).SelectMany(Readable)));

    public override string ToString() => $"#{Number} {Kind} in {ConversationId} root {RootId} id {ActivityId}: {Status ?? Text ?? Summary ?? "(nothing)"}";

    private static IEnumerable<string> Readable(JsonObject node) =>
        new[] { "text", "title", "value" }.Select(name => Value(node, name)).OfType<string>();

    private static string? Value(JsonObject node, string name) => node[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    private static IEnumerable<JsonObject> Objects(JsonNode? node) => node switch
    {
        JsonObject obj => obj.SelectMany(pair => Objects(pair.Value)).Prepend(obj),
        JsonArray array => array.SelectMany(Objects),
        _ => [],
    };
}
