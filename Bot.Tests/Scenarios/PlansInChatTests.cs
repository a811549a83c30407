using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>"Set the Agent autonomy level when creating or editing": plans paused, resumed and deleted in chat, and what becomes of their alerts.</summary>
public sealed class PlansInChatTests
{
    [Fact]
    public async Task The_alerts_of_a_paused_plan_fall_to_the_plan_that_the_card_named()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(
            cloud => app = cloud.Sick(World.Prod),
            new Dictionary<string, string?> { ["ResponsePlans:2:Name"] = "rest", ["ResponsePlans:2:ResourceType"] = "Microsoft.Web/sites", ["ResponsePlans:2:Mode"] = null });
        await bot.Install();
        await bot.Say(People.Sam, "pause prod-web");
        await bot.WaitForText("Only Administrators can pause a plan, since its alerts may fall to another.");
        await bot.Say(People.Ada, "pause prod-web");
        var card = await bot.WaitForCard("Awaiting approval: confirm");
        Assert.Contains("Its alerts fall to plan rest (Review, agent default)", card.Reads, StringComparison.Ordinal);
        await bot.Press(card, "confirm", People.Ada);
        await bot.WaitForCard("Done: changed");
        await bot.Fire(app.Id);
        Assert.Contains("Review (agent default)", (await bot.WaitForAsk()).Reads, StringComparison.Ordinal);
        Assert.Contains("Ada Admin", (await bot.Audit("--json")).Output.Split('\n').Single(l => l.Contains("State: paused", StringComparison.Ordinal)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_cleared_under_a_plan_that_is_paused_before_it_begins_does_not_run()
    {
        await using var bot = await BotHost.Start();
        var app = bot.Cloud.Sick(World.Staging);
        await bot.Install();
        await bot.Say(People.Ada, "pause the plan staging-web");
        var card = await bot.WaitForCard("Awaiting approval: confirm");
        // The permissions are read once to judge, and once more before execution: the second reading waits.
        var reads = 0;
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bot.Cloud.Arm.Faults.Always(
            Fault.HeldUntil(release.Task),
            r => r.Path.EndsWith("/permissions", StringComparison.OrdinalIgnoreCase) && Interlocked.Increment(ref reads) > 1 && (held.TrySetResult() || true));
        await bot.Fire(app.Id);
        await held.Task.WaitAsync(TimeSpan.FromSeconds(30), BotClient.Cancellation);
        await bot.Press(card, "confirm", People.Ada);
        release.SetResult();
        await bot.WaitForText("was paused by Ada Admin");
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task A_card_of_a_deleted_plan_loses_its_buttons_and_the_plan_stays_away_after_a_restart()
    {
        await using var asking = await Asking.Start();
        var bot = asking.Bot;
        await bot.Say(People.Ada, "delete the plan prod-web");
        var card = await bot.WaitForCard("Awaiting approval: confirm");
        Assert.Contains("settings do not bring it back", card.Reads, StringComparison.Ordinal);
        await bot.Press(card, "confirm", People.Ada);
        var withdrawn = await bot.WaitForCard("Withdrawn");
        Assert.Empty(withdrawn.Verbs);
        Assert.Empty(asking.Cloud.Arm.Mutations);

        await asking.Restart();
        await asking.Bot.Say(People.Rob, "plan prod-web");
        await asking.Bot.WaitForText("There is no plan prod-web.");
    }

    [Fact]
    public async Task A_name_that_is_nearly_right_is_answered_with_the_nearest_and_changes_nothing()
    {
        await using var bot = await BotHost.Start();
        await bot.Install();
        await bot.Say(People.Sam, "set stagin-web to review");
        await bot.WaitForText("There is no plan or task stagin-web. Nearest: staging-web. Nothing was changed.");
        await bot.Say(People.Sam, "start the staging app");
        await bot.WaitForText("`start` counts only as the whole message");
        await bot.Say(People.Ada, "set staging-web to sometimes");
        await bot.WaitForText("A run mode is `review` or `autonomous`");
        Assert.DoesNotContain("\"ModeChanged\"", (await bot.Audit("--json")).Output, StringComparison.Ordinal);
    }
}
