namespace RunModes.Bot.Chat;

/// <summary>A name as it stands in a sentence: perhaps quoted, perhaps with "the plan" before it or "task" behind it.</summary>
internal sealed record TypedName(Thing Kind, string Name, bool IsDefault)
{
    private const int MostWords = 4;

    /// <summary>Words that make a sentence of what would be a name. Whoever named a plan so quotes it.</summary>
    private static readonly HashSet<string> Sentence = new(StringComparer.OrdinalIgnoreCase)
    {
        "to", "and", "or", "not", "never", "sure", "if", "that", "it", "this", "then", "until", "when", "while", "you", "i", "we", "is", "be", "are", "from", "with", "but", "me", "us",
        "everything", "everybody", "everyone", "them", "these", "those", "so", "because", "back",
    };

    /// <param name="aNewOne">A name that does not exist yet: "default" is one that cannot be, and is said so elsewhere.</param>
    /// <returns>Null when it can be no name.</returns>
    public static TypedName? Read(string text, bool aNewOne = false)
    {
        var rest = text.Trim();
        var kind = Thing.Any;
        rest = Without(rest, "the ");
        if (!aNewOne)
        {
            rest = Without(Without(rest, "response "), "scheduled ");
            (kind, rest) = Take(rest);
        }

        if (Quoted(rest) is { } quoted)
        {
            return quoted.Length == 0 ? null : new(kind, quoted, false);
        }

        var words = rest.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is 0 or > MostWords || words.Any(w => Sentence.Contains(w) || w[^1] is ',' or ';' or ':' or '?'))
        {
            return null;
        }

        var name = rest.Trim('"', '\'', ' ');
        var isDefault = kind == Thing.Any && !aNewOne && name.ToLowerInvariant() is "default" or "default mode" or "agent default" or "default run mode";
        return name.Length == 0 ? null : new(kind, name, isDefault);
    }

    private static (Thing, string) Take(string text) =>
        Starts(text, "plan ") ? (Thing.Plan, text[5..]) : Starts(text, "task ") ? (Thing.Task, text[5..])
        : Ends(text, " plan") ? (Thing.Plan, text[..^5]) : Ends(text, " task") ? (Thing.Task, text[..^5]) : (Thing.Any, text);

    private static string? Quoted(string text) => text.Length >= 2 && text[0] is '"' or '\'' && text[^1] == text[0] ? text[1..^1].Trim() : null;

    private static string Without(string text, string prefix) => Starts(text, prefix) ? text[prefix.Length..] : text;

    private static bool Starts(string text, string prefix) => text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase);

    private static bool Ends(string text, string suffix) => text.EndsWith(suffix, StringComparison.OrdinalIgnoreCase);
}
