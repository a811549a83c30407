using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Many at the same instant, where the store itself lets them in together.</summary>
public sealed class AtOnceOnPostgreSql
{
    [Fact]
    public Task Fifty_simultaneous_clicks_are_one_decision_and_one_execution() =>
        new WhoCanApproveTests().Fifty_simultaneous_clicks_of_two_Administrators_are_one_decision_and_one_execution();

    [Fact]
    public Task Of_approve_and_deny_at_once_exactly_one_counts() => new WhoCanApproveTests().Of_approve_and_deny_at_once_exactly_one_counts();

    [Fact]
    public Task What_two_Administrators_confirm_at_once_happens_once_and_the_other_sees_what_it_was() =>
        new RunModeDefaultsTests().What_two_Administrators_confirm_at_once_happens_once_and_the_other_sees_what_it_was();

    [Fact]
    public Task Lowered_by_many_at_once_while_it_is_raised_it_ends_as_the_last_audit_line_says() =>
        new RunModeDefaultsTests().Lowered_by_many_at_once_while_it_is_raised_it_ends_as_the_last_audit_line_says();

    [Fact]
    public Task A_plan_that_is_deleted_while_its_card_waits_stays_away_after_a_restart() =>
        new PlansInChatTests().A_card_of_a_deleted_plan_loses_its_buttons_and_the_plan_stays_away_after_a_restart();

    [Fact]
    public Task The_same_delivery_twice_is_one_incident_and_one_card() => new IncidentsTests().The_same_delivery_twice_is_one_incident_and_one_card();

    [Fact]
    public async Task Forty_deliveries_at_once_of_one_rule_and_target_are_one_incident_and_one_card()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Sick(World.Prod));
        await bot.Install();
        var now = bot.Clock.GetUtcNow();
        var same = Alerts.Metric(app.Id, "High memory", "Sev1", now);
        var alerts = Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? (JsonObject)same.DeepClone() : Alerts.Metric(app.Id, "High memory", "Sev1", now)).ToList();

        var incidents = await Task.WhenAll(alerts.Select(async alert =>
        {
            using var answer = await bot.PostAlert(alert);
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            return (await answer.Content.ReadFromJsonAsync<JsonObject>(BotClient.Cancellation))!["incident"]!.GetValue<string>();
        }));

        Assert.Single(incidents.Distinct());
        var card = await bot.WaitForAsk();
        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);
        var (_, audit) = await bot.Audit("--json");
        Assert.Equal(21, audit.Split('\n').Count(line => line.Contains("\"AlertReceived\"", StringComparison.Ordinal)));
        Assert.Single(audit.Split('\n'), line => line.Contains("\"RunStarted\"", StringComparison.Ordinal));
    }

    /// <summary>An autonomous operation, a stop and the claim of the one against the other: whatever comes first, nothing begins after the stop was answered.</summary>
    [Fact]
    public async Task Nothing_begins_after_a_stop_was_answered()
    {
        var apps = new List<WebApp>();
        await using var bot = await BotHost.Start(
            cloud => apps.AddRange(Enumerable.Range(0, 6).Select(i => cloud.Sick($"{World.Staging}-{i}"))),
            new Dictionary<string, string?> { ["ResponsePlans:2:Name"] = "whole-group", ["ResponsePlans:2:ResourceGroup"] = "web", ["ResponsePlans:2:Mode"] = "Autonomous" });
        await bot.Install();
        await Task.WhenAll(apps.Select(app => bot.Fire(app.Id)));
        await bot.WaitForAudit("VerdictGiven");

        await bot.Ask(People.Ada, "stop");
        // Claimed before the answer is all that is ever executed.
        var claimed = (await bot.Audit("--json")).Output.Split('\n').Count(line => line.Contains("\"ExecutionStarted\"", StringComparison.Ordinal));
        bot.Clock.Advance(TimeSpan.FromSeconds(30));
        await bot.Ask(People.Ada, "status");

        var (_, audit) = await bot.Audit("--json");
        Assert.Equal(claimed, audit.Split('\n').Count(line => line.Contains("\"ExecutionStarted\"", StringComparison.Ordinal)));
    }
}
