using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Plans;

/// <summary>A literal step of a task that uses a tool no run mode gates: hooks and fixed limits govern it. Every word of it was written by an Administrator.</summary>
internal abstract partial record ToolStep
{
    private ToolStep() { }

    public const string Accepted = "get and an https address, or post to and a conversation id, a colon and the text";

    private const int LongestText = 2000;

    /// <summary>As it is confirmed and reported.</summary>
    public abstract string Words { get; }

    /// <param name="Url">https, without user and fragment, on the usual port.</param>
    internal sealed record HttpGet(Uri Url) : ToolStep
    {
        public override string Words => $"get {Url.AbsoluteUri}";
    }

    /// <param name="Conversation">A channel in which the bot is installed.</param>
    internal sealed record PostToTeams(string Conversation, string Text) : ToolStep
    {
        public override string Words => $"post to {Conversation}: {Text}";
    }

    /// <param name="problem">Null when it is no step of a tool at all.</param>
    public static bool TryRead(string text, [NotNullWhen(true)] out ToolStep? step, out string? problem)
    {
        (step, problem) = Get().Match(text) is { Success: true } get ? OfUrl(get.Groups["url"].Value)
            : Post().Match(text) is { Success: true } post ? OfMessage(post.Groups["to"].Value, post.Groups["text"].Value.Trim())
            : ((ToolStep?)null, (string?)null);
        return step is not null;
    }

    private static (ToolStep?, string?) OfUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url is { Scheme: "https", IsDefaultPort: true, UserInfo: "", Fragment: "", HostNameType: UriHostNameType.Dns } && !text.Contains('\\', StringComparison.Ordinal)
            ? (new HttpGet(url), null)
            : (null, $"'{text}' is not an address that is asked; write https, a name (no number, no port, no user) and a path.");

    private static (ToolStep?, string?) OfMessage(string to, string text) => text.Length is > 0 and <= LongestText
        ? (new PostToTeams(to, text), null)
        : (null, $"a message has 1 to {LongestText} characters; shorten it, or write one.");

    [GeneratedRegex("^\\s*get\\s+(?<url>\\S+)\\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Get();

    [GeneratedRegex("^\\s*post\\s+to\\s+(?<to>[^\\s]+?):\\s(?<text>.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Post();
}
