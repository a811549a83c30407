using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using RunModes.Bot.Cards;

namespace RunModes.Bot.Tests.Reporting;

/// <summary>What of a message a renderer would read as more than text, in order; the same for hostile words as for plain ones.</summary>
internal static partial class Markup
{
    public static string Of(CardText text)
    {
        Assert.All(text.Markdown.EnumerateRunes(), r => Assert.NotEqual(UnicodeCategory.Format, Rune.GetUnicodeCategory(r)));
        Assert.All(text.Markdown.Where(c => c != '\n'), c => Assert.False(char.IsControl(c)));
        // What stands in a fence is letters, whatever it is; only what could end it counts there.
        var outside = Fence().Replace(Escaped().Replace(text.Markdown, "¤"), "```");
        return string.Join(' ', Signs().Matches(outside).Select(m => m.Value.Replace("\n", "⏎", StringComparison.Ordinal)));
    }

    [GeneratedRegex(@"\\[!-/:-@\[-`{-~]")]
    private static partial Regex Escaped();

    [GeneratedRegex(@"(?<=^|\n)```\n[^`]*\n```(?=\n|$)")]
    private static partial Regex Fence();

    [GeneratedRegex(@"\]\(|!\[|<|`+|~~|\*+|\{\{|\$\{|https?://|(?i:\bwww\.)|(?i:mailto:)|\n+|(?<=^|\n)(?:[-+]|#{1,6}|>|\d{1,9}[.)])(?=\s)")]
    private static partial Regex Signs();
}
