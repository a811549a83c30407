using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Azure, Graph or Teams down, slow, throttling or talking nonsense: every case ends in a state that a person can see.</summary>
public sealed class WireTroubleTests
{
    private static bool IsPost(WireRequest request) => request.Method == "POST";

    [Fact, FailureMode(8)]
    public async Task Whatever_keeps_Graph_from_answering_a_click_is_no_yes_and_the_card_stays_usable()
    {
        await using var asking = await Asking.Start();
        foreach (var fault in (Fault[])
        [
            Fault.Error(503, "ServiceUnavailable", "Later."), Fault.Error(500, "InternalServerError", "Oops."), Fault.Error(403, "Authorization_RequestDenied", "Insufficient privileges."),
            Fault.Throttled(), Fault.Throttled("60"), Fault.Garbage, Fault.Empty, Fault.Hollow, Fault.Truncated, Fault.Drop, Fault.Hang, Fault.Status(302),
        ])
        {
            asking.Cloud.Graph.Faults.Always(fault);
            Assert.Contains("could not find out", await asking.Bot.Told(asking.Card, "approve", People.Ada), StringComparison.Ordinal);
            asking.Cloud.Graph.Faults.Clear();
        }

        await asking.ApproveStillWorks();
    }

    [Fact]
    public async Task Without_a_token_for_Graph_nobody_approves()
    {
        await using var asking = await Asking.Start();
        asking.Cloud.Entra.Faults.Always(Fault.Error(503, "temporarily_unavailable", "Later."));
        Assert.Contains("could not find out", await asking.Bot.Told(asking.Card, "approve", People.Ada), StringComparison.Ordinal);
        asking.Cloud.Entra.Faults.Clear();
        await asking.ApproveStillWorks();
    }

    [Fact]
    public async Task A_short_wait_that_Graph_asks_for_is_kept_within_the_click()
    {
        await using var asking = await Asking.Start();
        asking.Cloud.Graph.Faults.Next(Fault.Throttled("0.2"), r => r.Method == "GET");
        await asking.ApproveStillWorks();
    }

    [Fact]
    public async Task With_Graph_down_before_execution_it_stays_approved_and_runs_when_Graph_is_back()
    {
        await using var asking = await Asking.Start();
        var asked = 0;
        var silent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        asking.Cloud.Graph.Faults.Always(Fault.Error(503, "ServiceUnavailable", "Later."), r =>
        {
            if (r.Method != "GET" || Interlocked.Increment(ref asked) == 1)
            {
                return false;
            }

            silent.TrySetResult();
            return true;
        });
        await asking.Bot.Approve(asking.Card, People.Ada);
        await silent.Task.WaitAsync(TimeSpan.FromSeconds(30), BotClient.Cancellation);
        Assert.StartsWith("Approved", (await asking.Bot.WaitForCard("Approved")).Status, StringComparison.Ordinal);
        Assert.Empty(asking.Cloud.Arm.Mutations);

        asking.Cloud.Graph.Faults.Clear();
        await asking.Bot.WaitForCard("Done, recovered");
        Assert.Single(asking.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task An_approval_that_could_not_start_within_a_quarter_of_an_hour_expires()
    {
        await using var asking = await Asking.Start();
        var asked = 0;
        asking.Cloud.Graph.Faults.Always(Fault.Error(503, "ServiceUnavailable", "Later."), r => r.Method == "GET" && Interlocked.Increment(ref asked) > 1);
        await asking.Bot.Approve(asking.Card, People.Ada);
        await asking.Bot.WaitForCard("Approved");
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(16));
        asking.Cloud.Graph.Faults.Clear();
        await asking.Bot.WaitForCard("Expired");
        await asking.Bot.Fire(asking.App.Id);
        await asking.Bot.WaitForAsk(m => m.ActivityId != asking.Card.ActivityId);
        Assert.Empty(asking.Cloud.Arm.Mutations);
    }

    public static TheoryData<string, string> Restarts => new()
    {
        { "403", "Failed" }, { "404", "Failed" }, { "409", "Failed" }, { "429", "Failed" },
        { "408", "Indeterminate" }, { "500", "Indeterminate" }, { "503", "Indeterminate" }, { "done-500", "Indeterminate" },
        { "drop", "Indeterminate" }, { "done-drop", "Indeterminate" }, { "hang", "Indeterminate" }, { "garbage", "Indeterminate" }, { "302", "Indeterminate" },
    };

    [Theory]
    [MemberData(nameof(Restarts))]
    [FailureMode(17)]
    [FailureMode(19)]
    public async Task Whatever_Azure_answers_to_the_restart_it_is_asked_once_and_the_card_says_what_is_known(string trouble, string status)
    {
        await using var asking = await Asking.Start();
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        asking.Cloud.Arm.Faults.Always(
            trouble switch
            {
                "done-500" => Fault.AcceptThenStatus(500), "drop" => Fault.Drop, "done-drop" => Fault.AcceptThenDrop, "hang" => Fault.AcceptThenHang, "garbage" => Fault.Garbage,
                "302" => Fault.Status(302), "429" => Fault.Throttled("1"), var code => Fault.Error(int.Parse(code, System.Globalization.CultureInfo.InvariantCulture), $"Code{code}", $"Azure says {code}."),
            },
            r => World.IsRestart(r) && (arrived.TrySetResult() || true));
        await asking.Bot.Approve(asking.Card, People.Ada);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(30), BotClient.Cancellation);
        if (trouble == "hang")
        {
            asking.Bot.Clock.Advance(TimeSpan.FromSeconds(61));
        }

        var end = await asking.Bot.WaitForCard(status);
        Assert.DoesNotContain("approve", end.Verbs);
        if (status == "Indeterminate")
        {
            Assert.Contains("annotate", end.Verbs);
            var evidence = await asking.Bot.WaitForCard("Indeterminate", m => m.Reads.Contains("Seen since", StringComparison.Ordinal));
            Assert.Contains(asking.App.Restarts == 1 ? "activity log shows Microsoft.Web" : "activity log shows no", evidence.Reads, StringComparison.Ordinal);
        }

        // The trouble over, nothing is tried again by itself: the staging run comes and goes.
        asking.Cloud.Arm.Faults.Clear();
        await asking.Bot.Fire(asking.Cloud.Sick(World.Staging).Id);
        await asking.Bot.WaitForText("Done: I've restarted app-service-staging.");
        Assert.Single(asking.Cloud.Arm.Mutations, r => r.Path.Contains(World.Prod, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("503")]
    [InlineData("429")]
    [InlineData("401")]
    [InlineData("drop")]
    public async Task A_card_that_Teams_does_not_take_comes_later(string trouble)
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Sick(World.Prod));
        await bot.Install();
        bot.Cloud.Teams.Faults.Next(
            trouble switch { "429" => Fault.Throttled("2"), "drop" => Fault.Drop, var code => Fault.Status(int.Parse(code, System.Globalization.CultureInfo.InvariantCulture)) }, IsPost, times: 2);
        await bot.Fire(app.Id);
        var card = await bot.WaitForAsk();
        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Of_a_card_that_arrived_twice_either_twin_counts_and_neither_keeps_its_buttons(int twin)
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Sick(World.Prod));
        await bot.Install();
        bot.Cloud.Teams.Faults.Next(Fault.AcceptThenStatus(500), r => IsPost(r) && r.Body.Contains("Awaiting approval", StringComparison.Ordinal));
        await bot.Fire(app.Id);
        var first = await bot.WaitForAsk();
        var second = await bot.WaitForAsk(m => m.ActivityId != first.ActivityId);
        await bot.WaitForAudit("Delivery");

