using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using RunModes.Bot.Cards;

namespace RunModes.Bot.Reporting;

/// <summary>Lists that may be of any length: shortened to what fits, with how many were left out.</summary>
internal static class ListText
{
    /// <param name="lines">The most important first.</param>
    /// <param name="all">How many there are, whether or not they are among the lines.</param>
    /// <param name="bytes">Of the message, for all of them.</param>
    public static CardText Of(IReadOnlyList<CardText> lines, int all, int most, int bytes)
    {
        var shown = new List<CardText>();
        var used = 0;
        foreach (var line in lines.Take(most))
        {
            used += SizeOf(line) + 4;
            if (used > bytes)
            {
                break;
            }

            shown.Add(CardText.Of($"- {line}"));
        }

        return CardText.Join("\n", [.. shown, all > shown.Count ? CardText.Of($"- and {all - shown.Count} more") : CardText.Empty]);
    }

    public static string Count(int count, string one, string? many = null) => count == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {many ?? one + "s"}");

    /// <summary>As it travels.</summary>
    public static int SizeOf(CardText text) => JsonEncodedText.Encode(text.Markdown, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes.Length;
}
