using System.Text.Json;

namespace RunModes.Bot.Execution;

/// <summary>Reads what Azure wrote without trusting its shape. Member names ignore case, as Azure's own do.</summary>
internal static class ArmJson
{
    /// <summary>Null for anything that is not JSON, also for a document that says one thing twice.</summary>
    public static JsonElement? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static JsonElement? Member(this JsonElement at, string name)
    {
        if (at.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        foreach (var member in at.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return member.Value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined ? null : member.Value;
            }
        }

        return null;
    }

    public static string? Text(this JsonElement at, string name) => at.Member(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>Null when it is absent or not an array.</summary>
    public static IReadOnlyList<JsonElement>? Items(this JsonElement at, string name) =>
        at.Member(name) is { ValueKind: JsonValueKind.Array } array ? [.. array.EnumerateArray()] : null;
}
