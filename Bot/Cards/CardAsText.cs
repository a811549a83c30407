using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Cards;

/// <summary>A card for people who read a terminal: its texts line by line, its inputs by label, its buttons in brackets.</summary>
internal static partial class CardAsText
{
    public static string Of(JsonObject card) => string.Join('\n', Lines(card));

    private static IEnumerable<string> Lines(JsonObject element) => (string?)element["type"] switch
    {
        "TextBlock" => Text(element["text"]).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        "ActionSet" =>
        [
            string.Join(' ', All(element["actions"]).Select(action => $"[{Text(action["title"])}]")),
            .. All(element["actions"]).Where(action => action["card"] is JsonObject).SelectMany(action => Lines((JsonObject)action["card"]!)),
        ],
        "Input.Text" => [$"{Text(element["label"])}: {Typed(element)}"],
        "Input.Toggle" => [$"{Text(element["label"])}: [{((string?)element["value"] == "true" ? "x" : " ")}] {Text(element["title"])}"],
        "Input.ChoiceSet" => [$"{Text(element["label"])}: {Typed(element)} ({string.Join(" / ", All(element["choices"]).Select(choice => Text(choice["title"])))})"],
        _ => All(element["body"] ?? element["items"]).SelectMany(Lines),
    };

    private static string Typed(JsonObject input) => (string?)input["value"] is { Length: > 0 } value ? value : Text(input["placeholder"]) is { Length: > 0 } hint ? $"____ ({hint})" : "____";

    private static IEnumerable<JsonObject> All(JsonNode? list) => (list as JsonArray ?? []).OfType<JsonObject>();

    /// <summary>The client's own time macros mean nothing in a terminal; UTC stands beside them.</summary>
    private static string Text(JsonNode? text) => Macro().Replace((string?)text ?? "", "");

    [GeneratedRegex(@"\{\{(DATE|TIME)\([^)]*\)\}\} ?", RegexOptions.NonBacktracking)]
    private static partial Regex Macro();
}
