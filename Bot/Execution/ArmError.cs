using System.Text.Json;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Execution;

/// <summary>Code and message of a refused request, short and without anything that looks like a credential.</summary>
internal sealed partial record ArmError(string Code, string Message)
{
    private const int LongestCode = 100;
    private const int LongestMessage = 600;
    private const int MostRead = 32_768;

    /// <summary>Both shapes in use: {"error":{"code","message"}}, and the bare {"Code","Message"} of App Service.</summary>
    public static ArmError? Of(ReadOnlyMemory<byte> body) => ArmJson.Parse(body) is { } root ? Of(root, text => text) : null;

    /// <param name="scrub">Takes out what only the caller knows to be a secret, before anything is cut off.</param>
    public static ArmError? Of(JsonElement root, Func<string, string> scrub)
    {
        var error = root.Member("error") is { ValueKind: JsonValueKind.Object } inner ? inner : root;
        return error.Text("code") is { Length: > 0 } code ? new(Clean(scrub(Cut(code)), LongestCode), Clean(scrub(Cut(error.Text("message") ?? "")))) : null;
    }

    public static string Clean(string text, int longest = LongestMessage)
    {
        var plain = Query().Replace(Cut(text), "$1?[removed]");
        plain = Credential().Replace(plain, "[removed]");
        plain = string.Join(' ', plain.Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));
        plain = string.Concat(plain.Where(c => !char.IsControl(c)));
        return plain.Length > longest ? plain[..longest] + "…" : plain;
    }

    private static string Cut(string text) => text.Length > MostRead ? text[..MostRead] : text;

    /// <summary>Queries of URLs carry signatures: polling URLs, SAS, webhooks.</summary>
    [GeneratedRegex(@"(https?://[^\s?""'<>]*)\?[^\s""'<>]+", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Query();

    [GeneratedRegex(@"bearer\s+[^\s""']+|eyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?|\b(sig|sas|key|code|secret|password|client_secret)=[^\s&""']+", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Credential();
}
