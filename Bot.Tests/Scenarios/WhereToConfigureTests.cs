using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Where a mode comes from: the plan's own, else the agent's default, else Review; never shown apart from its source.</summary>
public sealed class WhereToConfigureTests
{
    [Fact]
    public async Task A_plan_without_a_mode_takes_the_agents_default_which_is_Review_when_nobody_set_it()
    {
        await using var asking = await Asking.Start(settings: new Dictionary<string, string?> { ["ResponsePlans:0:Mode"] = null });
        Assert.Contains("Review (agent default)", asking.Card.Reads, StringComparison.Ordinal);
        await asking.ApproveStillWorks();
    }

    [Fact]
    public async Task A_plan_without_a_mode_follows_a_default_of_Autonomous()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(
            cloud => app = cloud.Sick(World.Prod),
            new Dictionary<string, string?> { ["ResponsePlans:0:Mode"] = null, ["Agent:DefaultRunMode"] = "Automatic" });
        await bot.Install();
        await bot.Fire(app.Id);
        await bot.WaitForText("Done: I've restarted app-service-prod.");
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task A_plans_own_mode_wins_over_the_default()
    {
        await using var asking = await Asking.Start(settings: new Dictionary<string, string?> { ["Agent:DefaultRunMode"] = "Autonomous" });
        Assert.Contains("Review (plan prod-web)", asking.Card.Reads, StringComparison.Ordinal);
        Assert.Empty(asking.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task An_alerts_title_selects_a_plan_but_never_autonomy()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(
            cloud => app = cloud.Arm.App("app-service-other", rg: "web", memory: Series.Rising(to: 94), responseTime: Series.Flat(4.2)),
            new Dictionary<string, string?> { ["ResponsePlans:2:Name"] = "by-title", ["ResponsePlans:2:TitleContains"] = "memory", ["ResponsePlans:2:Mode"] = "Autonomous" });
        await bot.Install();
        await bot.Fire(app.Id, "High memory");
        var card = await bot.WaitForCard("Awaiting approval");
        Assert.Contains("Review", card.Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }
}
