using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>"Your agent investigates, identifies a fix, and asks for your approval before executing Azure infrastructure operations."</summary>
public sealed class ReviewModeTests
{
    [Fact]
    public async Task Approve_restarts_once_verifies_and_the_card_tells_it()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = Sick(cloud, "app-service-prod"));
        await bot.Install();
        await bot.Fire(app.Id);

        var card = await bot.WaitForCard("Awaiting approval");
        Assert.Contains("I found that app-service-prod is running slowly due to high memory usage", card.Reads, StringComparison.Ordinal);
        Assert.Contains("Proposed action: Restart App Service 'app-service-prod'", card.Reads.Replace("*", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);

        var answer = await bot.Press(card, "approve", People.Ada);
        Assert.Equal(200, answer["statusCode"]!.GetValue<int>());
        var done = await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);
        Assert.Empty(done.Verbs);
        bot.Cloud.AssertNothingUnexpected();
    }

    private static WebApp Sick(FakeCloud cloud, string name) =>
        cloud.Arm.App(name, rg: "web", memory: Series.Rising(to: 94), responseTime: Series.Flat(4.2));
}
