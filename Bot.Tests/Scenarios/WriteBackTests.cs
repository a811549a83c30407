using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>The source of an incident learns that somebody is at it, what was found and done, and that it is over; never more than is so.</summary>
public class WriteBackTests
{
    private static Dictionary<string, string?> Paging(string resource, string mode = "Review") => new()
    {
        ["Incidents:PagerDuty:SigningSecrets:0"] = FakePagerDuty.SigningSecret, [$"Incidents:PagerDuty:Services:{FakePagerDuty.Service}"] = resource,
        ["Incidents:PagerDuty:ApiKey"] = FakePagerDuty.Key, ["Incidents:PagerDuty:From"] = FakePagerDuty.From,
        ["ResponsePlans:2:Name"] = "paged", ["ResponsePlans:2:Platform"] = "PagerDuty", ["ResponsePlans:2:Resource"] = World.Prod, ["ResponsePlans:2:Mode"] = mode,
    };

    private static readonly string Prod = $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.Web/sites/{World.Prod}";

    private static async Task<(BotHost Bot, WebApp App, PagedIncident Incident)> Paged(string mode = "Review", IReadOnlyDictionary<string, string?>? more = null)
    {
        WebApp app = null!;
        PagedIncident incident = null!;
        var settings = Paging(Prod, mode);
        foreach (var (key, value) in more ?? new Dictionary<string, string?>())
        {
            settings[key] = value;
        }

        var bot = await BotHost.Start(cloud => (app, incident) = (cloud.Sick(World.Prod), cloud.PagerDuty.Trigger()), settings);
        await bot.Install();
        return (bot, app, incident);
    }

