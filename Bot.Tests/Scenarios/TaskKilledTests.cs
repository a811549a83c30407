using RunModes.Bot.Audit;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Killed anywhere on the way of a task's run, the next process (or another replica) goes on, and no step is done twice or left out.</summary>
public class TaskKilledTests
{
    [Theory]
    [InlineData(nameof(DurableStep.TaskTaken), CrashWhen.Before)]
    [InlineData(nameof(DurableStep.TaskTaken), CrashWhen.After)]
    [InlineData(nameof(DurableStep.Proposed), CrashWhen.After)]
    [InlineData(nameof(DurableStep.RunSettled), CrashWhen.Before)]
    [InlineData(nameof(DurableStep.RunSettled), CrashWhen.After)]
    public async Task Killed_on_its_way_each_step_is_done_once_and_in_its_order(string step, object when)
    {
        var app = $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.Web/sites/{World.Prod}";
        await using var dying = new CrashByTheClockTests.Dying(new(step, (CrashWhen)when));
        await dying.Start(new()
        {
            ["ScheduledTasks:0:Name"] = "nightly", ["ScheduledTasks:0:Cron"] = "every hour", ["ScheduledTasks:0:Does"] = "Steps", ["ScheduledTasks:0:Mode"] = "Autonomous",
            ["ScheduledTasks:0:RunLimit"] = "1", ["ScheduledTasks:0:Steps:0"] = $"stop {app}", ["ScheduledTasks:0:Steps:1"] = $"start {app}",
        });
        await dying.Bot.Install();
        var now = dying.Bot.Clock.GetUtcNow();
        dying.Bot.Clock.Advance(new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(1) - now + TimeSpan.FromSeconds(1));
        await dying.Restart();
        await dying.Bot.WaitForText("Done: I've started app-service-prod");
        Assert.Equal(["stop", "start"], dying.Bot.Cloud.Arm.Mutations.Select(m => m.Path.Split('/')[^1]));
        Assert.Equal(1, await dying.Audited("TaskRun"));
        Assert.Equal(2, await dying.Audited("RunStarted"));
        dying.Bot.Cloud.AssertNothingUnexpected();
    }

    /// <summary>A step that sends mail: however it is interrupted one mail leaves at most, and the report says what is known.</summary>
    [Theory]
    [InlineData(nameof(DurableStep.MailBegun), CrashWhen.Before, 1, "was accepted by Microsoft Graph")]
    [InlineData(nameof(DurableStep.MailBegun), CrashWhen.After, 0, "may have been sent: the bot was interrupted while it sent it. It is not sent again")]
    [InlineData(nameof(DurableStep.MailEnded), CrashWhen.Before, 1, "may have been sent: the bot was interrupted while it sent it. It is not sent again")]
    [InlineData(nameof(DurableStep.MailEnded), CrashWhen.After, 1, "was accepted by Microsoft Graph")]
    [InlineData(nameof(DurableStep.NothingToDo), CrashWhen.Before, 1, "was accepted by Microsoft Graph")]
    public async Task Killed_as_it_sends_mail_none_leaves_twice(string step, object when, int sent, string words)
    {
        await using var dying = new CrashByTheClockTests.Dying(new(step, (CrashWhen)when));
        await dying.Start(new()
        {
            ["ScheduledTasks:0:Name"] = "nightly", ["ScheduledTasks:0:Cron"] = "every hour", ["ScheduledTasks:0:Does"] = "Steps", ["ScheduledTasks:0:RunLimit"] = "1",
            ["ScheduledTasks:0:Steps:0"] = "mail to ada@contoso.example: Night report | All is well.", ["Tools:SendMail:Sender"] = FakeMailbox.Sender,
        });
        await dying.Bot.Install();
        var now = dying.Bot.Clock.GetUtcNow();
        dying.Bot.Clock.Advance(new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(1) - now + TimeSpan.FromSeconds(1));
        await dying.Restart();
        await dying.Bot.WaitForText($"step 1 of 1 of task nightly: a mail to ada@contoso.example {words}");
        Assert.Equal(sent, dying.Bot.Cloud.Graph.Mail.Sent.Count);
        Assert.InRange(dying.Bot.Cloud.Graph.Requests.Count(r => r.Is("POST", "/sendMail")), 0, 1);
        dying.Bot.Cloud.AssertNothingUnexpected();
    }

    /// <summary>The write that ends a health check also begins what follows from it: both, or neither.</summary>
    [Theory]
    [InlineData(CrashWhen.Before)]
    [InlineData(CrashWhen.After)]
    public async Task Killed_as_a_health_check_ends_it_is_told_once_and_what_follows_is_done_once(object when)
    {
        await using var dying = new CrashByTheClockTests.Dying(new(nameof(DurableStep.NothingToDo), (CrashWhen)when));
        await dying.Start(new()
        {
            ["ScheduledTasks:0:Name"] = "nightly", ["ScheduledTasks:0:Cron"] = "every hour", ["ScheduledTasks:0:Does"] = "HealthCheck", ["ScheduledTasks:0:Mode"] = "Autonomous",
            ["ScheduledTasks:0:RunLimit"] = "1", ["ScheduledTasks:0:Scope"] = $"/subscriptions/{Known.Subscription}/resourceGroups/web",
        });
        dying.Bot.Cloud.Arm.Alerts.Add(new("High memory", "Sev1", dying.App.Id, dying.Bot.Clock.GetUtcNow() - TimeSpan.FromMinutes(20)));
        await dying.Bot.Install();
        var now = dying.Bot.Clock.GetUtcNow();
        dying.Bot.Clock.Advance(new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(1) - now + TimeSpan.FromSeconds(1));
        await dying.Restart();
        await dying.Bot.WaitForText("Done: I've restarted app-service-prod");
        await dying.Bot.WaitForText("Proposed in a message of its own");
        Assert.Single(dying.Bot.Cloud.Arm.Mutations);
        Assert.Equal(2, await dying.Audited("RunStarted"));
        Assert.Single(dying.Bot.Cloud.Teams.Posted, m => m.Text?.Contains("is not well", StringComparison.Ordinal) == true);
    }
}

public sealed class TaskKilledTestsOnPostgreSql : TaskKilledTests;
