using System.Text.RegularExpressions;
using RunModes.Bot.Gate;

namespace RunModes.Bot.Chat;

/// <summary>
/// From text to a command, by a table of spellings. Case is ignored, names may be quoted. The emergency stop and its end are the whole message
/// or nothing: neither may be set off by a sentence that only mentions them.
/// </summary>
internal static class CommandParser
{
    private const int LongestText = 300;
    private const string Name = "(?:the )?(?:response )?(?:plan )?(?<name>.+?)";
    private const string Mode = "(?:the )?(?<mode>review|autonomous|automatic)(?: mode)?";

    private static readonly (Regex Spelling, Func<Match, Command?> Means)[] Spellings =
    [
        Say("stop", _ => new Command.Stop()),
        Say("start", _ => new Command.Start()),
        Say(@"(?:help|\?|hi|hello|what can (?:you|i) do)", _ => new Command.Help()),
        Say("(?:whoami|who am i|what am i|what may i do)", _ => new Command.WhoAmI()),
        Say("(?:approvers|who (?:can|may) (?:approve|decide)(?: .+)?)", _ => new Command.Approvers()),
        Say("(?:(?:list|show)(?: me)?(?: the| all)? )?plans|what plans are there", _ => new Command.AllPlans()),
        Say($"(?:(?:show|describe)(?: me)? )?(?:the )?plan (?<name>.+)", m => new Command.OnePlan(Unquoted(m))),
        Say($"(?:what|which)(?: run)? mode (?:is|has) {Name}(?: in)?", ModeOf),
        Say("(?:(?:list|show)(?: me)?(?: the)? )?pending(?: approvals| operations)?|what(?:'s| is) (?:pending|waiting)", _ => new Command.Pending()),
        Say("(?:(?:show)(?: me)?(?: the)? )?history|what happened|what was done", _ => new Command.History(null)),
        Say($"(?:(?:show)(?: me)?(?: the)? )?history (?:of |for )?{Name}", m => new Command.History(Unquoted(m))),
        Say("(?:(?:list|show)(?: me)?(?: the)? )?unmatched(?: alerts)?", _ => new Command.Unmatched()),
        Say("health|status|how are you", _ => new Command.Health()),
        Say($"(?:set|switch|change|make|put)(?: the mode of)? {Name}(?: to| into| in)? {Mode}", SetMode),
        Say("use this (?:channel|chat)(?: (?:for everything|by default))?|post here", _ => new Command.UseChannel(null)),
        Say($"use this (?:channel|chat) for {Name}", m => new Command.UseChannel(Unquoted(m))),
        Say("practi[cs]e (?<name>prod|production|staging|stuck)", m => new Command.Practice(m.Groups["name"].Value.ToLowerInvariant() is "production" ? "prod" : m.Groups["name"].Value.ToLowerInvariant())),
    ];

    /// <summary>What is offered when nothing matched: the words to type, and what they stand for when they are compared.</summary>
    private static readonly string[] Offered =
    [
        "help", "whoami", "approvers", "plans", "plan <name>", "pending", "history", "unmatched", "health", "set <plan> to review", "set <plan> to autonomous",
        "set default to review", "set default to autonomous", "stop", "start", "use this channel", "use this channel for <plan>",
    ];

    public static Command Parse(string text)
    {
        var said = Tidy(text);
        return Spellings.Select(s => s.Spelling.Match(said) is { Success: true } match ? s.Means(match) : null).FirstOrDefault(c => c is not null)
            ?? new Command.Unknown(Nearest(said));
    }

    /// <summary>Closest first; the first words decide, since names and sentences follow them.</summary>
    private static List<string> Nearest(string said)
    {
        var words = said.ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. Offered
            .Select(o => (Command: o, Distance: Distance(words, o)))
            .Where(o => o.Distance <= 2)
            .OrderBy(o => o.Distance)
            .Take(3)
            .Select(o => o.Command)
            .DefaultIfEmpty("help")];
    }

    private static int Distance(string[] words, string offered)
    {
        var first = offered.Split(' ')[0];
        // Only the first words of a long text are looked at: the rest is a story, not a command.
        return words.Take(6).Select((w, i) => Edits(w[..Math.Min(w.Length, 20)], first) + (i > 0 ? 1 : 0)).Where(d => d < first.Length).DefaultIfEmpty(int.MaxValue).Min();
    }

    /// <summary>Levenshtein.</summary>
    private static int Edits(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                (diagonal, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)));
            }
        }

        return row[^1];
    }

    private static Command? SetMode(Match match) =>
        Gate.RunModes.TryParse(match.Groups["mode"].Value, out var mode) ? new Command.SetMode(IsDefault(Unquoted(match)) ? null : Unquoted(match), mode.Value) : null;

    private static Command ModeOf(Match match) => IsDefault(Unquoted(match)) ? new Command.AllPlans() : new Command.OnePlan(Unquoted(match));

    private static bool IsDefault(string name) => name.Equals("default", StringComparison.OrdinalIgnoreCase) || name.Equals("default mode", StringComparison.OrdinalIgnoreCase);

    private static string Unquoted(Match match) => match.Groups["name"].Value.Trim('"', '\'', ' ');

    /// <summary>One space between words, plain quotation marks, no closing punctuation: what phones make of a typed command.</summary>
    private static string Tidy(string text)
    {
        var cut = text.Length > LongestText ? text[..LongestText] : text;
        var plain = cut.Replace('“', '"').Replace('”', '"').Replace('„', '"').Replace('‘', '\'').Replace('’', '\'').Replace('\u00A0', ' ');
        var words = plain.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var said = string.Join(' ', words);
        return said.Length > 1 ? said.TrimEnd('.', '!', '?', ' ') : said;
    }

    /// <summary>The whole message; linear in its length, whatever was typed.</summary>
    private static (Regex, Func<Match, Command?>) Say(string spelling, Func<Match, Command?> means) =>
        (new Regex($"^(?:{spelling})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture), means);
}
