using System.Text.RegularExpressions;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Docs;

/// <summary>What keeps an operation from being done is on the page that people turn to, in the words that they read on the card.</summary>
public sealed partial class TroubleshootingTests
{
    private static readonly string Page = File.ReadAllText(Repository.Path("docs/troubleshooting.md"));

    [Theory]
    [InlineData("Bot/Gate/ApprovalGate.cs", 14)]
    [InlineData("Bot/Gate/Guardrails.cs", 6)]
    public void Each_reason_that_people_read_on_a_card_is_there(string file, int atLeast)
    {
        var reasons = Sentence().Matches(File.ReadAllText(Repository.Path(file))).Select(m => m.Groups["words"].Value).Where(w => w is not "A read is never gated").Distinct().ToList();
        Assert.InRange(reasons.Count, atLeast, 100);
        Assert.All(reasons, reason => Assert.Contains(reason, Page, StringComparison.Ordinal));
    }

    [Fact]
    public void Each_thing_that_doctor_looks_at_is_there()
    {
        var section = Page[Page.IndexOf("## What doctor says", StringComparison.Ordinal)..Page.IndexOf("## It does not start", StringComparison.Ordinal)];
        var looked = Directory.GetFiles(Repository.Path("Bot/Cli/Checks"), "*.cs").SelectMany(f => Trouble().Matches(File.ReadAllText(f))).Select(m => m.Groups["about"].Value.Trim()).Distinct().ToList();
        Assert.InRange(looked.Count, 8, 100);
        Assert.All(looked, about => Assert.Contains(about, section, StringComparison.Ordinal));
    }

    [GeneratedRegex("\"(?<words>[A-Z][^\"{}]{8,})\\.\"")]
    private static partial Regex Sentence();

    /// <summary>Up to where a name follows.</summary>
    [GeneratedRegex("(CheckLine\\.Trouble\\(\\$?\"|about = \\$?\"|About = \\$?\")(?<about>[a-zA-Z' -]+)")]
    private static partial Regex Trouble();
}
