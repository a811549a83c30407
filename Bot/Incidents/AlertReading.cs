using System.Globalization;
using System.Text.Json;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Incidents;

/// <summary>A body read: an alert, or one sentence that says what is wrong with it. The sentence never repeats the body.</summary>
internal sealed record AlertReading(Alert? Alert, string? Problem)
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 64, AllowDuplicateProperties = false };

    public static AlertReading Of(Alert alert) => new(alert, null);

    public static AlertReading Malformed(string problem) => new(null, problem);

    /// <summary>The one place where a body becomes JSON: a name given twice is refused, because two readers would see two alerts.</summary>
    public static AlertReading Read(ReadOnlyMemory<byte> body, Func<JsonElement, Alert> read)
    {
        try
        {
            using var document = JsonText.Parse(body, Strict);
            return document is not null && JsonText.IsWhole(document.RootElement) ? Of(read(document.RootElement)) : Malformed("The body holds characters that are not Unicode text.");
        }
        catch (JsonException malformed)
        {
            return Malformed($"The body is not valid JSON (line {malformed.LineNumber + 1}), or a name appears twice.");
        }
        catch (AlertFormatException wrong)
        {
            return Malformed(wrong.Message);
        }
    }

    /// <summary>White space aside, all of it.</summary>
    public static string HashOf(JsonElement content) => Digest.Of(JsonSerializer.Serialize(content, AlertJson.Default.JsonElement));
}

[System.Text.Json.Serialization.JsonSerializable(typeof(JsonElement))]
internal sealed partial class AlertJson : System.Text.Json.Serialization.JsonSerializerContext;

/// <summary>Thrown and caught inside one reading only.</summary>
internal sealed class AlertFormatException(string message) : Exception(message);

/// <summary>Strict about the members that are used, silent about all others.</summary>
internal static class AlertMembers
{
    private const int LongestKey = 1024;
    private const int LongestText = 4096;

    public static JsonElement Object(this JsonElement parent, string name, string path) =>
        parent.Member(name) is { ValueKind: JsonValueKind.Object } found ? found : throw new AlertFormatException($"{path} is missing or not an object.");

    public static JsonElement? Member(this JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    /// <summary>Names things: never cut, because two long names could become one.</summary>
    public static string Key(this JsonElement parent, string name, string path) =>
        parent.OptionalKey(name, path) ?? throw new AlertFormatException($"{path} is missing or empty.");

    public static string? OptionalKey(this JsonElement parent, string name, string path) =>
        parent.Text(name, path)?.Trim() is not { Length: > 0 } text ? null
        : text.Length <= LongestKey ? text
        : throw new AlertFormatException($"{path} is longer than {LongestKey} characters.");

    /// <summary>Shown to people: cut where it grows too long.</summary>
    public static string Prose(this JsonElement parent, string name, string path) =>
        parent.Text(name, path) is not { } text ? "" : text.Length <= LongestText ? text : text[..LongestText] + "…";

    public static DateTimeOffset Time(this JsonElement parent, string name, string path) =>
        parent.OptionalTime(name, path) ?? throw new AlertFormatException($"{path} is missing.");

    public static DateTimeOffset? OptionalTime(this JsonElement parent, string name, string path) =>
        parent.Text(name, path) is not { Length: > 0 } text ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time
        : throw new AlertFormatException($"{path} is not a date and time.");

    public static IReadOnlyList<string> Texts(this JsonElement parent, string name, string path) =>
        parent.Member(name) switch
        {
            null => [],
            { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Select(item => Read(item, path))],
            _ => throw new AlertFormatException($"{path} is not a list."),
        };

    private static string? Text(this JsonElement parent, string name, string path) =>
        parent.Member(name) is { } found ? Read(found, path) : null;

    private static string Read(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            throw new AlertFormatException($"{path} is not a text.");
        }

        return value.GetString()!;
    }
}
