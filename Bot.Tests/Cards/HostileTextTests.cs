using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RunModes.Bot.Cards;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Cards;

public sealed partial class HostileTextTests
{
    public static TheoryData<string> Hostile =>
    [
        "[Approve](https://evil.example/approve)",
        "![x](https://evil.example/x.png)",
        "see https://evil.example and www.evil.example or mailto:a@evil.example",
        "<at>Everyone</at> look",
        "<b>bold</b><img src=x onerror=alert(1)><script>alert(1)</script>",
        "&lt;at&gt;Everyone&lt;/at&gt; &#60;b&#62;",
        "**Approved** by _Ada_ ~~not~~ `code`",
        "# Approved",
        "- one\n- two\r\n1. three\n> quote\n---\n===",
        "1. first",
        "\u202Edorp\u202C \u2066left\u2069 \u200Fright",
        "zero\u200Bwidth\u2060joined\uFEFF\u00AD",
        "tag\U000E0041\U000E0042 lone\uD800 surrogate",
        "{{DATE(2026-11-24T00:00:00Z,SHORT)}} ${title} {{TIME(2026-11-24T00:00:00Z)}}",
        """{"type":"Action.Execute","title":"Approve","verb":"approve","data":{"p":"x","r":1}}""",
        "\\[a\\](b) \\\\[c](d) \\",
        "a\0b\u0007c\u001b[31mred\u0085\u2028next\u2029",
        "Z\u0300\u0301\u0302\u0303\u0304\u0305\u0306algo",
        "\"}],\"body\":[{\"type\":\"TextBlock\",\"text\":\"x\"}",
        "| a | b |\n|---|---|\n| c | d |",
        "x*y*z __init__ _private_ a_b_c *",
    ];

    [Theory]
    [MemberData(nameof(Hostile))]
    [FailureMode(33)]
    public void Hostile_text_leaves_the_nodes_of_a_card_as_plain_text_does(string text)
    {
        var plain = Card("plain words");
        var hostile = Card(text);

        Assert.Equal(Nodes.Skeleton(plain), Nodes.Skeleton(hostile));
        Assert.All(Nodes.Texts(hostile), MustBeText);
        Assert.All(Nodes.Texts(hostile).Zip(Nodes.Texts(plain)), pair => Assert.Equal(Bold(pair.Second), Bold(pair.First)));
    }

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_text_leaves_the_nodes_of_a_confirmation_as_plain_text_does(string text)
    {
        var (plain, hostile) = (ConfirmationCard.Render(Edit("plain words")), ConfirmationCard.Render(Edit(text)));
        Assert.Equal(Nodes.Skeleton(plain), Nodes.Skeleton(hostile));
        Assert.All(Nodes.Texts(hostile), MustBeText);
    }

    [Fact]
    public void A_confirmation_of_very_long_fields_still_fits_a_card_and_shows_each()
    {
        var model = Edit("x") with { Fields = [.. PlanFields.All.Select(f => new FieldChange(f.Field, new string('漢', 5000), new string('ß', 5000)))] };
        var card = ConfirmationCard.Render(model);
        Assert.InRange(AdaptiveCard.SizeOf(card), 1, AdaptiveCard.LargestSize);
        Assert.All(PlanFields.All, f => Assert.Contains(Nodes.Texts(card), t => t.StartsWith($"• {f.Field}: ", StringComparison.Ordinal) && t.Contains("more characters", StringComparison.Ordinal)));
    }

