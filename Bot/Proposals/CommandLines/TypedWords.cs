using System.Globalization;

namespace RunModes.Bot.Proposals.CommandLines;

/// <summary>
/// A command as somebody typed it, cut into words by the bot. No shell is asked and none will run it: whatever only a shell understands is refused, and so is
/// whatever a person could not tell from something else on a card. Nothing is corrected.
/// </summary>
internal static class TypedWords
{
    private const int Longest = 2000;
    private const string OfShells = ";&|$`<>{}*?!#~[]^";

    /// <returns>The words, or why there are none.</returns>
    public static (IReadOnlyList<string> Words, string? Problem) Of(string typed)
    {
        var text = typed.Trim(' ');
        var problem = text.Length switch
        {
            0 => "nothing follows",
            > Longest => $"it is longer than {Longest.ToString(CultureInfo.InvariantCulture)} characters",
            _ => Refused(text),
        };
        return problem is null ? Cut(text) : ([], problem);
    }

    private static string? Refused(string text)
    {
        foreach (var c in text)
        {
            var problem = c switch
            {
                '\n' or '\r' => "it has more than one line",
                '\\' => "a backslash has no meaning here",
                < ' ' or > '~' => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:X4} is not plain ASCII; phones make such characters out of quotes, dashes and spaces"),
                _ when OfShells.Contains(c, StringComparison.Ordinal) => $"{c} means something to a shell only, and there is none",
                _ => null,
            };
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private static (IReadOnlyList<string>, string?) Cut(string text)
    {
        List<string> words = [];
        for (var at = 0; at < text.Length;)
        {
            if (text[at] == ' ')
            {
                at++;
                continue;
            }

            var quoted = text[at] is '"' or '\'';
            var from = quoted ? at + 1 : at;
            var to = text.IndexOf(quoted ? text[at] : ' ', from);
            if (to < 0)
            {
                to = text.Length;
            }

            var word = text[from..to];
            if (quoted && (to == text.Length || (to + 1 < text.Length && text[to + 1] != ' ')) || word.AsSpan().ContainsAny('"', '\''))
            {
                return ([], "a quotation mark stands within a word, or nothing closes it");
            }

            if (word.Length == 0)
            {
                return ([], "a value is empty");
            }

            if (!quoted && word.AsSpan().ContainsAny('(', ')'))
            {
                return ([], "parentheses stand in quotation marks only");
            }

            words.Add(word);
            at = to + 1;
        }

        return (words, null);
    }
}
