using RunModes.Bot.Gate;

namespace RunModes.Bot.Tests.Gate;

public sealed class RunModeTests
{
    [Theory]
    [InlineData("Review", "Review")]
    [InlineData("review", "Review")]
    [InlineData(" REVIEW ", "Review")]
    [InlineData("Autonomous", "Autonomous")]
    [InlineData("aUTONOMOUS", "Autonomous")]
    [InlineData("Automatic", "Autonomous")]
    [InlineData("automatic\t", "Autonomous")]
    [InlineData(null, null)]
    [InlineData("", null)]
    [InlineData("   ", null)]
    [InlineData("Auto", null)]
    [InlineData("Manual", null)]
    [InlineData("0", null)]
    [InlineData("1", null)]
    [InlineData("Review,Autonomous", null)]
    [InlineData("Re view", null)]
    [InlineData("Autonomou\u017f", null)]
    [InlineData("Autonom\u03bfus", null)]
    [InlineData("Autonomous\u0000", null)]
    [InlineData("\u0410utonomous", null)]
    public void Only_the_two_names_and_the_older_word_are_modes(string? text, string? mode)
    {
        Assert.Equal(mode is not null, Bot.Gate.RunModes.TryParse(text, out var parsed));
        Assert.Equal(mode, parsed?.ToString());
    }

    [Theory]
    [InlineData(null, null, null, "Review (agent default)")]
    [InlineData(null, null, "Review", "Review (agent default)")]
    [InlineData(null, null, "Autonomous", "Autonomous (agent default)")]
    [InlineData("Review", null, null, "Review (plan prod-web)")]
    [InlineData("Review", null, "Autonomous", "Review (plan prod-web)")]
    [InlineData("Autonomous", null, null, "Autonomous (plan prod-web)")]
    [InlineData("Autonomous", null, "Review", "Autonomous (plan prod-web)")]
    [InlineData(null, "Review", "Autonomous", "Review (task daily-health)")]
    [InlineData(null, "Autonomous", "Review", "Autonomous (task daily-health)")]
    [InlineData("Autonomous", "Review", "Autonomous", "Review (task daily-health)")]
    [InlineData("Review", "Autonomous", "Review", "Autonomous (task daily-health)")]
    public void The_stored_mode_wins_and_says_where_it_came_from(string? plan, string? task, string? agent, string effective) =>
        Assert.Equal(effective, Bot.Gate.RunModes.Resolve(Mode(plan), "prod-web", Mode(task), "daily-health", Mode(agent)).ToString());

    [Fact]
    public void Nothing_stored_anywhere_is_Review() => Assert.Equal(RunMode.Review, Bot.Gate.RunModes.Resolve(null, null, null, null, null).Mode);

    private static RunMode? Mode(string? text) => text is null ? null : Enum.Parse<RunMode>(text);
}
