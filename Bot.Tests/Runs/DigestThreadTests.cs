using RunModes.Bot.Plans;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Tests.Runs;

public sealed class DigestThreadTests
{
    private static readonly DateTimeOffset Late = new(2026, 11, 24, 23, 30, 0, TimeSpan.FromHours(-2));

    [Theory]
    [InlineData("Sev2")]
    [InlineData("sev3")]
    [InlineData("Sev4")]
    [InlineData("P3")]
    public void What_is_mild_is_in_the_thread_of_its_plan_and_UTC_day(string severity) =>
        Assert.Equal("digest/prod web/2026-11-25", DigestPresenter.ThreadFor(Plan(true), severity, Late));

    [Theory]
    [InlineData("Sev0")]
    [InlineData("Sev1")]
    [InlineData("P1")]
    [InlineData("P2")]
    [InlineData("")]
    [InlineData(" Sev2")]
    [InlineData("Critical")]
    [InlineData(null)]
    public void What_is_severe_or_not_known_to_be_mild_gets_a_post_of_its_own(string? severity) => Assert.Null(DigestPresenter.ThreadFor(Plan(true), severity, Late));

    [Fact]
    public void Nothing_is_collected_unless_its_plan_says_so()
    {
        Assert.Null(DigestPresenter.ThreadFor(Plan(false), "Sev2", Late));
        Assert.Null(DigestPresenter.ThreadFor(null, "Sev2", Late));
    }

    private static ResponsePlan Plan(bool digest) => new() { Name = "Prod web", Digest = digest };
}
