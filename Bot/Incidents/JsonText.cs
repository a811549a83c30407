using System.Text.Json;

namespace RunModes.Bot.Incidents;

/// <summary>A document may parse and still hold what is no text: half of a character written as an escape, bytes outside UTF-8. Readers meet that much later, as an exception.</summary>
internal static class JsonText
{
    /// <returns>Null when a name is no text: looking for names that appear twice, the parser meets it first.</returns>
    /// <exception cref="JsonException">It is not JSON.</exception>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> body, JsonDocumentOptions options)
    {
        try
        {
            return JsonDocument.Parse(body, options);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Every name and every text in it, at any depth, is Unicode that any store can keep (a NUL is not).</summary>
    public static bool IsWhole(JsonElement element)
    {
        try
        {
            return element.ValueKind switch
            {
                JsonValueKind.String => !element.GetString()!.Contains('\0', StringComparison.Ordinal),
                JsonValueKind.Array => element.EnumerateArray().All(IsWhole),
                JsonValueKind.Object => element.EnumerateObject().All(member => !member.Name.Contains('\0', StringComparison.Ordinal) && IsWhole(member.Value)),
                _ => true,
            };
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