    [Fact]
    public async Task PagerDuty_learns_that_a_person_approved_what_was_done_and_that_it_recovered()
    {
        var (bot, app, incident) = await Paged();
        await using var _ = bot;
        await bot.Page(incident);
        var card = await bot.WaitForAsk();
        Assert.Equal("triggered", incident.Status);

        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done, recovered");
        await Until(bot, () => incident.Status == "resolved");
        var note = Assert.Single(incident.Notes);
        Assert.Contains("app-service-prod is running slowly due to high memory usage", note, StringComparison.Ordinal);
        Assert.Contains("Done: Restart App Service 'app-service-prod', approved by Ada Admin", note, StringComparison.Ordinal);
        Assert.Contains("Memory usage is now normal (94 % → 42 %)", note, StringComparison.Ordinal);
        Assert.Equal(1, app.Restarts);

        // What its source says of it then changes nothing any more.
        await bot.Page(incident, "incident.resolved", title: "Renamed by somebody");
        Assert.Equal(1, await bot.Count("SELECT COUNT(*) FROM incidents"));
        Assert.Equal(incident.Changes, incident.Changes.Distinct());
        Assert.Equal("resolved", incident.Changes[^1]);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task A_source_that_is_away_holds_up_nothing_and_is_told_each_thing_once_when_it_is_back_by_whichever_process()
    {
        var (first, app, incident) = await Paged();
        var bot = first;
        try
        {
            bot.Cloud.PagerDuty.Faults.Always(Fault.Status(503));
            await bot.Page(incident);
            await bot.Approve(await bot.WaitForAsk(), People.Ada);
            await bot.WaitForCard("Done, recovered");
            await bot.WaitForCount("SELECT COUNT(*) FROM write_backs WHERE problem IS NOT NULL AND what = 'Resolve'", 1);
            var health = (await bot.Ask(People.Ada, "health")).Text!;
            Assert.Contains("**Written back** to PagerDuty: ", health, StringComparison.Ordinal);
            Assert.Contains("Not written back yet: Resolve of PABC123", health, StringComparison.Ordinal);
            Assert.Contains("PagerDuty answered 503", health, StringComparison.Ordinal);

            bot = await bot.Restart(Paging(Prod));
            bot.Cloud.PagerDuty.Faults.Clear();
            // Both arrive, and nobody hears so.
            bot.Cloud.PagerDuty.Faults.Next(Fault.AcceptThenDrop, r => r.Is("POST", "/notes"));
            bot.Cloud.PagerDuty.Faults.Next(Fault.AcceptThenStatus(500), r => r.Method == "PUT");
            for (var i = 0; i < 4; i++)
            {
                bot.Clock.Advance(TimeSpan.FromMinutes(1));
                await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, BotClient.Cancellation);
            }

            await bot.WaitForCount("SELECT 4 - COUNT(*) FROM write_backs WHERE state = 'Pending'", 4);
            Assert.Equal("resolved", incident.Status);
            Assert.Single(incident.Notes);
            Assert.Equal(incident.Changes, incident.Changes.Distinct());
            Assert.Equal(1, app.Restarts);
            Assert.DoesNotContain("Not written back", (await bot.Ask(People.Ada, "health")).Text!, StringComparison.Ordinal);
        }
        finally
        {
            await bot.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_denial_is_noted_and_neither_acknowledged_nor_resolved()
    {
        var (bot, _, incident) = await Paged();
        await using var _1 = bot;
        await bot.Page(incident);
        await bot.Told(await bot.WaitForAsk(), "deny", People.Ben, inputs: new() { ["reason"] = "We deploy\nright now" });
        await Until(bot, () => incident.Notes.Count == 1);
        Assert.Contains("Denied by Ben Admin: We deploy right now. Nothing was executed.", incident.Notes[0], StringComparison.Ordinal);
        Assert.Single(bot.Cloud.PagerDuty.Writes);
        Assert.Equal("triggered", incident.Status);
    }

    /// <summary>An acknowledgement silences the pager: what the bot took up by itself and could not mend must ring again.</summary>
    [Fact]
    public async Task What_the_bot_took_up_by_itself_and_did_not_mend_is_handed_back_to_people()
    {
        var (bot, app, incident) = await Paged("Autonomous", new Dictionary<string, string?> { ["Verification:GiveUpAfter"] = "00:00:05" });
        await using var _ = bot;
        app.MemoryAfterRestart = null;
        await bot.Page(incident);
        await bot.WaitForText("Not recovered:");
        await Until(bot, () => incident.Changes.Count == 2);
        Assert.Equal(["acknowledged", "triggered"], incident.Changes);
        await Until(bot, () => incident.Notes.Count == 1);
        Assert.Contains("without asking, as its plan says. It did not help", incident.Notes[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_alert_of_Azure_Monitor_is_acknowledged_and_closed_after_measured_recovery_and_one_it_does_not_know_is_left_alone()
    {
        WebApp app = null!, other = null!;
        MonitoredAlert alert = null!;
        await using var bot = await BotHost.Start(
            cloud =>
            {
                (app, other) = (cloud.Sick(World.Prod), cloud.Sick(World.Staging));
                alert = cloud.Arm.Alert(app.Id);
                cloud.Arm.Access.Grants.Add(new($"/subscriptions/{Known.Subscription}", ["Microsoft.AlertsManagement/alerts/changestate/action"], []));
                cloud.Arm.LongRunning.Plan = new(UnderWay.Location202) { RetryAfter = "1" };
            },
            new Dictionary<string, string?> { ["Incidents:AzureMonitor:WriteBack"] = "true" });
        await bot.Install();
        // Whoever has the webhook's key may claim anything: an alert of another target, and one that never was.
        await bot.Fire(other.Id, change: e => e["alertId"] = alert.Id);
        await bot.WaitForText("Done: I've restarted app-service-staging");
        await bot.WaitForCount("SELECT COUNT(*) FROM write_backs WHERE state = 'GivenUp'", 1);
        Assert.Empty(alert.Changes);
        Assert.Contains("At its source the alert is about another target.", (await bot.Ask(People.Ada, "health")).Text!, StringComparison.Ordinal);

        await bot.Fire(app.Id, change: e => e["alertId"] = alert.Id);
        await bot.Approve(await bot.WaitForAsk(), People.Ada);
        await bot.WaitForCard("Done, recovered");
        await Until(bot, () => alert.State == "Closed");
        Assert.Equal(["Acknowledged", "Closed"], alert.Changes);
        Assert.Equal(2, bot.Cloud.Arm.Mutations.Count);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task While_stopped_nothing_is_written_back_and_afterwards_from_how_things_stand_then()
    {
        var (bot, _, incident) = await Paged();
        await using var _1 = bot;
        await bot.Page(incident);
        var card = await bot.WaitForAsk();
        bot.Cloud.PagerDuty.Faults.Always(Fault.Status(503));
        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done, recovered");
        await bot.WaitForCount("SELECT COUNT(*) FROM write_backs WHERE problem IS NOT NULL AND what = 'Resolve'", 1);
        await bot.Say(People.Ada, "stop");
        await bot.WaitForText("Emergency stop");
        bot.Cloud.PagerDuty.Faults.Clear();
        var asked = bot.Cloud.PagerDuty.Requests.Count;
        bot.Clock.Advance(TimeSpan.FromMinutes(2));
        // It fires once more meanwhile: then it is not over.
        await bot.Page(incident, "incident.reopened");
        Assert.Equal(asked, bot.Cloud.PagerDuty.Requests.Count);

        await bot.Say(People.Ada, "start");
        await bot.Told(await bot.Cloud.Teams.WaitFor(m => m.Verbs.Contains("confirm"), TimeSpan.FromSeconds(60), BotClient.Cancellation), "confirm", People.Ada);
        await bot.WaitForCount("SELECT COUNT(*) FROM write_backs WHERE what = 'Resolve' AND state = 'NotNeeded'", 1);
        Assert.DoesNotContain("resolved", incident.Changes);
    }

    private static async Task Until(BotHost bot, Func<bool> so)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !so(); await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, BotClient.Cancellation))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(60), $"Never so. PagerDuty was asked: {string.Join(", ", bot.Cloud.PagerDuty.Requests)}");
        }
    }
}
