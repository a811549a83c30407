using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Cards;

/// <summary>Reads a card as a client would: what is shown in reading order, and what can be clicked.</summary>
internal static class Nodes
{
    public static IEnumerable<JsonObject> All(JsonNode? node) => node switch
    {
        JsonObject o => [o, .. o.Where(p => p.Key is not ("data" or "msteams")).SelectMany(p => All(p.Value))],
        JsonArray a => a.SelectMany(All),
        _ => [],
    };

    public static IEnumerable<JsonObject> OfType(JsonObject card, string type) => All(card).Where(n => (string?)n["type"] == type);

    public static JsonObject? ById(JsonObject card, string id) => All(card).SingleOrDefault(n => (string?)n["id"] == id);

    public static string Status(JsonObject card) => (string)OfType(card, "TextBlock").Single(t => (string?)t["id"] == "status")["text"]!;

    public static IReadOnlyList<string> Verbs(JsonObject card) => [.. OfType(card, "Action.Execute").Select(a => (string)a["verb"]!)];

    /// <summary>Everything shown, top to bottom.</summary>
    public static IReadOnlyList<string> Texts(JsonObject card) =>
        [.. All(card["body"]).SelectMany(n => new[] { n["text"], n["title"], IsShown(n) ? n["value"] : null, n["label"] }).Where(t => t is JsonValue).Select(t => (string)t!)];

    /// <summary>What a choice or a switch sends is not what it shows.</summary>
    private static bool IsShown(JsonObject node) => (string?)node["type"] is not (null or "Input.ChoiceSet" or "Input.Toggle");

    /// <summary>The shape without any text: types, ids and buttons, one a line.</summary>
    public static string Skeleton(JsonObject card) => string.Join('\n', All(card).Select(n => $"{n["type"]} {n["id"]} {n["verb"]} {n["data"]?.ToJsonString()}"));
}