        var clicked = twin == 0 ? first : second;
        await bot.Approve(clicked, People.Ada);
        await bot.WaitForCard("Done, recovered", m => m.ActivityId == clicked.ActivityId);
        Assert.Single(bot.Cloud.Arm.Mutations);
        if (twin == 0)
        {
            await bot.WaitForCard("Done, recovered", m => m.ActivityId == second.ActivityId);
            Assert.DoesNotContain(bot.Cloud.Teams.Showing, m => m.Verbs.Contains("approve"));
        }
        else
        {
            Assert.Contains("Already approved by Ada Admin", await bot.Told(first, "approve", People.Ben), StringComparison.Ordinal);
        }
    }

    [Fact, FailureMode(22)]
    public async Task A_card_that_somebody_deleted_is_superseded_by_a_new_message()
    {
        await using var asking = await Asking.Start();
        await asking.Bot.Approve(asking.Card, People.Ada);
        asking.Cloud.Teams.Delete(asking.Card.ActivityId);
        await asking.Bot.WaitForCard("Done, recovered", m => m.ActivityId != asking.Card.ActivityId);
        Assert.Single(asking.Cloud.Arm.Mutations);
    }

    [Fact, FailureMode(22)]
    public async Task A_decision_stands_though_Teams_cannot_be_told_for_a_while()
    {
        await using var asking = await Asking.Start();
        asking.Cloud.Teams.Faults.Always(Fault.Status(503));
        await asking.Bot.Approve(asking.Card, People.Ada);
        await asking.Bot.WaitForAudit("VerificationEnded");
        asking.Cloud.Teams.Faults.Clear();
        await asking.Bot.WaitForCard("Done, recovered");
        Assert.Single(asking.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task With_Azure_down_the_investigation_says_that_it_could_not_tell()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Sick(World.Staging));
        await bot.Install();
        bot.Cloud.Arm.Faults.Always(Fault.Error(503, "ServiceUnavailable", "Later."));
        await bot.Fire(app.Id);
        await bot.WaitForText("app-service-staging could not be looked at");
        bot.Cloud.Arm.Faults.Clear();
        await bot.Fire(app.Id);
        await bot.WaitForText("Done: I've restarted app-service-staging.");
        Assert.Single(bot.Cloud.Arm.Mutations);
    }
}
