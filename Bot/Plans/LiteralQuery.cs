using System.Globalization;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Plans;

/// <summary>
/// A query of logs as an Administrator stored it: it reads the one workspace that it names. Words are looked for in the whole text, comments and strings
/// included, so that nothing hides in what another reader takes for one of them; a query that is refused by mistake is reworded.
/// </summary>
internal static partial class LiteralQuery
{
    /// <summary>Whoever confirms it sees it whole.</summary>
    public const int Longest = 1000;

    /// <returns>Null: it is run as it is.</returns>
    public static string? Problem(string kql) => kql switch
    {
        "" => "a query is missing after the colon; write KQL, as in AppRequests | summarize count() by ResultCode.",
        { Length: > Longest } => $"a query has at most {Longest} characters; shorten it.",
        _ when kql.Any(IsHidden) => string.Create(CultureInfo.InvariantCulture, $"a query holds the sign U+{(int)kql.First(IsHidden):X4}, which nobody can see; write it without."),
        _ when Command().IsMatch(kql) => "a query begins no statement with . or #: commands that manage are not run; write a query.",
        _ when !Begins().IsMatch(kql) => "a query begins with the name of a table or an operator; write it without anything before it.",
        _ when Statement().Match(kql) is { Success: true } match => $"'{match.Groups["word"].Value}' begins a statement that changes how a query is run; write the query without it.",
        _ when Elsewhere().Match(kql) is { Success: true } match => $"'{match.Groups["word"].Value}' leads out of the workspace, or runs more than a query; write the query without it.",
        _ when Call().Match(kql) is { Success: true } match => $"'{match.Groups["word"].Value}(…)' reads another place; write a query of the workspace that is named before the colon.",
        _ when Escaped().IsMatch(kql) => @"a name in brackets holds a \; write it as it reads.",
        _ => null,
    };

    // A lone carriage return ends a comment for some readers and not for others.
    private static bool IsHidden(char c) => c is not ('\n' or '\t')
        && (char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);

    private const string Gap = @"(?:\s|//[^\n]*\n)*";

    [GeneratedRegex(@"^\s*[A-Za-z_(]", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Begins();

    /// <summary>At the beginning of a line as well: what ends a statement may look like a part of it.</summary>
    [GeneratedRegex($@"(?:^|;){Gap}[.#]", RegexOptions.Multiline | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Command();

    [GeneratedRegex($@"(?:^|;){Gap}(?<word>set|alias|declare|restrict|pattern)\b", RegexOptions.Multiline | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Statement();

    [GeneratedRegex(@"\b(?<word>externaldata|external_data|external_table|evaluate|invoke|macro[-_]expand|entity_group|materialized_view|stored_query_result)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Elsewhere();

    /// <summary>Between the name and what opens the call there may be blanks, comments, and the end of a name in brackets.</summary>
    [GeneratedRegex(@"\b(?<word>cluster|database|workspace|app|resource|adx|arg)\b(?:[\s""'\]]|//[^\n]*\n)*\(", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Call();

    [GeneratedRegex($@"\[{Gap}[@hH]*[""'][^""'\]]*\\", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Escaped();
}
