using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using RunModes.Bot.Cards;

namespace RunModes.Bot.Reporting;

/// <summary>Lists that may be of any length: shortened to what fits, with how many were left out.</summary>
internal static class ListText
{
    private const string Fence = "```";

    /// <param name="lines">The most important first.</param>
    /// <param name="all">How many there are, whether or not they are among the lines.</param>
    /// <param name="bytes">Of the message, for all of them.</param>
    /// <param name="of">What they are, where the list says it alone.</param>
    public static CardText Of(IReadOnlyList<CardText> lines, int all, int most, int bytes, string of = "")
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

        return CardText.Join("\n", [.. shown, all > shown.Count ? CardText.Of($"- and {all - shown.Count} more{(of.Length == 0 ? CardText.Empty : CardText.Of($" {of}"))}") : CardText.Empty]);
    }

    public static string Count(int count, string one, string? many = null) => count == 1 ? $"1 {one}" : string.Create(CultureInfo.InvariantCulture, $"{count:N0} {many ?? one + "s"}");

    /// <summary>As it travels.</summary>
    public static int SizeOf(CardText text) => SizeOf(text.Markdown);

    /// <summary>The last resort for a text that nobody shortened: whole lines from its beginning, and how many are missing. A fence that was cut is closed.</summary>
    public static string Fitting(string text, int bytes)
    {
        if (SizeOf(text) <= bytes)
        {
            return text;
        }

        const int ForTheEnd = 100;
        var lines = text.Split('\n');
        var (kept, used) = (0, 0);
        while (kept < lines.Length && used + SizeOf(lines[kept]) + 2 <= bytes - ForTheEnd)
        {
            used += SizeOf(lines[kept++]) + 2;
        }

        var fence = lines.Take(kept).Count(line => line == Fence) % 2 == 0 ? "" : $"\n{Fence}";
        var left = lines.Length - kept;
        return string.Create(CultureInfo.InvariantCulture, $"{string.Join('\n', lines.Take(kept))}{fence}\n\n… and {left:N0} more {(left == 1 ? "line" : "lines")}, too long for one message.");
    }

    private static int SizeOf(string text) => Encoding.UTF8.GetByteCount(JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text));
}
