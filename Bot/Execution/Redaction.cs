using System.Text.RegularExpressions;

namespace RunModes.Bot.Execution;

/// <summary>Takes out of a line of output what looks like a credential. A last resort: what is known to show secrets is not run at all.</summary>
internal static partial class Redaction
{
    public static string Of(string line) => Named().Replace(Shaped().Replace(line, "[removed]"), "${name}[removed]");

    /// <summary>Bearer tokens, JWTs, signatures of SAS URLs, keys of storage accounts, passwords in connection strings and URLs.</summary>
    [GeneratedRegex(@"bearer\s+[^\s""']+|eyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?|\b(sig|sas|code|client_secret)=[^\s&""']+|\b[A-Za-z0-9+/]{86}==|(?<=://[^\s:/@]{1,64}:)[^\s@/]+(?=@)|-----BEGIN [A-Z ]*PRIVATE KEY-----.*", RegexOptions.IgnoreCase)]
    private static partial Regex Shaped();

    /// <summary>A name that says what its value is: "password": "…", ConnectionString=…, API_KEY: ….</summary>
    [GeneratedRegex(@"(?<name>[""']?[\w.-]*(?:password|passwd|pwd|secret|token|apikey|api[_-]key|accountkey|account[_-]key|accesskey|access[_-]key|connectionstring|connection[_-]string|privatekey|private[_-]key)[\w.-]*[""']?\s*[:=]\s*)(?:""[^""]*""|'[^']*'|[^\s,;]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Named();
}