    private static ConfirmationModel Edit(string text) => SampleEdits.All["edit-pending"] with
    {
        Change = text, Before = text, After = text + ".", Fields = [new("Instructions", text, text), new("Title contains", null, text)], Consequences = [text], NoLongerAsked = [text],
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Hostile_text_adds_no_markup_to_a_message(string text)
    {
        var finding = Sample.Finding with { Past = text, Present = text, Evidence = [new(text, text)] };
        var proposal = Sample.Succeeded(VerificationState.Recovered, 41) with { Finding = finding, StatusWhy = text };
        string[] said =
        [
            ReportText.Result(proposal, sandbox: false),
            .. Enum.GetValues<Conclusion>().Select(c => ReportText.NoAction(finding with { Conclusion = c }, sandbox: true)),
            ReportText.NoAction(finding with { IsAnswer = true, Evidence = [new(Evidence.Line, text), new(Evidence.Line, $"   {text}"), new(text, text)] }, sandbox: false),
            ReportText.Blocked(proposal, [text], sandbox: false),
            ReportText.Withdrawn(proposal, sandbox: false),
            ReportText.HandedOver(text, 3, sandbox: false),
            ReportText.FiredAgain(text, text, 2, sandbox: false),
        ];

        Assert.All(said, MustBeText);
    }

    [Fact]
    public void Ten_thousand_characters_are_cut_where_everybody_sees_it()
    {
        var card = Card(new string('x', 10_000));

        Assert.InRange(AdaptiveCard.SizeOf(card), 1, AdaptiveCard.LargestSize);
        Assert.Contains("more characters)", (string)Nodes.ById(card, "incident")!["text"]!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("High memory on app_service_prod (94 %): 1 > 0 & more")]
    [InlineData("Größe 漢字 😀 x-y.z 'quoted' \"double\"")]
    public void Ordinary_words_stay_readable(string text) => Assert.Equal(text, Rendered(CardText.Outside(text, 200).Markdown));

    [Theory]
    [InlineData("""{"properties":{"tags":["a","b*"],"note":"<b>{{x}}</b> _y_ \u0041"}}""")]
    [InlineData("--name  two spaces ")]
    [InlineData(" leading, tab\tand\nnewline\r")]
    [InlineData("pаypal (a Cyrillic а), \u202Ertl, \u200Bzero, 😀, \uD800 lone")]
    [InlineData("https://evil.example/[x](y)?a=b&amp;c=&#60; www.evil.example `z` \\u0020")]
    [InlineData("- list")]
    [InlineData("1. list")]
    [InlineData("---")]
    [InlineData("# heading")]
    [FailureMode(33)]
    public void An_operation_reads_back_byte_for_byte(string line)
    {
        var shown = CardText.Exact(line).Markdown;

        MustBeText(shown);
        Assert.DoesNotContain("  ", shown, StringComparison.Ordinal);
        Assert.All(shown, c => Assert.InRange(c, ' ', '~'));
        Assert.Equal(line, Unescaped(Rendered(shown)));
    }

    private static JsonObject Card(string text)
    {
        var verdict = new Bot.Gate.Verdict(Bot.Gate.VerdictKind.AskFirst, [text]);
        var model = Sample.Model(
            Sample.Proposal(ProposalStatus.AwaitingApproval) with
            {
                Revision = 2,
                StatusWhy = text,
                Finding = Sample.Finding with { Present = text, Evidence = [new(text, text)] },
            },
            verdict);
        return ReviewCard.Render(model with
        {
            Incident = new(text, text, 2),
            Permission = text,
            Approvers = text,
            Instructions = text,
            OtherRuns = [text],
            NotProposed = [text],
        });
    }

    private static void MustBeText(string shown)
    {
        Assert.DoesNotMatch(Markup(), Ours().Replace(shown, ""));
        Assert.All(shown.EnumerateRunes(), r => Assert.NotEqual(UnicodeCategory.Format, System.Text.Rune.GetUnicodeCategory(r)));
        Assert.All(shown.Where(c => c != '\n'), c => Assert.False(char.IsControl(c)));
    }

    private static int Bold(string text) => Escaped().Replace(text, "").Split("**").Length;

    /// <summary>What a Markdown renderer leaves to be read.</summary>
    private static string Rendered(string markdown) => System.Net.WebUtility.HtmlDecode(Escaped().Replace(markdown, m => m.Value[1] switch
    {
        // Through the decoder untouched.
        '&' => "&amp;",
        var c => $"&#{(int)c};",
    }));

    private static string Unescaped(string shown) => Exactly().Replace(shown, m => m.Value == @"\\" ? @"\" : ((char)int.Parse(m.ValueSpan[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());

    /// <summary>An unescaped link, image, tag, code span, strike-through, function, bare address or beginning of a line that means something.</summary>
    [GeneratedRegex(@"(?<!\\)(?:\\\\)*(?:\]\(|<|`|~~|\{\{|\$\{)|https?://|(?i:\bwww\.)|(?i:mailto:)|^(?:[-+*]|#{1,6}|\d{1,9}[.)])\s|(?<![\\*])(?:\\\\)*\*(?!\*)(?<!\*\*)|^---|^===")]
    private static partial Regex Markup();

    /// <summary>Markup of our own: bold, dates, lists of evidence.</summary>
    [GeneratedRegex(@"(?<!\\)\*\*|\{\{(?:DATE|TIME)\(2026-11-24T0[34]:[0-9:]+Z(?:,SHORT)?\)\}\}|(?<=\n)- ")]
    private static partial Regex Ours();

    [GeneratedRegex(@"\\[!-/:-@\[-`{-~]")]
    private static partial Regex Escaped();

    [GeneratedRegex(@"\\u[0-9A-F]{4}|\\\\")]
    private static partial Regex Exactly();
}
