using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Cards;

/// <summary>
/// Neutralises text that somebody else wrote. Escapes are used only where a renderer would read markup, so that ordinary names stay as they are;
/// addresses are defanged ("https[:]//"), because Teams makes links of them by itself, whatever the Markdown says.
/// </summary>
internal static partial class OutsideText
{
    private const int MarksInARow = 3;

    /// <summary>For Markdown: one line, no invisible or direction-changing characters, no markup.</summary>
    public static string Prose(string? text, int limit, bool atLineStart) => Escape(Defang(Visible(text, limit)), atLineStart);

    /// <summary>For notifications and other places that read no markup.</summary>
    public static string Plain(string? text, int limit) => Visible(text, limit);

    /// <summary>For a line between code fences, where no escape would be read: what could end them, or be taken for a tag, gives way to a sign that looks like it.</summary>
    public static string Typed(string line)
    {
        var shown = new StringBuilder(line.Length);
        foreach (var rune in Defang(line).EnumerateRunes())
        {
            var kind = Rune.GetUnicodeCategory(rune);
            _ = (rune.Value, IsInvisible(kind)) switch
            {
                (_, true) => shown,
                ('`', _) => shown.Append('\''),
                ('<', _) => shown.Append('‹'),
                ('>', _) => shown.Append('›'),
                _ => shown.Append(IsBlank(rune, kind) ? " " : rune.ToString()),
            };
        }

        return shown.ToString().TrimEnd();
    }

    /// <summary>For an operation: printable ASCII as it is, everything else and every space that a renderer would drop as \uXXXX, a backslash doubled.</summary>
    public static string Exact(string text)
    {
        var shown = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var droppable = c == ' ' && (i == 0 || i == text.Length - 1 || text[i - 1] == ' ');
            _ = c switch
            {
                '\\' => shown.Append(@"\\"),
                >= ' ' and <= '~' when !droppable => shown.Append(c),
                _ => shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
            };
        }

        return Escape(shown.ToString(), atLineStart: true);
    }

    private static string Visible(string? text, int limit)
    {
        var shown = new StringBuilder();
        int kept = 0, left = 0, marks = 0;
        foreach (var rune in (text ?? "").EnumerateRunes())
        {
            var kind = Rune.GetUnicodeCategory(rune);
            if (IsInvisible(kind))
            {
                continue;
            }

            marks = kind is UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark ? marks + 1 : 0;
            if (marks > MarksInARow)
            {
                continue;
            }

            if (kept >= limit)
            {
                left++;
                continue;
            }

            var blank = IsBlank(rune, kind);
            if (blank && (shown.Length == 0 || shown[^1] == ' '))
            {
                continue;
            }

            shown.Append(blank ? " " : rune.ToString());
            kept++;
        }

        var result = shown.ToString().TrimEnd();
        return left == 0 ? result : string.Create(CultureInfo.InvariantCulture, $"{result}… ({left:N0} more characters)");
    }

    private static bool IsInvisible(UnicodeCategory kind) =>
        kind is UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned or UnicodeCategory.Surrogate;

    private static bool IsBlank(Rune rune, UnicodeCategory kind) =>
        kind is UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.SpaceSeparator
        || rune.Value is 0x115F or 0x1160 or 0x2800 or 0x3164 or 0xFFA0;

    private static string Defang(string text) => Address().Replace(text, match => match.Value switch
    {
        "://" => "[:]//",
        var word => $"{word[..^1]}[{word[^1]}]",
    });

    private static string Escape(string text, bool atLineStart)
    {
        var escaped = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            var before = i > 0 ? text[i - 1] : ' ';
            var after = i + 1 < text.Length ? text[i + 1] : ' ';
            _ = text[i] switch
            {
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '&' when after == '#' || char.IsAsciiLetter(after) => escaped.Append("&amp;"),
                '\\' or '*' or '`' or '[' or ']' or '~' => escaped.Append('\\').Append(text[i]),
                '_' when !(char.IsAsciiLetterOrDigit(before) && char.IsAsciiLetterOrDigit(after)) => escaped.Append(@"\_"),
                '(' when before == ']' => escaped.Append(@"\("),
                // {{DATE(…)}} is a function of the card, ${…} of its template.
                '{' when before is '{' or '$' => escaped.Append(@"\{"),
                '/' when before is ':' or '/' && after != ' ' => escaped.Append(@"\/"),
                '.' when i >= 3 && text.AsSpan(i - 3, 3).Equals("www", StringComparison.OrdinalIgnoreCase) => escaped.Append(@"\."),
                var plain => escaped.Append(plain),
            };
        }

        return atLineStart ? LineStart().Replace(escaped.ToString(), m => m.Groups["number"].Success ? $@"{m.Groups["number"]}\{m.Groups["dot"]}" : $@"\{m.Value}") : escaped.ToString();
    }

    [GeneratedRegex(@"://|\bwww\.|\bmailto:", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Address();

    /// <summary>What would begin a list, a heading, a rule or an underline of a heading.</summary>
    [GeneratedRegex(@"^(?:[-+](?:\s|$)|#{1,6}(?:\s|$)|-(?:\s*-){2,}\s*$|=+\s*$)|^(?<number>\d{1,9})(?<dot>[.)](?:\s|$))", RegexOptions.NonBacktracking)]
    private static partial Regex LineStart();
}
