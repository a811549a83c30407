using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>A container app whose latest revision is unhealthy: its traffic goes back to the earlier one.</summary>
public sealed class TrafficBackTests
{
    [Fact]
    public async Task Traffic_goes_back_to_the_healthy_revision_after_an_approval_and_can_be_sent_where_it_was()
    {
        var (bot, app) = await Unhealthy();
        await using var started = bot;
        var card = await bot.WaitForAsk();
        Assert.Contains("Proposed action: Send the traffic of container app 'shop' to shop--v1 (100 %)", card.Reads, StringComparison.Ordinal);

        await bot.Approve(card, People.Ada);
        var done = await bot.WaitForCard("Done, recovered", m => m.Verbs.Contains("undo"));
        Assert.Contains("Traffic is now normal (**on shop--v2 → on shop--v1**)", done.Reads, StringComparison.Ordinal);
        Assert.Equal("PATCH", Assert.Single(bot.Cloud.Arm.Mutations).Method);
        Assert.Equal("""[{"revisionName":"shop--v1","weight":100}]""", app.Traffic.ToJsonString());

        await bot.WaitForAudit("RunEnded");
        await bot.Told(done, "undo", People.Ada);
        var undo = await bot.WaitForAsk(m => m.Reads.Contains("to whatever revision is the latest (100 %)", StringComparison.Ordinal));
        await bot.Approve(undo, People.Ben);
        await bot.WaitForCard("Done", m => m.ActivityId == undo.ActivityId);
        Assert.Equal("""[{"latestRevision":true,"weight":100}]""", app.Traffic.ToJsonString());
        bot.Cloud.AssertNothingUnexpected();
    }

    [Theory]
    [InlineData("the earlier one fails too", "health of shop--v1 was Healthy, is now Unhealthy")]
    [InlineData("somebody sent it elsewhere", "traffic of shop--v2 was 100, is now 0")]
    public async Task Whatever_changed_meanwhile_takes_the_card_back(string how, string words)
    {
        var (bot, app) = await Unhealthy();
        await using var started = bot;
        var card = await bot.WaitForAsk();

        if (how == "the earlier one fails too")
        {
            app.OldHealth = "Unhealthy";
        }
        else
        {
            app.Traffic = [new System.Text.Json.Nodes.JsonObject { ["revisionName"] = app.Old, ["weight"] = 100 }];
        }

        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Withdrawn", m => m.Reads.Contains(words, StringComparison.Ordinal));
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    private static async Task<(BotHost Bot, ContainerApp App)> Unhealthy()
    {
        ContainerApp app = null!;
        var bot = await BotHost.Start(
            cloud => app = cloud.Arm.Container("shop", "web"),
            new Dictionary<string, string?> { ["ResponsePlans:2:Name"] = "containers", ["ResponsePlans:2:Resource"] = "shop", ["ResponsePlans:2:Mode"] = "Review" });
        await bot.Install();
        await bot.Fire(app.Id, "Revision unhealthy");
        return (bot, app);
    }
}
