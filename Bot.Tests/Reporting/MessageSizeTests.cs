using System.Text;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Teams;

namespace RunModes.Bot.Tests.Reporting;

public sealed class MessageSizeTests
{
    /// <summary>Bytes that every client takes.</summary>
    private const int Largest = 25_000;

    public static TheoryData<string> TooLong =>
    [
        string.Join('\n', Enumerable.Range(0, 5000).Select(i => $"- line {i}")), new string('x', 300_000), string.Concat(Enumerable.Repeat("😀", 50_000)), new string('\\', 100_000), new string('"', 100_000),
        $"first\n{new string('漢', 100_000)}\nlast", "\n" + new string('\n', 200_000), $"```\n{string.Join('\n', Enumerable.Repeat("1  2  three", 9000))}\n```",
    ];

    [Theory]
    [MemberData(nameof(TooLong))]
    public void No_text_is_longer_than_a_message_may_be_and_what_is_missing_is_counted(string text)
    {
        var message = Message.Plain(text);

        Assert.InRange(OutboundActivity.Alone(message).Length, 1, Largest);
        Assert.InRange(message.Summary.Length, 0, 300);
        Assert.Contains("too long for one message.", message.Text, StringComparison.Ordinal);
        Assert.True(message.Text!.Split('\n').Count(line => line == "```") % 2 == 0);
    }

    [Fact]
    public void What_fits_is_left_as_it_is()
    {
        var text = string.Join('\n', Enumerable.Repeat("ordinary words, ordinary lines", 700));

        Assert.Equal(text, Message.Plain(text).Text);
        Assert.Equal("ordinary words, ordinary lines", Message.Plain(text).Summary);
    }

    [Fact]
    public void The_insights_of_a_hundred_plans_of_the_longest_names_fit()
    {
        var now = new DateTimeOffset(2026, 11, 23, 3, 10, 0, TimeSpan.Zero);
        var titles = Enumerable.Range(0, 9).Select(i => $"{i} {new string('<', 300)}");
        var insights = Enumerable.Range(0, 100).Select(i => PlanInsight.Of($"{i} {new string('*', 62)}", new EffectiveMode(RunMode.Autonomous, ModeSource.Plan, "x"),
            [.. titles.Select(t => new Experience(t, t, now, Answered.NotAsked, null, null, Effectiveness.Failed, false))], now)).ToList();

        Assert.InRange(Encoding.UTF8.GetByteCount(InsightsText.Of(insights, now, 2000).Markdown), 1, Message.LargestText);
    }
}
