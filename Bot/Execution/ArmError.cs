using System.Text.Json;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Execution;

/// <summary>Code and message of a refused request, short and without anything that looks like a credential.</summary>
internal sealed partial record ArmError(string Code, string Message)
{
    private const int LongestCode = 100;
    private const int LongestMessage = 600;

    /// <summary>JSON as Azure writes it; null for anything else, also for a document that says one thing twice.</summary>
    public static JsonElement? Json(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Both shapes in use: {"error":{"code","message"}}, and the bare {"Code","Message"} of App Service.</summary>
    public static ArmError? Of(ReadOnlyMemory<byte> body)
    {
        if (Json(body) is not { ValueKind: JsonValueKind.Object } root)
        {
            return null;
        }

        var error = Member(root, "error") is { ValueKind: JsonValueKind.Object } inner ? inner : root;
        return Text(error, "code") is { Length: > 0 } code ? new(Clean(code, LongestCode), Clean(Text(error, "message") ?? "", LongestMessage)) : null;
    }

    public static string Clean(string text, int longest = LongestMessage)
    {
        var plain = Credential().Replace(text.Length > 8 * longest ? text[..(8 * longest)] : text, "[removed]");
        plain = string.Join(' ', plain.Split(['\r', '\n', '\t', ' '], StringSplitOptions.RemoveEmptyEntries));
        plain = string.Concat(plain.Where(c => !char.IsControl(c)));
        return plain.Length > longest ? plain[..longest] + "…" : plain;
    }

    private static string? Text(JsonElement at, string name) => Member(at, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static JsonElement? Member(JsonElement at, string name)
    {
        foreach (var member in at.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return member.Value;
            }
        }

        return null;
    }

    [GeneratedRegex(@"bearer\s+[^\s""']+|eyJ[\w-]{8,}\.[\w-]+(\.[\w-]*)?|\b(sig|sas|key|code|secret|password|client_secret)=[^\s&""']+", RegexOptions.IgnoreCase | RegexOptions.NonBacktracking)]
    private static partial Regex Credential();
}
