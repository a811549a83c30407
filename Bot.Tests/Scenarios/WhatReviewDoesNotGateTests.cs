using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>"Review mode gates Azure infrastructure operations": reading Azure to investigate, and telling what was found, wait for nobody.</summary>
public sealed class WhatReviewDoesNotGateTests
{
    [Fact]
    public async Task An_investigation_reads_and_reports_without_approval_and_changes_nothing()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Arm.App(World.Prod, rg: "web", memory: Series.Flat(41)));
        await bot.Install();
        await bot.Fire(app.Id);

        var report = await bot.WaitForText("I found that app-service-prod is running normally");
        Assert.Null(report.Card);
        Assert.Contains(bot.Cloud.Arm.Requests, r => r.Path.EndsWith("/metrics", StringComparison.OrdinalIgnoreCase));
        Assert.All(bot.Cloud.Arm.Requests, r => Assert.True(r.IsRead, r.ToString()));
        Assert.DoesNotContain(bot.Cloud.Teams.Posted, m => m.Verbs.Contains("approve"));
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Everything_before_the_card_of_a_sick_app_is_a_read()
    {
        await using var asking = await Asking.Start();
        Assert.NotEmpty(asking.Cloud.Arm.Requests);
        Assert.All(asking.Cloud.Arm.Requests, r => Assert.True(r.IsRead, r.ToString()));
    }
}
