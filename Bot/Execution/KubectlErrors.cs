using System.Text.RegularExpressions;

namespace RunModes.Bot.Execution;

/// <summary>
/// What kubectl says when it fails, as far as it was reviewed: what its server refused it tells in words of its own as often as by the server's code. Data-like on
/// purpose: one line a sentence, seen with the real kubectl.
/// </summary>
internal static partial class KubectlErrors
{
    /// <summary>It looked at the object and did not ask for a change.</summary>
    private static readonly (string Says, string Code)[] BeforeTheChange =
    [
        ("is already paused", "AlreadyPaused"), ("is not paused", "NotPaused"), ("can't restart paused deployment", "Paused"), ("you cannot rollback a paused deployment", "Paused"),
        ("unable to find specified revision", "NoSuchRevision"), ("unable to find container named", "NoSuchContainer"), ("no objects passed to scale", "NotFound"),
        // A credential is made before the first request, and again only where the server did not accept it.
        ("getting credentials: exec:", "NoCredential"), ("failed to verify certificate", "NotTrusted"), ("certificate signed by unknown authority", "NotTrusted"),
    ];

    /// <summary>The server's answer to the change, in kubectl's words.</summary>
    private static readonly (string Says, string Code)[] Refusals =
    [
        (" is forbidden: ", "Forbidden"), ("You must be logged in to the server", "Unauthorized"), ("the object has been modified", "Conflict"), (" denied the request", "AdmissionDenied"),
    ];

    /// <returns>Null: nobody knows what was done.</returns>
    public static (string Code, bool Sent)? Judge(string errors)
    {
        var line = Said().Match(errors) is { Success: true } said ? said.Groups["line"].Value : "";
        // A refusal first: "no objects passed to scale deployments.apps "web" is forbidden: …".
        return line.Length == 0 ? null
            : Refusals.Where(r => line.Contains(r.Says, StringComparison.Ordinal)).Select(r => ((string, bool)?)(r.Code, true)).FirstOrDefault()
                ?? BeforeTheChange.Where(b => line.Contains(b.Says, StringComparison.Ordinal)).Select(b => ((string, bool)?)(b.Code, false)).FirstOrDefault();
    }

    /// <summary>"deployments.apps "web" is forbidden: User …": its informers say so in the middle of other words, again and again, and at last only that it took too long.</summary>
    public static string? GaveUp(string errors) => errors.Contains("reflector.go:", StringComparison.Ordinal) && Denied().Match(errors) is { Success: true } denied
        ? denied.Value.Replace("\\\"", "\"", StringComparison.Ordinal).TrimEnd('"')
        : null;

    [GeneratedRegex(@"^(?:error: |Unable to connect to the server: )(?<line>.+)$", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Said();

    [GeneratedRegex(@"[a-z0-9.]{1,80}(?: \\?""[a-z0-9.-]{1,253}\\?"")? is forbidden: [^\r\n]{1,300}", RegexOptions.NonBacktracking)]
    private static partial Regex Denied();
}
