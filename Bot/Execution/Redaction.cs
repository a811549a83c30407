using System.Text.RegularExpressions;

namespace RunModes.Bot.Execution;

/// <summary>Takes out of output what looks like a credential. A last resort: what is known to show secrets is not run at all.</summary>
internal static partial class Redaction
{
    private const string Removed = "[removed]";

    /// <summary>More of a line is not looked at, and not shown either.</summary>
    private const int LongestLine = 2000;

    /// <summary>Line by line; a value on a line of its own belongs to the name above it, as in the environment of a pod.</summary>
    public static IEnumerable<string> Of(IEnumerable<string> lines)
    {
        var named = false;
        foreach (var whole in lines)
        {
            var line = whole.Length > LongestLine ? whole[..LongestLine] : whole;
            yield return named && Value().IsMatch(line) ? Value().Replace(line, $"${{before}}{Removed}") : Of(line);
            named = Name().IsMatch(line);
        }
    }

    public static string Of(string line) => Named().Replace(Shaped().Replace(line, Removed), $"${{name}}{Removed}");

    private const string Secret = "(?:password|passwd|pwd|secret|token|apikey|api[_-]key|accountkey|account[_-]key|accesskey|access[_-]key|connectionstring|connection[_-]string|connstr|privatekey|private[_-]key|credential)";

    /// <summary>Bearer tokens, JWTs, signatures of SAS URLs, keys of storage accounts, passwords in URLs, private keys.</summary>
    [GeneratedRegex(@"bearer\s+[^\s""']+|eyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?|\b(sig|sas|code|client_secret)=[^\s&""']+|\b[A-Za-z0-9+/]{86}==|(?<=://[^\s:/@]{1,64}:)[^\s@/]+(?=@)|-----BEGIN [A-Z ]*PRIVATE KEY-----.*", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Shaped();

    /// <summary>A name that says what its value is, with the rest of what it is: "password": "…", AccountKey=…, API_KEY: ….</summary>
    [GeneratedRegex($@"(?<name>[""']?\b[\w.-]{{0,64}}?{Secret}[\w.-]{{0,64}}[""']?\s*[:=]\s*)(?:""[^""]*""|'[^']*'|[^\s,;]+)", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 2000)]
    private static partial Regex Named();

    [GeneratedRegex($@"^\s*-?\s*""?name""?\s*:\s*""?[\w.-]*{Secret}", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Name();

    [GeneratedRegex(@"^(?<before>\s*""?value""?\s*:\s*).+$", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Value();
}
