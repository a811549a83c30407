using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Literal operations that an Administrator stored in a task: through the same gate as everything, one after the other.</summary>
public class TaskStepsTests
{
    [Fact]
    public async Task An_Autonomous_task_does_its_steps_in_their_order_and_reports_each()
    {
        await using var bot = await Start("Autonomous", a => [$"restart {a.First.Id}", $"stop {a.Second.Id}", $"stop {a.Second.Id}"]);
        bot.Strike();
        var report = await bot.Host.WaitForText($"Done: I've restarted {World.Prod}. App state: Running → Running.");
        Assert.Contains("step 1 of 3 of task nightly", report.Text, StringComparison.Ordinal);
        await bot.Host.WaitForText($"Done: I've stopped {World.Staging}. App state: Running → Stopped.");
        await bot.Host.WaitForText($"{World.Staging} is stopped already (step 3 of 3 of task nightly)");
        Assert.Equal(["restart", "stop"], bot.Host.Cloud.Arm.Mutations.Select(m => m.Path.Split('/')[^1]));
        await bot.Host.Say(People.Rob, "task nightly");
        var told = await bot.Host.WaitForText("**Last run**");
        Assert.Contains("Nothing to do: app-service-staging is stopped already", told.Text, StringComparison.Ordinal);
        Assert.Contains("failures in a row: 0", told.Text, StringComparison.Ordinal);
        await bot.Host.Say(People.Rob, "history nightly");
        var past = await bot.Host.WaitForText("· nightly · Restart App Service 'app-service-prod': **Succeeded**.");
        Assert.Contains("Stop App Service 'app-service-staging': **Succeeded**. Nobody was asked: Autonomous (task nightly). App state: Running → Stopped.", past.Text, StringComparison.Ordinal);
        await bot.Host.Say(People.Rob, "insights nightly");
        Assert.Contains("2 without asking", (await bot.Host.WaitForText("**nightly** · Autonomous (set on the task)")).Text, StringComparison.Ordinal);
        bot.Host.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task In_Review_each_step_is_a_card_and_a_Deny_ends_what_was_left()
    {
        await using var bot = await Start("Review", a => [$"restart {a.First.Id}", $"restart {a.Second.Id}", $"stop {a.First.Id}"]);
        bot.Strike();
        var first = await bot.Host.WaitForAsk();
        Assert.Contains("I found that step 1 of 3 of task nightly is due.", first.Reads, StringComparison.Ordinal);
        Assert.Contains("Review (task nightly)", first.Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Host.Cloud.Arm.Mutations);
        await bot.Host.Approve(first, People.Ada);
        var second = await bot.Host.WaitForAsk(m => m.ActivityId != first.ActivityId && m.Reads.Contains("step 2 of 3", StringComparison.Ordinal));
        Assert.Equal(first.RootId ?? first.ActivityId, second.RootId);
        await bot.Host.Press(second, "deny", People.Ada);
        await bot.Host.WaitForCard("Denied");
        await bot.Host.WaitForCount("SELECT COUNT(*) FROM tasks WHERE document LIKE '%Denied: Restart%'", 1);
        Assert.Single(bot.Host.Cloud.Arm.Mutations);
        Assert.Equal(2, await bot.Host.Count("SELECT COUNT(*) FROM runs"));
    }

    [Fact]
    public async Task Begun_more_than_fifteen_minutes_late_it_asks_in_either_mode()
    {
        await using var bot = await Start("Autonomous", a => [$"restart {a.First.Id}"]);
        bot.Strike(late: TimeSpan.FromMinutes(16));
        var card = await bot.Host.WaitForAsk();
        Assert.Contains("It started more than 15 minutes late.", card.Reads, StringComparison.Ordinal);
        Assert.Empty(bot.Host.Cloud.Arm.Mutations);
        await bot.Host.Approve(card, People.Ada);
        await bot.Host.WaitForCard("Done");
        Assert.Single(bot.Host.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task The_third_failure_in_a_row_sets_it_failed_and_its_people_are_told()
    {
        await using var bot = await Start("Autonomous", a => [$"restart {a.First.Id}-that-is-gone", $"restart {a.Second.Id}"]);
        for (var hour = 1; hour <= 3; hour++)
        {
            bot.Strike();
            await bot.Host.WaitForCount($"SELECT COUNT(*) FROM tasks WHERE document LIKE '%\"FailuresInARow\":{hour}%'", 1);
        }

        var told = await bot.Host.WaitForText("**Task nightly has failed**");
        Assert.Contains("Could not tell: app-service-prod-that-is-gone does not exist", told.Text, StringComparison.Ordinal);
        await bot.Host.Say(People.Ada, "resume nightly");
        var question = await bot.Host.WaitForCard("Awaiting approval: confirm");
        Assert.Contains("Resume task nightly", question.Reads, StringComparison.Ordinal);
        await bot.Host.Press(question, "confirm", People.Ada);
        await bot.Host.WaitForCount("SELECT COUNT(*) FROM tasks WHERE due_at IS NOT NULL AND document LIKE '%\"FailuresInARow\":0%'", 1);
        Assert.Equal(3, await bot.Host.Count("SELECT COUNT(*) FROM runs"));
        Assert.Empty(bot.Host.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task An_Autonomous_task_whose_step_goes_wrong_asks_again_and_says_so()
    {
        await using var bot = await Start("Autonomous", a => [$"restart {a.First.Id}", $"restart {a.Second.Id}"], ("Budget:LapsesToReview", "1"));
        bot.Host.Cloud.Arm.Access.Withheld.Add("Microsoft.Web/sites/restart/Action");
        bot.Strike();
        var told = await bot.Host.WaitForText("nightly is set to Review");
        Assert.Contains("Restart App Service 'app-service-prod': failed", told.Text, StringComparison.Ordinal);
        await bot.Host.Say(People.Rob, "what mode is nightly in?");
        await bot.Host.WaitForText("**Review (task nightly)**");
        Assert.Equal(1, await bot.Host.Count("SELECT COUNT(*) FROM runs"));
        await bot.Host.Say(People.Rob, "insights");
        Assert.Contains("**nightly** · Review (set on the task)", (await bot.Host.WaitForText("**Insights**")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_deleted_task_withdraws_what_it_asked_also_while_stopped()
    {
        await using var bot = await Start("Review", a => [$"restart {a.First.Id}"]);
        bot.Strike();
        var card = await bot.Host.WaitForAsk();
        await bot.Host.Say(People.Sam, "stop");
        await bot.Host.WaitForText("**Stopped.**");
        Assert.DoesNotContain("Approved", await bot.Host.Told(card, "approve", People.Ada), StringComparison.Ordinal);
        await bot.Host.Say(People.Ada, "delete nightly");
        await bot.Host.Press(await bot.Host.WaitForCard("Awaiting approval: confirm"), "confirm", People.Ada);
        await bot.Host.WaitForCard("Withdrawn", m => m.ActivityId == card.ActivityId);
        Assert.Empty(bot.Host.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task A_tick_that_breaks_is_a_failure_and_not_tried_for_ever()
    {
        await using var bot = await Start("Autonomous", a => [$"restart {a.First.Id}-that-is-gone"]);
        bot.Strike();
        await bot.Host.WaitForCount("SELECT COUNT(*) FROM tasks WHERE document LIKE '%\"FailuresInARow\":1%'", 1);
        await bot.Host.Tamper("UPDATE runs SET document = '{'");
        bot.Strike();
        await bot.Host.WaitForCount("SELECT COUNT(*) FROM tasks WHERE document LIKE '%\"FailuresInARow\":2%unexpected error%'", 1);
        Assert.Contains("unexpected error", await bot.Host.WaitForAudit("TaskRun", 2), StringComparison.Ordinal);
    }

    private static async Task<Stepping> Start(string mode, Func<(WebApp First, WebApp Second), IReadOnlyList<string>> steps, params (string Key, string Value)[] more)
    {
        var arm = (First: default(WebApp)!, Second: default(WebApp)!);
        var settings = new Dictionary<string, string?>
        {
            ["ScheduledTasks:0:Name"] = "nightly", ["ScheduledTasks:0:Cron"] = "every hour", ["ScheduledTasks:0:Does"] = "Steps", ["ScheduledTasks:0:Mode"] = mode,
        };
        foreach (var (key, value) in more)
        {
            settings[key] = value;
        }

        var bot = await BotHost.Start(
            cloud =>
            {
                arm = (cloud.Arm.App(World.Prod, rg: "web", memory: Series.Flat(40)), cloud.Arm.App(World.Staging, rg: "web", memory: Series.Flat(40)));
                foreach (var (step, i) in steps(arm).Select((s, i) => (s, i)))
                {
                    settings[$"ScheduledTasks:0:Steps:{i}"] = step;
                }
            },
            settings);
        await bot.Install();
        return new(bot);
    }

    private sealed record Stepping(BotHost Host) : IAsyncDisposable
    {
        /// <summary>On to the next full hour, whatever time it is now.</summary>
        public void Strike(TimeSpan late = default)
        {
            var now = Host.Clock.GetUtcNow();
            Host.Clock.Advance(new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(1) - now + TimeSpan.FromSeconds(1) + late);
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
