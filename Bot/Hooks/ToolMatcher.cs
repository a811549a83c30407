using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Hooks;

/// <summary>A regular expression over names of tools: anchored, case-sensitive, and of the kind that cannot be made to run for long. "*" is all.</summary>
internal sealed record ToolMatcher
{
    private readonly Regex _regex;

    private ToolMatcher(string text, Regex regex) => (Text, _regex) = (text, regex);

    public string Text { get; }

    /// <summary>Of the tools that exist.</summary>
    public IEnumerable<string> Fitting => Tools.All.Where(Fits);

    public static bool TryParse(string? text, [NotNullWhen(true)] out ToolMatcher? matcher, [NotNullWhen(false)] out string? why)
    {
        matcher = null;
        why = null;
        if (string.IsNullOrEmpty(text))
        {
            why = "is missing, and an empty matcher fits no tool; name tools (ArmWrite|SendMail), or * for all.";
            return false;
        }

        try
        {
            matcher = new(text, new Regex(text == "*" ? ".*" : $"^(?:{text})$", RegexOptions.NonBacktracking | RegexOptions.CultureInvariant));
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            why = $"'{text}' cannot be used as a regular expression (look-around and back references cannot); name tools with | between them.";
            return false;
        }

        if (matcher.Fitting.Any())
        {
            return true;
        }

        why = $"'{text}' fits no tool (case counts); the tools are {string.Join(", ", Tools.All)}.";
        matcher = null;
        return false;
    }

    public bool Fits(string tool) => _regex.IsMatch(tool);

    public bool Equals(ToolMatcher? other) => other is not null && Text == other.Text;

    public override int GetHashCode() => Text.GetHashCode(StringComparison.Ordinal);
}

/// <summary>The tools by the names that hooks match.</summary>
internal static class Tools
{
    public const string AzRead = "RunAzCliReadCommands";
    public const string AzWrite = "RunAzCliWriteCommands";
    public const string KubectlRead = "RunKubectlReadCommand";
    public const string KubectlWrite = "RunKubectlWriteCommand";
    public const string ArmRead = nameof(ArmRead);
    public const string ArmWrite = nameof(ArmWrite);
    public const string SendMail = nameof(SendMail);
    public const string PostToTeams = nameof(PostToTeams);
    public const string QueryLogs = nameof(QueryLogs);
    public const string HttpGet = nameof(HttpGet);

    /// <summary>They go through the gate, and so a person can be asked before them.</summary>
    public static IReadOnlyList<string> Gated { get; } = [AzWrite, KubectlWrite, ArmWrite];

    public static IReadOnlyList<string> All { get; } = [.. Gated, AzRead, KubectlRead, ArmRead, SendMail, PostToTeams, QueryLogs, HttpGet];
}
