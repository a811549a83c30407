using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>The life of a task where people set it: made by a form, confirmed, run at its time in its own mode, lowered, paused.</summary>
public class TasksInChatTests
{
    [Fact]
    public async Task A_task_that_was_made_by_a_form_acts_in_its_mode_asks_once_it_is_lowered_and_withdraws_when_it_is_paused()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Arm.App(World.Staging, rg: "web", memory: Series.Flat(40)));
        await bot.Install();
        await bot.Say(People.Sam, "create task nightly");
        await bot.WaitForText("Only Administrators");
        await bot.Say(People.Ada, "create task nightly");
        var form = await bot.WaitForCard("Awaiting approval: nothing changes until you save");
        Assert.Contains("Recommended: Autonomous for daily health checks", form.Reads, StringComparison.Ordinal);
        await bot.Press(form, "confirm", People.Ada, inputs: Filled(app, "every 7 minutes"));
        form = await bot.WaitForCard("Awaiting approval: 1 field cannot be taken");
        Assert.Contains("does not divide the hour evenly", form.Reads, StringComparison.Ordinal);
        await bot.Press(form, "confirm", People.Ada, inputs: Filled(app, "every hour"));
        var question = await bot.WaitForCard("Awaiting approval: confirm this change");
        Assert.Contains("Create task nightly", question.Reads, StringComparison.Ordinal);
        Assert.Contains("Runs next: ", question.Reads, StringComparison.Ordinal);
        Assert.Equal(0, await bot.Count("SELECT COUNT(*) FROM tasks"));
        await bot.Press(question, "confirm", People.Ada);
        await bot.WaitForCount("SELECT COUNT(*) FROM tasks WHERE mode = 'Autonomous' AND enabled = 1", 1);

        Strike(bot);
        await bot.WaitForText($"Done: I've restarted {World.Staging}");
        Assert.Equal(1, app.Restarts);
        await bot.WaitForCount("SELECT COUNT(*) FROM runs WHERE state = 'Ended'", 1);

        await bot.Say(People.Sam, "set nightly to review");
        await bot.WaitForText("**Review (task nightly)**, in force now");
        Strike(bot);
        var card = await bot.WaitForAsk();
        Assert.Contains("Review (task nightly)", card.Reads, StringComparison.Ordinal);
        await bot.Say(People.Sam, "pause nightly");
        await bot.WaitForCard("Withdrawn", m => m.ActivityId == card.ActivityId);
        await bot.Press(card, "approve", People.Ada);
        Assert.Equal(1, app.Restarts);
        bot.Cloud.AssertNothingUnexpected();
    }

    private static JsonObject Filled(WebApp app, string schedule) => new()
    {
        ["task_name"] = "nightly", ["task_does"] = "Steps", ["task_cron"] = schedule, ["task_mode"] = "Autonomous", ["task_steps"] = $"restart {app.Id}", ["task_enabled"] = "true",
    };

    private static void Strike(BotHost bot)
    {
        var now = bot.Clock.GetUtcNow();
        bot.Clock.Advance(new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(1) - now + TimeSpan.FromSeconds(1));
    }
}

public sealed class TasksInChatTestsOnPostgreSql : TasksInChatTests;
