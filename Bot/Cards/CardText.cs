using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace RunModes.Bot.Cards;

/// <summary>
/// Text in the Markdown subset of Teams that is safe to show. The only way to make one is an interpolated string: its literal parts are ours and may hold
/// markup, its holes are neutralised. So no text of an alert, a log or a person can add a link, a mention or any markup, whatever it says.
/// </summary>
internal readonly record struct CardText
{
    private readonly string? _markdown;

    private CardText(string markdown) => _markdown = markdown;

    public static CardText Empty => default;

    public bool IsEmpty => string.IsNullOrEmpty(_markdown);

    /// <summary>What travels. Only for writing it into a card or a message.</summary>
    public string Markdown => _markdown ?? "";

    public static CardText Of(Writer text) => new(text.ToString());

    /// <summary>Somebody else's words, cut visibly after <paramref name="limit"/> characters.</summary>
    public static CardText Outside(string? text, int limit) => new(OutsideText.Prose(text, limit, atLineStart: true));

    /// <summary>Shown whole and losslessly: what is not printable ASCII appears as \uXXXX.</summary>
    public static CardText Exact(string text) => new(OutsideText.Exact(text));

    /// <summary>
    /// Lines in which columns stand below each other: text messages know no tables, and this is what every client shows as it was typed. Nothing in them is
    /// read as markup, and nothing can end them.
    /// </summary>
    public static CardText Typed(IEnumerable<string> lines) => new($"```\n{string.Join('\n', lines.Select(OutsideText.Typed))}\n```");

    /// <summary>The reader's own time as Teams renders it, with UTC for whoever compares with a log.</summary>
    public static CardText When(DateTimeOffset at)
    {
        var iso = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        return new($"{{{{DATE({iso},SHORT)}}}} {{{{TIME({iso})}}}} ({at.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture)} UTC)");
    }

    /// <summary>The only way to a mention; its letters were chosen by <see cref="Mention"/>.</summary>
    public static CardText MentionOf(Mention mention, string shown)
    {
        ArgumentNullException.ThrowIfNull(mention);
        return new(shown);
    }

    public static CardText Join(string separator, IEnumerable<CardText> parts) => new(string.Join(separator, parts.Where(p => !p.IsEmpty).Select(p => p.Markdown)));

    public override string ToString() => Markdown;

    [InterpolatedStringHandler]
    internal readonly struct Writer
    {
        private const int LongestHole = 500;
        private readonly StringBuilder _text;

        public Writer(int literalLength, int formattedCount) => _text = new StringBuilder(literalLength + formattedCount * 24);

        public void AppendLiteral(string ours) => _text.Append(ours);

        public void AppendFormatted(string? theirs) => _text.Append(OutsideText.Prose(theirs, LongestHole, _text.Length == 0 || _text[^1] == '\n'));

        public void AppendFormatted(CardText safe) => _text.Append(safe.Markdown);

        public void AppendFormatted(int number) => _text.Append(CultureInfo.InvariantCulture, $"{number:N0}");

        public override string ToString() => _text.ToString();
    }
}
