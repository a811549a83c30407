using System.Text.RegularExpressions;

namespace RunModes.Bot.Chat;

/// <summary>
/// From text to a command, by a table of spellings. Case is ignored, names may be quoted. The emergency stop and its end are the whole message
/// or nothing: neither may be set off by a sentence that only mentions them.
/// </summary>
internal static partial class CommandParser
{
    /// <summary>Longer than any resource id. What is longer is a story: cut, it could name something else.</summary>
    private const int LongestText = 1000;
    private const int LongestProposal = 8000;

    /// <summary>Said to be polite, and no part of what is asked. "Please stop" is not `stop`: that is looked for before this is taken off.</summary>
    private const string Courtesy = "please|kindly|could you|can you|would you|will you|i want to|i want you to|i would like to|i'd like to|hey|ok";

    public static Command Parse(string text)
    {
        if (text.Length <= LongestProposal && ProposalText().Match(text.Trim()) is { Success: true } proposal)
        {
            var arguments = proposal.Groups["rest"].Value;
            return proposal.Groups["tool"].Value.Equals("az", StringComparison.OrdinalIgnoreCase) ? new Command.ProposeAz(arguments) : new Command.ProposeKubectl(arguments);
        }

        var said = Tidy(text.Length > LongestProposal ? text[..LongestProposal] : text);
        if (said.Length > LongestText)
        {
            return new Command.Unknown(NearestCommands.To(said));
        }

        return said.ToLowerInvariant() switch
        {
            "stop" => new Command.Stop(),
            "start" => new Command.Start(),
            _ => Spellings.Of(WithoutCourtesy(said)) ?? new Command.Unknown(NearestCommands.To(said), Spellings.Accepted(WithoutCourtesy(said))),
        };
    }

    private static string WithoutCourtesy(string said) => After().Replace(Before().Replace(said, ""), "") is { Length: > 0 } rest ? rest : said;

    /// <summary>One space between words, plain quotation marks, no closing punctuation: what phones make of a typed command.</summary>
    private static string Tidy(string text)
    {
        var plain = text.Replace('“', '"').Replace('”', '"').Replace('„', '"').Replace('‘', '\'').Replace('’', '\'').Replace('\u00A0', ' ');
        var words = plain.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var said = string.Join(' ', words);
        return said.Length > 1 ? said.TrimEnd('.', '!', '?', ' ') : said;
    }

    [GeneratedRegex(@"^(?:please )?propose\s+(?<tool>az|kubectl)\s+(?<rest>.+)\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline)]
    private static partial Regex ProposalText();

    [GeneratedRegex($"^(?:(?:{Courtesy}),? )+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Before();

    [GeneratedRegex("(?:,? (?:please|thanks|thank you|now|for me))+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex After();
}
