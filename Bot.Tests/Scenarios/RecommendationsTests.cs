using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>"Recommendations": the brief's table stands beside the choice, and nothing bars whoever chooses otherwise.</summary>
public sealed class RecommendationsTests
{
    [Theory]
    [InlineData("plan prod-web", "Recommended for production incidents: Review.")]
    [InlineData("plan staging-web", "Recommended for staging and development: Autonomous.")]
    [InlineData("task daily-health", "Recommended for daily health checks: Autonomous.")]
    [InlineData("task weekly-cost", "Recommended for cost and usage reports: Autonomous.")]
    [InlineData("plan security-alerts", "Recommended for security alerts: Review.")]
    public async Task What_the_brief_recommends_stands_beside_the_mode(string what, string recommended)
    {
        await using var bot = await BotHost.Start(settings: Scenarios);
        await bot.Install();
        await bot.Say(People.Ada, $"edit {what}");
        Assert.Contains(recommended, (await bot.WaitForCard("Awaiting approval: nothing changes until you save")).Reads, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choosing_otherwise_is_warned_about_and_done()
    {
        await using var bot = await BotHost.Start(settings: Scenarios);
        await bot.Install();
        await bot.Say(People.Ada, "set security-alerts to autonomous");
        var card = await bot.WaitForCard("Awaiting approval: confirm");
        Assert.Contains("Not recommended: for security alerts Review is", card.Reads, StringComparison.Ordinal);
        await bot.Press(card, "confirm", People.Ada);
        await bot.WaitForCard("Done: changed");
        await bot.Say(People.Rob, "what mode is security-alerts in?");
        await bot.WaitForText("Plan security-alerts: **Autonomous (plan security-alerts)**");
    }

    private static Dictionary<string, string?> Scenarios => new()
    {
        ["ResponsePlans:2:Name"] = "security-alerts", ["ResponsePlans:2:ResourceGroup"] = "vault", ["ResponsePlans:2:Mode"] = "Review",
        ["ScheduledTasks:0:Name"] = "daily-health", ["ScheduledTasks:0:Cron"] = "every day at 8", ["ScheduledTasks:0:Does"] = "HealthCheck",
        ["ScheduledTasks:0:Scope"] = $"/subscriptions/{Known.Subscription}/resourceGroups/web",
        ["ScheduledTasks:1:Name"] = "weekly-cost", ["ScheduledTasks:1:Cron"] = "every monday at 9", ["ScheduledTasks:1:Does"] = "CostReport",
        ["ScheduledTasks:1:Scope"] = $"/subscriptions/{Known.Subscription}",
    };
}
