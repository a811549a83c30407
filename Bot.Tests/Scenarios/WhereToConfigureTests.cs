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
        var card = await bot.WaitForAsk();
        Assert.Contains("Review", card.Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task Anyone_on_call_may_lower_a_plan_in_chat_and_the_next_alert_asks()
    {
        await using var bot = await BotHost.Start();
        var app = bot.Cloud.Sick(World.Staging);
        await bot.Install();
        await bot.Say(People.Sam, "set staging-web to review");
        await bot.WaitForText("→ **Review**, in force now");
        await bot.Fire(app.Id);
        var card = await bot.WaitForAsk();
        Assert.Contains("Review (plan staging-web)", card.Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);
        var change = await bot.WaitForAudit("ModeChanged");
        Assert.Contains("Sam Standard", change, StringComparison.Ordinal);
        Assert.Contains("Autonomous", change, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Raising_a_plan_needs_an_Administrators_confirmation_and_holds_for_the_next_run_only()
    {
        await using var asking = await Asking.Start();
        var bot = asking.Bot;
        await bot.Say(People.Sam, "set prod-web to autonomous");
        await bot.WaitForText("Nothing was changed.");
        await bot.Say(People.Ada, "set prod-web to autonomous");
        var confirmation = await bot.WaitForCard("Awaiting approval: confirm");
        Assert.Contains("Restart App Service", confirmation.Reads, StringComparison.Ordinal);
        Assert.Contains("Standard User", await bot.Told(confirmation, "confirm", People.Sam), StringComparison.Ordinal);
        Assert.Contains("Ada Admin asked for this change", await bot.Told(confirmation, "confirm", People.Ben), StringComparison.Ordinal);
        Assert.DoesNotContain("\"ModeChanged\"", (await bot.Audit("--json")).Output, StringComparison.Ordinal);
        await bot.Press(confirmation, "confirm", People.Ada);
        await bot.WaitForCard("Done: changed");
        Assert.Contains("counts once", await bot.Told(confirmation, "confirm", People.Ada), StringComparison.Ordinal);

        // The card that waits was made in Review and stays so; the next run is Autonomous.
        await asking.ApproveStillWorks();
        asking.App.Memory = Series.Rising(to: 94);
        asking.App.ResponseTime = Series.Flat(4.2);
        await bot.Fire(asking.App.Id);
        await bot.WaitForText("Done: I've restarted app-service-prod.");
        Assert.Equal(2, asking.Cloud.Arm.Mutations.Count);
    }

    [Fact]
    public async Task A_plan_lowered_while_its_operation_was_cleared_but_not_begun_asks_after_all()
    {
        await using var bot = await BotHost.Start();
        var app = bot.Cloud.Sick(World.Staging);
        await bot.Install();
        // The permissions are read once to judge, and once more before execution: the second reading waits.
        var reads = 0;
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bot.Cloud.Arm.Faults.Always(
            Fault.HeldUntil(release.Task),
            r => r.Path.EndsWith("/permissions", StringComparison.OrdinalIgnoreCase) && Interlocked.Increment(ref reads) > 1 && (held.TrySetResult() || true));
        await bot.Fire(app.Id);
        await held.Task.WaitAsync(TimeSpan.FromSeconds(30), BotClient.Cancellation);
        await bot.Say(People.Sam, "set staging-web to review");
        await bot.WaitForText("in force now");
        release.SetResult();
        var card = await bot.WaitForAsk();
        Assert.Empty(bot.Cloud.Arm.Mutations);
        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task Plans_says_each_mode_with_its_source()
    {
        await using var bot = await BotHost.Start(settings: new Dictionary<string, string?> { ["ResponsePlans:0:Mode"] = null });
        await bot.Install();
        await bot.Say(People.Rob, "plans");
        var plans = await bot.WaitForText("prod-web");
        Assert.Contains("Review (agent default)", plans.Text, StringComparison.Ordinal);
        Assert.Contains("Autonomous (set on the plan)", plans.Text, StringComparison.Ordinal);
    }
}
