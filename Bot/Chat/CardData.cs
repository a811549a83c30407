using System.Text.Json;
using System.Text.RegularExpressions;
using RunModes.Bot.Cards;

namespace RunModes.Bot.Chat;

/// <summary>The little that is read from what a card sends: an opaque id and the revision that was shown. Everything else is looked up.</summary>
internal sealed partial record CardData(string Id, int Revision, string? Reason, string? Choice)
{
    private const int MostInputs = 64;

    /// <summary>What was typed into a form, by field. Whoever reads it looks for the fields of its own form and at nothing else.</summary>
    public IReadOnlyDictionary<string, string> Inputs { get; private init; } = new Dictionary<string, string>();

    /// <returns>Null when it is nothing that a card of ours sends.</returns>
    public static CardData? Read(JsonElement data) =>
        data.ValueKind == JsonValueKind.Object
        && Text(data, ActionData.IdKey) is { } id && OpaqueId().IsMatch(id)
        && data.TryGetProperty(ActionData.RevisionKey, out var r) && r.ValueKind == JsonValueKind.Number && r.TryGetInt32(out var revision) && revision > 0
            ? new(id, revision, Text(data, ReviewButtons.ReasonInput), Text(data, ActionData.ChoiceKey)) { Inputs = Typed(data) }
            : null;

    /// <summary>A client sends a switch as text or as true, a number as either.</summary>
    private static Dictionary<string, string> Typed(JsonElement data)
    {
        Dictionary<string, string> typed = new(StringComparer.Ordinal);
        foreach (var member in data.EnumerateObject().Take(MostInputs))
        {
            if (member.Value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False)
            {
                typed[member.Name] = member.Value.ValueKind is JsonValueKind.True ? "true" : member.Value.ValueKind is JsonValueKind.False ? "false" : member.Value.ToString();
            }
        }

        return typed;
    }

    private static string? Text(JsonElement data, string name) => data.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    [GeneratedRegex("^[0-9a-f]{24,32}\\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex OpaqueId();
}
