using RunModes.Bot.Cards;

namespace RunModes.Bot.Tests.Cards;

public sealed class CardAsTextTests
{
    [Fact]
    public void A_waiting_card_reads_from_its_finding_to_its_buttons()
    {
        var text = CardAsText.Of(ReviewCard.Render(Sample.Reviews["awaiting"]));

        var at = -1;
        foreach (var part in (string[])["Awaiting approval", "I found that app-service-prod is running slowly due to high memory usage.", "Proposed action: Restart App Service 'app-service-prod'", "[Approve]"])
        {
            var next = text.IndexOf(part, StringComparison.Ordinal);
            Assert.True(next > at, $"{part} is missing or too early in:\n{text}");
            at = next;
        }

        Assert.DoesNotContain("{{", text, StringComparison.Ordinal);
    }

    public static TheoryData<string> All => [.. Sample.Cards.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public void Every_text_of_every_card_is_there(string name)
    {
        var card = Sample.Cards[name]();

        var text = CardAsText.Of(card);

        Assert.All(Nodes.Texts(card).SelectMany(block => block.Split('\n')).Select(line => line.Trim()).Where(line => !line.Contains("{{", StringComparison.Ordinal)),
            line => Assert.Contains(line, text, StringComparison.Ordinal));
    }
}
