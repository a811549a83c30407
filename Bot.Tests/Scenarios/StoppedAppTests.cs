using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>A stopped app is started, unless a person stopped it.</summary>
public sealed class StoppedAppTests
{
    private const string Pipeline = "0c1d2e3f-4444-4555-8666-777788889999";

    [Fact]
    public async Task What_a_pipeline_left_stopped_is_started_once_after_an_approval_and_its_state_is_checked()
    {
        var (bot, app) = await Stopped(World.Prod, Pipeline, deployed: true);
        await using var _ = bot;
        var card = await bot.WaitForAsk();
        Assert.Contains("Proposed action: Start App Service 'app-service-prod'", card.Reads, StringComparison.Ordinal);
        Assert.Contains("for a deployment", card.Reads, StringComparison.Ordinal);
        Assert.Contains("state of the app is Stopped", card.Reads, StringComparison.Ordinal);

        await bot.Approve(card, People.Ada);
        var done = await bot.WaitForCard("Done, recovered");

        Assert.Contains("App state is now normal (**Stopped → Running**)", done.Reads, StringComparison.Ordinal);
        Assert.Equal(($"{app.Id}/start", AppState.Running), (Assert.Single(bot.Cloud.Arm.Mutations).Path, app.State));
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Under_an_Autonomous_plan_it_is_started_at_once_and_reported_with_the_measured_state()
    {
        var (bot, app) = await Stopped(World.Staging, Pipeline, deployed: true);
        await using var _ = bot;

        await bot.WaitForText("Done: I've started app-service-staging. App state is now normal (Stopped → Running).");

        Assert.Equal($"{app.Id}/start", Assert.Single(bot.Cloud.Arm.Mutations).Path);
    }

    [Fact]
    public async Task An_applications_stop_that_nothing_explains_is_asked_about_even_under_an_Autonomous_plan()
    {
        var (bot, _) = await Stopped(World.Staging, Pipeline, deployed: false);
        await using var _ = bot;

        var card = await bot.WaitForAsk();

        Assert.Contains("meant it to stay stopped is not known", card.Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task What_a_person_stopped_stays_stopped_and_nothing_is_offered()
    {
        var (bot, _) = await Stopped(World.Staging, "ana@contoso.example", deployed: true);
        await using var _ = bot;

        var said = await bot.WaitForText("It was stopped on purpose, so I leave it alone.");

        Assert.Contains("by ana@contoso.example", said.Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task Somebody_who_starts_it_while_the_card_waits_takes_the_card_back()
    {
        var (bot, app) = await Stopped(World.Prod, Pipeline, deployed: true);
        await using var _ = bot;
        var card = await bot.WaitForAsk();

        app.State = AppState.Running;
        await bot.Approve(card, People.Ada);

        await bot.WaitForCard("Withdrawn", m => m.Reads.Contains("state of the app was Stopped, is now Running", StringComparison.Ordinal));
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    private static async Task<(BotHost Bot, WebApp App)> Stopped(string name, string by, bool deployed)
    {
        WebApp app = null!;
        var bot = await BotHost.Start(cloud =>
        {
            app = cloud.Arm.App(name, rg: "web");
            app.State = AppState.Stopped;
            var now = cloud.Clock.GetUtcNow();
            cloud.Arm.ActivityLog.Add(new(now - TimeSpan.FromMinutes(50), app.Id, "Microsoft.Web/sites/stop/Action", by));
            if (deployed)
            {
                cloud.Arm.ActivityLog.Add(new(now - TimeSpan.FromMinutes(45), app.Id, "Microsoft.Web/sites/deployments/write", by));
            }
        });
        await bot.Install();
        await bot.Fire(app.Id, "App is down");
        return (bot, app);
    }
}
