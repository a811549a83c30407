using RunModes.Bot.Audit;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Autonomy that does badly ends by itself: the plan is set to Review and says so, once; raising it again is an Administrator's.</summary>
public class SelfDemotionTests
{
    private const string Told = "staging-web is set to Review";

    private static Dictionary<string, string?> Settings(int lapses) => new() { ["Verification:GiveUpAfter"] = "00:00:03", ["Budget:LapsesToReview"] = $"{lapses}" };

    public static TheoryData<string, string> Lapses => new()
    {
        { "Azure refuses it", "Restart App Service 'app-service-staging': failed" },
        { "Azure does not answer", "Restart App Service 'app-service-staging': nobody knows whether it helped" },
        { "it does not help", "Restart App Service 'app-service-staging': did not recover" },
        { "it cannot be measured", "Restart App Service 'app-service-staging': nobody knows whether it helped" },
    };

    [Theory]
    [MemberData(nameof(Lapses))]
    public async Task Whatever_does_not_measurably_help_counts(string what, string told)
    {
        await using var bot = await BotHost.Start(settings: Settings(1));
        var app = bot.Cloud.Sick(World.Staging);
        switch (what)
        {
            case "Azure refuses it":
                bot.Cloud.Arm.Access.Withheld.Add("Microsoft.Web/sites/restart/Action");
                break;
            case "Azure does not answer":
                bot.Cloud.Arm.Faults.Always(Fault.Error(500, "InternalServerError", "Something went wrong."), World.IsRestart);
                break;
            case "it does not help":
                app.MemoryAfterRestart = null;
                break;
            default:
                app.MemoryAfterRestart = Series.Silent;
                break;
        }

        await bot.Install();
        await bot.Fire(app.Id);
        var notice = await bot.WaitForText(Told);
        Assert.Contains(told, notice.Text, StringComparison.Ordinal);
        Assert.Contains("went wrong once within 7 days", notice.Text, StringComparison.Ordinal);
        Assert.Contains("`set staging-web to autonomous`", notice.Text, StringComparison.Ordinal);
        Assert.Equal((PostKind.Post, Known.Team), (notice.Kind, notice.ConversationId));
        var line = await bot.WaitForAudit("ModeChanged");
        Assert.Contains("Autonomous (plan staging-web)", line, StringComparison.Ordinal);
        Assert.Contains("Review (plan staging-web)", line, StringComparison.Ordinal);
        Assert.Contains("\"bot\"", line, StringComparison.Ordinal);

        await bot.Say(People.Rob, "how is staging-web doing?");
        var insights = await bot.WaitForText("**Insights**");
        Assert.Contains("1 without asking", insights.Text, StringComparison.Ordinal);
        Assert.Contains("0 recovered", insights.Text, StringComparison.Ordinal);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Twice_in_a_week_it_asks_again_until_an_Administrator_raises_it_and_then_counts_anew()
    {
        await using var bot = await BotHost.Start(settings: Settings(2));
        var app = bot.Cloud.Sick(World.Staging);
        app.MemoryAfterRestart = null;
        await bot.Install();
        await Fails(bot, app, 1);
        await Later(bot, TimeSpan.FromHours(25));
        await Fails(bot, app, 2);
        await bot.WaitForText(Told);

        await Later(bot, TimeSpan.FromHours(25));
        await bot.Fire(app.Id);
        var card = await bot.WaitForAsk();
        Assert.Contains("Review (plan staging-web)", card.Reads, StringComparison.Ordinal);
        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done, but not recovered");

        await bot.Say(People.Rob, "plan staging-web");
        await bot.WaitForText("**Changed last**: by SRE bot");
        await bot.Say(People.Sam, "set staging-web to autonomous");
        await bot.WaitForText("Nothing was changed");
        await bot.Say(People.Ada, "set staging-web to autonomous");
        var question = await bot.WaitForCard("Awaiting approval: confirm");
        await bot.Press(question, "confirm", People.Ada);
        await bot.WaitForAudit("ModeChanged", 2);

        await Later(bot, TimeSpan.FromHours(25));
        await Fails(bot, app, 3);
        await StillAutonomous(bot);
        await Later(bot, TimeSpan.FromHours(25));
        await Fails(bot, app, 4);
        await bot.WaitForAudit("ModeChanged", 3);
        await bot.WaitForText(Told, _ => bot.Cloud.Teams.Posted.Count(m => m.Text?.Contains(Told, StringComparison.Ordinal) == true) == 2);
    }

    [Fact]
    public async Task What_went_wrong_longer_ago_than_the_window_and_what_helped_does_not_count()
    {
        await using var bot = await BotHost.Start(settings: Settings(2));
        var app = bot.Cloud.Sick(World.Staging);
        app.MemoryAfterRestart = null;
        await bot.Install();
        await Fails(bot, app, 1);
        await Later(bot, TimeSpan.FromDays(4));
        app.MemoryAfterRestart = Series.Flat(42);
        await bot.Fire(app.Id);
        await bot.WaitForText("Done: I've restarted");
        await Later(bot, TimeSpan.FromDays(4));
        (app.Memory, app.ResponseTime, app.MemoryAfterRestart) = (Series.Rising(to: 94), Series.Flat(4.2), null);
        await Fails(bot, app, 2);
        await StillAutonomous(bot);
    }

    [Fact]
    public async Task Lowered_by_a_person_and_raised_again_it_counts_anew_too()
    {
        await using var bot = await BotHost.Start(settings: Settings(2));
        var app = bot.Cloud.Sick(World.Staging);
        app.MemoryAfterRestart = null;
        await bot.Install();
        await Fails(bot, app, 1);
        await bot.Say(People.Sam, "set staging-web to review");
        await bot.WaitForAudit("ModeChanged");
        await bot.Say(People.Ada, "set staging-web to autonomous");
        await bot.Press(await bot.WaitForCard("Awaiting approval: confirm"), "confirm", People.Ada);
        await bot.WaitForAudit("ModeChanged", 2);
        await Later(bot, TimeSpan.FromHours(25));
        await Fails(bot, app, 2);
        await StillAutonomous(bot);
    }

    [Theory]
    [InlineData(CrashWhen.Before)]
    [InlineData(CrashWhen.After)]
    public async Task Killed_while_the_run_ends_it_is_lowered_once_all_the_same(object when)
    {
        await using var dying = new CrashByTheClockTests.Dying(new(nameof(DurableStep.RunSettled), (CrashWhen)when));
        await dying.Start(Settings(1));
        var app = dying.Bot.Cloud.Sick(World.Staging);
        dying.Bot.Cloud.Arm.Access.Withheld.Add("Microsoft.Web/sites/restart/Action");
        await dying.Bot.Install();
        await dying.Bot.Fire(app.Id);
        await dying.Restart();
        await dying.Bot.WaitForText(Told);
        await dying.Bot.WaitForText("Failed: app-service-staging could not be restarted");
        Assert.Equal(1, await dying.Audited("ModeChanged"));
        Assert.Equal(1, await dying.Audited("RunEnded"));
        Assert.True(dying.Death.Came);
    }

    private static async Task Fails(BotHost bot, WebApp app, int times)
    {
        await bot.Fire(app.Id);
        await bot.WaitForText("Not recovered:", _ => bot.Cloud.Teams.Posted.Count(m => m.Text?.Contains("Not recovered:", StringComparison.Ordinal) == true) == times);
    }

    /// <summary>What is said has to be recorded first: a message whose receipt is hours late is sent again.</summary>
    private static async Task Later(BotHost bot, TimeSpan time)
    {
        await bot.WaitForCount("SELECT CASE WHEN COUNT(*) = 0 THEN 1 ELSE 0 END FROM outbox WHERE state IN ('Pending', 'Sending')", 1);
        bot.Clock.Advance(time);
    }

    /// <summary>The run had ended before its report was posted, and with it would have come the word about the plan.</summary>
    private static async Task StillAutonomous(BotHost bot)
    {
        var before = bot.Cloud.Teams.Posted.Count;
        await bot.Say(People.Rob, "what mode is staging-web in?");
        await bot.WaitForText("Autonomous", m => m.Number > before);
    }
}

public sealed class SelfDemotionTestsOnPostgreSql : SelfDemotionTests;

/// <summary>Several runs of a plan end at once, each in another process: it is lowered once.</summary>
public sealed class SelfDemotionOfReplicasOnPostgreSql
{
    [Fact]
    public async Task Of_many_lapses_at_once_the_last_one_allowed_lowers_the_plan_once()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        var settings = home.Settings();
        (settings["ResponsePlans:0:Name"], settings["ResponsePlans:0:Resource"], settings["ResponsePlans:0:ResourceType"], settings["ResponsePlans:0:Mode"]) = ("web", "", "Microsoft.Web/sites", "Autonomous");
        await using var bots = await Replicas.Start(2, cloud, settings);
        await bots.Install();
        cloud.Arm.Access.Withheld.Add("Microsoft.Web/sites/restart/Action");
        var apps = Enumerable.Range(1, 6).Select(i => cloud.Sick($"app-{i}")).ToList();
        await Task.WhenAll(apps.Select(app => bots.Fire(app.Id)));
        await bots.WaitForText("web is set to Review");
        // Whatever had not begun by then asks; whatever had is reported, and lowers nothing twice.
        await cloud.Teams.WaitFor(_ => apps.TrueForAll(a => cloud.Teams.Posted.Any(m => m.Reads.Contains($"{a.Name} could not", StringComparison.Ordinal) || m.Reads.Contains($"'{a.Name}'", StringComparison.Ordinal))),
            TimeSpan.FromSeconds(60), BotClient.Cancellation);
        Assert.Equal(1, await home.Audited("ModeChanged"));
        Assert.Single(cloud.Teams.Posted, m => m.Text?.Contains("is set to Review", StringComparison.Ordinal) == true);
    }
}
