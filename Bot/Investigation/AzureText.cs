using System.Globalization;
using System.Text.Json;

namespace RunModes.Bot.Investigation;

/// <summary>Reads answers without trusting their shape: whatever is missing, or of another kind than documented, reads as absent.</summary>
internal static class AzureText
{
    public static JsonElement Child(this JsonElement element, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out element))
            {
                return default;
            }
        }

        return element;
    }

    public static string? Text(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.Child(path) is { ValueKind: JsonValueKind.String } found && found.GetString() is { Length: > 0 } text ? text : null;

    public static double? Number(this JsonElement element, params ReadOnlySpan<string> path) =>
        element.Child(path) is { ValueKind: JsonValueKind.Number } found && found.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    public static DateTimeOffset? Time(this JsonElement element, params ReadOnlySpan<string> path) =>
        DateTimeOffset.TryParse(element.Text(path), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Child(name) is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];

    /// <summary>Times are UTC everywhere, so that two people on call read the same minute.</summary>
    public static string Utc(this DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture);

    /// <summary>With its day when it was hours ago.</summary>
    public static string Utc(this DateTimeOffset at, DateTimeOffset now) =>
        now - at < TimeSpan.FromHours(20) ? at.Utc() : at.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    /// <summary>Other people's text on one line of bounded length; whoever shows it still escapes it.</summary>
    public static string Plain(this string text, int longest)
    {
        var line = string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter)).Trim();
        return line.Length <= longest ? line : string.Concat(line.AsSpan(0, longest - 1), "…");
    }
}
