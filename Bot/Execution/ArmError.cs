using System.Text.Json;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Execution;

/// <summary>Code and message of a refused request, short and without anything that looks like a credential.</summary>
internal sealed partial record ArmError(string Code, string Message)
{
    private const int LongestCode = 100;
    private const int LongestMessage = 600;

    /// <summary>Both shapes in use: {"error":{"code","message"}}, and the bare {"Code","Message"} of App Service.</summary>
    public static ArmError? Of(ReadOnlyMemory<byte> body)
    {
        if (ArmJson.Parse(body) is not { } root)
        {
            return null;
        }

        var error = root.Member("error") is { ValueKind: JsonValueKind.Object } inner ? inner : root;
        return error.Text("code") is { Length: > 0 } code ? new(Clean(code, LongestCode), Clean(error.Text("message") ?? "")) : null;
    }

    public static string Clean(string text, int longest = LongestMessage)
    {
        var plain = Credential().Replace(text.Length > 8 * longest ? text[..(8 * longest)] : text, "[removed]");
        plain = string.Join(' ', plain.Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));
        plain = string.Concat(plain.Where(c => !char.IsControl(c)));
        return plain.Length > longest ? plain[..longest] + "…" : plain;
    }

    [GeneratedRegex(@"bearer\s+[^\s""']+|eyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?|\b(sig|sas|key|code|secret|password|client_secret)=[^\s&""']+", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Credential();
}
