using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Plans;

/// <summary>A literal step of a task that uses a tool no run mode gates: hooks and fixed limits govern it. Every word of it was written by an Administrator.</summary>
internal abstract partial record ToolStep
{
    private ToolStep() { }

    public const string Accepted = "get and an https address, or post to and a conversation id, a colon and the text, or mail to and one address, a colon, the subject, | and the text, or query and a workspace, a colon and KQL";

    private const int LongestText = 2000;
    private const int LongestSubject = 150;

    /// <summary>How far back a query looks that does not say.</summary>
    public static readonly TimeSpan UsualSpan = TimeSpan.FromHours(1);
    public static readonly TimeSpan LongestSpan = TimeSpan.FromDays(7);

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

    /// <param name="Recipient">One address.</param>
    internal sealed record SendMail(string Recipient, string Subject, string Text) : ToolStep
    {
        public override string Words => $"mail to {Recipient}: {Subject} | {Text}";
    }

    /// <param name="Workspace">By its name in the settings.</param>
    internal sealed record QueryLogs(string Workspace, TimeSpan Span, string Kql) : ToolStep
    {
        public override string Words => $"query {Workspace} last {(int)Span.TotalMinutes}m: {Kql}";
    }

    /// <summary>It leaves the bot, and is not to leave twice.</summary>
    public bool IsMessage => this is SendMail or PostToTeams;

    /// <param name="problem">Null when it is no step of a tool at all.</param>
    public static bool TryRead(string text, [NotNullWhen(true)] out ToolStep? step, out string? problem)
    {
        (step, problem) = Get().Match(text) is { Success: true } get ? OfUrl(get.Groups["url"].Value)
            : Post().Match(text) is { Success: true } post ? OfMessage(post.Groups["to"].Value, post.Groups["text"].Value.Trim())
            : Mail().Match(text) is { Success: true } mail ? OfMail(mail.Groups["rest"].Value)
            : Query().Match(text) is { Success: true } query ? OfQuery(query.Groups["rest"].Value)
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

    private static (ToolStep?, string?) OfMail(string rest)
    {
        var colon = rest.IndexOf(':', StringComparison.Ordinal);
        var bar = rest.IndexOf('|', StringComparison.Ordinal);
        if (colon < 0 || bar < colon)
        {
            return (null, "a mail is mail to ada@contoso.com: subject | text; write it so.");
        }

        var (to, subject, text) = (rest[..colon].Trim(), rest[(colon + 1)..bar].Trim(), rest[(bar + 1)..].Trim());
        return !MailAddress.IsOne(to) ? (null, $"'{(to.Length <= 80 ? to : to[..80])}' is not one plain address; write ada@contoso.com, without a name, quotes or a second one.")
            : subject.Length is 0 or > LongestSubject || subject.Any(IsHidden) ? (null, $"the subject of a mail is one line of 1 to {LongestSubject} characters; shorten it, or write one.")
            : text.Length is 0 or > LongestText || text.Any(c => c is not ('\n' or '\t') && IsHidden(c)) ? (null, $"the text of a mail has 1 to {LongestText} characters that can be seen; shorten it, or write one.")
            : (new SendMail(to, subject, text), null);
    }

    private static bool IsHidden(char c) => char.IsControl(c) || char.GetUnicodeCategory(c) is UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator || c is '\u200e' or '\u200f' or (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    private static (ToolStep?, string?) OfQuery(string rest)
    {
        if (Where().Match(rest) is not { Success: true } where)
        {
            return (null, "a query is query prod: KQL, or query prod last 24h: KQL (m, h or d); write it so.");
        }

        var amount = where.Groups["n"] is { Success: true } n ? int.Parse(n.Value, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        var span = !where.Groups["n"].Success ? UsualSpan : where.Groups["unit"].Value switch { "m" => TimeSpan.FromMinutes(amount), "h" => TimeSpan.FromHours(amount), _ => TimeSpan.FromDays(amount) };
        var kql = where.Groups["kql"].Value.Trim();
        return span < TimeSpan.FromMinutes(1) || span > LongestSpan ? (null, $"a query looks back from 1m to {LongestSpan.TotalDays:0}d; shorten it.")
            : LiteralQuery.Problem(kql) is { } problem ? (null, problem)
            : (new QueryLogs(where.Groups["name"].Value, span, kql), null);
    }

    [GeneratedRegex("^\\s*get\\s+(?<url>\\S+)\\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Get();

    [GeneratedRegex("^\\s*post\\s+to\\s+(?<to>[^\\s]+?):\\s(?<text>.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Post();

    [GeneratedRegex("^\\s*mail\\s+to\\s+(?<rest>.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Mail();

    [GeneratedRegex("^\\s*query\\s+(?<rest>.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Query();

    [GeneratedRegex("^(?<name>[A-Za-z0-9][A-Za-z0-9_-]{0,63})(\\s+last\\s+(?<n>[0-9]{1,4})(?<unit>[mhd]))?\\s*:(?<kql>.*)$", RegexOptions.CultureInvariant | RegexOptions.Singleline)]
    private static partial Regex Where();
}
