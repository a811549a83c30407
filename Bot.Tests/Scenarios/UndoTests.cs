using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>What was done can be taken back where that is known: once, by an Administrator, with a card of its own, and only while nothing else has changed.</summary>
public sealed class UndoTests
{
    [Fact]
    public async Task An_undo_asks_with_a_card_of_its_own_and_takes_back_what_was_done_once()
    {
        var (bot, app, done) = await Scaled();
        await using var started = bot;
        Assert.Contains("Undo: Scale App Service plan 'plan-app-service-prod' from 3 to 2 instances", Plain(done), StringComparison.Ordinal);

        Assert.Contains("card of its own", await bot.Told(done, "undo", People.Ben), StringComparison.Ordinal);
        var card = await bot.WaitForAsk(m => m.Reads.Contains("Proposed action: Scale App Service plan 'plan-app-service-prod' from 3 to 2 instances", StringComparison.Ordinal));
        Assert.Contains("Ben Admin asks to take back: Scale App Service plan 'plan-app-service-prod' from 2 to 3 instances", card.Reads, StringComparison.Ordinal);
        Assert.Contains("Ben Admin started it.", card.Reads, StringComparison.Ordinal);
        await bot.WaitForCard("Done, recovered", m => Plain(m).Contains("Undo: proposed for Ben Admin", StringComparison.Ordinal) && !m.Verbs.Contains("undo"));
        Assert.Single(bot.Cloud.Arm.Mutations);

        // The first card may still be on somebody's screen.
        Assert.Contains("asked for it already", await bot.Told(done, "undo", People.Ada), StringComparison.Ordinal);
        await bot.Approve(card, People.Ada);
        var back = await bot.WaitForCard("Done", m => m.ActivityId == card.ActivityId);

        Assert.Equal((2, 2), (app.Plan.Workers, bot.Cloud.Arm.Mutations.Count));
        Assert.DoesNotContain("undo", back.Verbs);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Two_Administrators_who_click_at_once_get_one_proposal()
    {
        var (bot, _, done) = await Scaled();
        await using var started = bot;

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => bot.Told(done, "undo", i % 2 == 0 ? People.Ada : People.Ben)));
        var card = await bot.WaitForAsk(m => m.Reads.Contains("asks to take back", StringComparison.Ordinal));
        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done", m => m.ActivityId == card.ActivityId);

        Assert.Single(bot.Cloud.Teams.Posted, m => m.Kind != PostKind.Update && m.Reads.Contains("asks to take back", StringComparison.Ordinal));
        Assert.Equal(2, bot.Cloud.Arm.Mutations.Count);
    }

    [Fact]
    public async Task Only_an_Administrator_may_ask_for_it()
    {
        var (bot, _, done) = await Scaled();
        await using var started = bot;

        Assert.Contains("Administrator", await bot.Told(done, "undo", People.Sam), StringComparison.Ordinal);

        Assert.Contains("undo", bot.Cloud.Teams.Present(done.ActivityId)!.Verbs);
    }

    [Fact]
    public async Task What_was_changed_since_is_not_taken_back_and_the_card_says_why()
    {
        var (bot, app, done) = await Scaled();
        await using var started = bot;
        app.Plan.Workers = 5;

        await bot.Told(done, "undo", People.Ada);

        var over = await bot.WaitForCard("Done, recovered", m => m.Reads.Contains("instances of the plan was 3, is now 5", StringComparison.Ordinal));
        Assert.DoesNotContain("undo", over.Verbs);
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task What_an_Autonomous_run_did_is_reported_and_then_offered_to_be_taken_back()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = Busy(cloud, World.Staging), new Dictionary<string, string?> { ["ResponsePlans:1:MaxInstances"] = "3" });
        await bot.Install();
        await bot.Fire(app.Id, "High CPU");
        await bot.WaitForText("Done: I've scaled plan-app-service-staging from 2 to 3 instances.");
        var done = await bot.WaitForCard("Done, recovered", m => m.Verbs.Contains("undo"));

        await bot.Told(done, "undo", People.Ada);

        await bot.WaitForAsk(m => m.Reads.Contains("from 3 to 2 instances", StringComparison.Ordinal));
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task A_restart_has_nothing_to_take_back()
    {
        await using var asking = await Asking.Start();
        await asking.Bot.Approve(asking.Card, People.Ada);

        Assert.DoesNotContain("undo", (await asking.Bot.WaitForCard("Done, recovered")).Verbs);
    }

    private static string Plain(PostedMessage card) => card.Reads.Replace("*", "", StringComparison.Ordinal);

    private static WebApp Busy(FakeCloud cloud, string name)
    {
        var app = cloud.Arm.App(name, rg: "web");
        app.Plan.Workers = 2;
        app.Plan.Metrics["CpuPercentage"] = Series.Flat(97);
        return app;
    }

    private static async Task<(BotHost Bot, WebApp App, PostedMessage Done)> Scaled()
    {
        WebApp app = null!;
        var bot = await BotHost.Start(cloud => app = Busy(cloud, World.Prod), new Dictionary<string, string?> { ["ResponsePlans:0:MaxInstances"] = "3" });
        await bot.Install();
        await bot.Fire(app.Id, "High CPU");
        await bot.Approve(await bot.WaitForAsk(), People.Ada);
        var done = await bot.WaitForCard("Done, recovered", m => m.Verbs.Contains("undo"));
        await bot.WaitForAudit("RunEnded");
        return (bot, app, done);
    }
}
