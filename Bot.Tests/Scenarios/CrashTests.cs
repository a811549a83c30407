using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Restarted or killed at any instant, the bot loses nothing it acknowledged and repeats no change.</summary>
public class CrashTests
{
    [Fact, FailureMode(16)]
    public async Task A_card_that_waits_survives_a_restart_and_its_button_works()
    {
        await using var asking = await Asking.Start();
        await asking.Bot.WaitForAudit("Delivery");
        await asking.Restart();
        await asking.ApproveStillWorks();
        Assert.Single(asking.Cloud.Teams.Posted, m => m.Kind != PostKind.Update && m.Verbs.Contains("approve"));
    }

    [Fact]
    public async Task A_check_under_way_survives_a_restart()
    {
        await using var asking = await Asking.Start(settings: new Dictionary<string, string?> { ["Verification:Settle"] = "00:00:05" });
        await asking.Bot.Approve(asking.Card, People.Ada);
        await asking.Bot.WaitForCard("Done, checking");
        await asking.Restart();
        await asking.Bot.WaitForCard("Done, recovered");
        Assert.Single(asking.Cloud.Arm.Mutations);
    }

    [Fact, FailureMode(16)]
    public async Task Killed_right_after_the_webhook_was_acknowledged_the_card_still_comes()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        var app = cloud.Sick(World.Prod);
        await using (var first = await BotProcess.Start(cloud, home.Settings()))
        {
            await first.Install();
            await first.Fire(app.Id);
            await first.Kill();
        }

        await using var second = await BotProcess.Start(cloud, home.Settings());
        var card = await second.WaitForAsk();
        await second.Approve(card, People.Ada);
        await second.WaitForCard("Done, recovered");
        Assert.Single(cloud.Arm.Mutations);
        cloud.AssertNothingUnexpected();
    }

    [Fact, FailureMode(4)]
    public async Task Killed_right_after_an_approval_was_answered_it_is_neither_lost_nor_done_twice()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        var app = cloud.Sick(World.Prod);
        await using (var first = await BotProcess.Start(cloud, home.Settings()))
        {
            await first.Install();
            await first.Fire(app.Id);
            await first.Approve(await first.WaitForAsk(), People.Ada);
            await first.Kill();
        }

        await using var second = await BotProcess.Start(cloud, home.Settings());
        var end = await cloud.Teams.WaitFor(m => m.Status is { } s && (s.StartsWith("Done, recovered", StringComparison.Ordinal) || s.StartsWith("Indeterminate", StringComparison.Ordinal)),
            TimeSpan.FromSeconds(60), BotClient.Cancellation);
        Assert.True(app.Restarts <= 1, $"Restarted {app.Restarts} times.");
        Assert.True(end.Status!.StartsWith("Indeterminate", StringComparison.Ordinal) || app.Restarts == 1, end.Status);
    }

    [Fact, FailureMode(17)]
    public async Task Killed_while_Azure_had_not_answered_nobody_knows_and_nothing_is_sent_again()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        var app = cloud.Sick(World.Prod);
        var never = new TaskCompletionSource();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        app.OnAction = _ => arrived.TrySetResult();
        cloud.Arm.Faults.Next(Fault.HeldUntil(never.Task), World.IsRestart);
        await using (var first = await BotProcess.Start(cloud, home.Settings()))
        {
            await first.Install();
            await first.Fire(app.Id);
            await first.Approve(await first.WaitForAsk(), People.Ada);
            await arrived.Task.WaitAsync(TimeSpan.FromSeconds(60), BotClient.Cancellation);
            await first.Kill();
        }

        await using var second = await BotProcess.Start(cloud, home.Settings());
        // Where only time can prove the worker dead, this takes as long as its permit, its request and the clocks might.
        var unknown = await cloud.Teams.WaitFor(
            m => m.Status?.StartsWith("Indeterminate", StringComparison.Ordinal) == true && m.Reads.Contains("activity log shows Microsoft.Web/sites/restart", StringComparison.OrdinalIgnoreCase),
            TimeSpan.FromMinutes(3), BotClient.Cancellation);
        Assert.Contains("annotate", unknown.Verbs);
        Assert.DoesNotContain("approve", unknown.Verbs);

        await second.Press(unknown, "annotate", People.Ada);
        await second.WaitForCard("Indeterminate", m => m.Reads.Contains("noted that **it was done**", StringComparison.Ordinal));
        Assert.Single(cloud.Arm.Mutations);
        Assert.Equal(1, app.Restarts);
    }
}
