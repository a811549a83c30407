using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>One word halts every change; nothing that was decided before or during the stop runs after it without being asked again.</summary>
public class EmergencyStopTests
{
    [Fact, FailureMode(31)]
    public async Task While_stopped_an_approval_is_refused_unrecorded_and_the_card_is_usable_after_start()
    {
        await using var asking = await Asking.Start();
        var bot = asking.Bot;
        await Stop(bot, People.Sam);
        Assert.Contains("emergency stop is on", await bot.Told(asking.Card, "approve", People.Ada), StringComparison.Ordinal);
        Assert.DoesNotContain("\"DecisionMade\"", (await bot.Audit("--json")).Output, StringComparison.Ordinal);
        await Start(bot, People.Ada);
        await asking.ApproveStillWorks();
    }

    [Fact, FailureMode(31)]
    public async Task What_was_approved_before_the_stop_and_had_not_begun_is_blocked_and_asks_again_after_start()
    {
        await using var asking = await Asking.Start();
        var bot = asking.Bot;
        var (held, release) = HoldGraphAfterTheClick(asking.Cloud);
        await bot.Approve(asking.Card, People.Ada);
        await held.WaitAsync(TimeSpan.FromSeconds(30), BotClient.Cancellation);
        asking.Cloud.Graph.Faults.Clear();
        await Stop(bot, People.Sam);
        var blocked = await bot.WaitForCard("Blocked");
        Assert.Contains("Sam Standard", blocked.Reads, StringComparison.Ordinal);
        release.SetResult();

        await Start(bot, People.Ada);
        var again = await bot.WaitForAsk(m => m.ActivityId != asking.Card.ActivityId);
        Assert.DoesNotContain(bot.Cloud.Teams.Showing, m => m.ActivityId == asking.Card.ActivityId && m.Verbs.Contains("approve"));
        await asking.ApproveStillWorks(card: again);
    }

    [Fact]
    public async Task While_stopped_Autonomous_work_is_blocked_and_asks_after_start()
    {
        await using var bot = await BotHost.Start();
        var app = bot.Cloud.Sick(World.Staging);
        await bot.Install();
        await Stop(bot, People.Ben);
        await bot.Fire(app.Id);
        var blocked = await bot.WaitForCard("Blocked");
        Assert.Contains("emergency stop is on", blocked.Reads, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(bot.Cloud.Arm.Mutations);

        await Start(bot, People.Ada);
        var asks = await bot.WaitForAsk();
        Assert.Empty(bot.Cloud.Arm.Mutations);
        await bot.Approve(asks, People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task Only_an_Administrator_starts_again_and_only_after_confirming()
    {
        await using var asking = await Asking.Start();
        var bot = asking.Bot;
        await Stop(bot, People.Sam);
        await bot.Say(People.Sam, "start");
        await bot.WaitForText("Nothing was changed.");
        await bot.Say(People.Ada, "start");
        var confirmation = await bot.WaitForCard("Awaiting approval: confirm");
        Assert.Contains("Ada Admin", await bot.Told(confirmation, "confirm", People.Ben), StringComparison.Ordinal);
        Assert.Contains("emergency stop is on", await bot.Told(asking.Card, "approve", People.Ada), StringComparison.Ordinal);
        await bot.Press(confirmation, "confirm", People.Ada);
        await asking.ApproveStillWorks();
    }

    [Fact]
    public async Task A_sentence_that_mentions_stop_stops_nothing_and_a_reader_cannot()
    {
        await using var asking = await Asking.Start();
        await asking.Bot.Say(People.Ada, "please do not stop");
        await asking.Bot.Say(People.Rob, "stop");
        await asking.Bot.WaitForText("Standard User");
        await asking.ApproveStillWorks();
    }

    [Fact]
    public async Task The_stop_survives_a_restart()
    {
        await using var asking = await Asking.Start();
        await Stop(asking.Bot, People.Sam);
        await asking.Restart();
        Assert.Contains("emergency stop is on", await asking.Bot.Told(asking.Card, "approve", People.Ada), StringComparison.Ordinal);
        await Start(asking.Bot, People.Ada);
        await asking.ApproveStillWorks();
    }

    [Fact]
    public async Task A_stop_is_told_once_in_every_channel_where_a_plan_asks()
    {
        await using var bot = await BotHost.Start(settings: new Dictionary<string, string?> { ["ResponsePlans:0:Channel"] = "19:elsewhere@thread.tacv2", ["ResponsePlans:1:Channel"] = Known.Team });
        await bot.Install();
        await bot.Say(People.Rob, "help", "19:elsewhere@thread.tacv2");
        await bot.WaitForText("`plans`", m => m.ConversationId == "19:elsewhere@thread.tacv2");
        await bot.Say(People.Sam, "stop");
        await bot.WaitForText("**Emergency stop**", m => m.ConversationId == "19:elsewhere@thread.tacv2");
        await bot.WaitForText("**Emergency stop**", m => m.ConversationId == Known.Team);
        await bot.Ask(People.Rob, "pending");
        Assert.Equal(2, bot.Cloud.Teams.Posted.Count(m => m.Text?.Contains("**Emergency stop**", StringComparison.Ordinal) == true));
    }

    private static async Task Stop(BotHost bot, Someone who)
    {
        await bot.Say(who, "stop");
        await bot.WaitForText("**Stopped.**");
    }

    private static async Task Start(BotHost bot, Someone who)
    {
        await bot.Say(who, "start");
        await bot.Press(await bot.WaitForCard("Awaiting approval: confirm"), "confirm", who);
        await bot.WaitForCard("Done: changed");
    }

    /// <summary>The click's question is answered; the same question before execution waits.</summary>
    private static (Task Held, TaskCompletionSource Release) HoldGraphAfterTheClick(FakeCloud cloud)
    {
        var asked = 0;
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cloud.Graph.Faults.Always(Fault.HeldUntil(release.Task), r => r.Method == "GET" && Interlocked.Increment(ref asked) > 1 && (held.TrySetResult() || true));
        return (held.Task, release);
    }
}
