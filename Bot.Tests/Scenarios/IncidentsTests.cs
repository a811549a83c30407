using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>What starts a run: alerts as Azure Monitor delivers them, once, twice, again, hostile or without sense.</summary>
public sealed class IncidentsTests
{
    private const string Web = $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.Web/sites";

    [Fact]
    public async Task The_same_delivery_twice_is_one_incident_and_one_card()
    {
        await using var asking = await Asking.Start();
        var staging = asking.Cloud.Sick(World.Staging);
        var alert = Alerts.Metric(staging.Id, "High memory", "Sev1", asking.Bot.Clock.GetUtcNow());
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            using var answer = await asking.Bot.PostAlert((JsonObject)alert.DeepClone());
            Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
            ids.Add((await answer.Content.ReadFromJsonAsync<JsonObject>(BotClient.Cancellation))!["incident"]!.GetValue<string>());
        }

        Assert.Single(ids.Distinct());
        await asking.Bot.WaitForText("Done:");
        await asking.ApproveAnyway();
        Assert.Equal(1, staging.Restarts);
    }

    [Fact, FailureMode(25)]
    public async Task A_further_firing_joins_and_is_counted_on_the_card()
    {
        await using var asking = await Asking.Start();
        var first = await asking.Bot.Fire(asking.App.Id);
        Assert.Equal(first, await asking.Bot.Fire(asking.App.Id));
        var counted = await asking.Bot.WaitForAsk(m => m.Reads.Contains("fired 3 times", StringComparison.Ordinal));
        Assert.Equal(asking.Card.ActivityId, counted.ActivityId);
        await asking.ApproveStillWorks();
        Assert.Single(asking.Cloud.Teams.Posted, m => m.Kind != PostKind.Update && m.Verbs.Contains("approve"));
    }

    [Fact]
    public async Task The_same_rule_on_another_target_is_another_incident()
    {
        await using var asking = await Asking.Start(settings: new Dictionary<string, string?> { ["ResponsePlans:1:Mode"] = "Review" });
        var staging = asking.Cloud.Sick(World.Staging);
        var second = await asking.Bot.Fire(staging.Id);
        Assert.NotEqual(second, await asking.Bot.Fire(asking.App.Id));
        var other = await asking.Bot.WaitForAsk(m => m.Reads.Contains(World.Staging, StringComparison.Ordinal));
        Assert.NotEqual(asking.Card.RootId, other.RootId);
    }

    [Fact, FailureMode(29)]
    public async Task A_higher_severity_is_investigated_anew_and_the_old_card_loses_its_buttons()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Sick(World.Prod));
        await bot.Install();
        var incident = await bot.Fire(app.Id, severity: "Sev2");
        var old = await bot.WaitForAsk();
        Assert.Equal(incident, await bot.Fire(app.Id, severity: "Sev0"));

        var superseded = await bot.WaitForCard("Superseded");
        Assert.Equal(old.ActivityId, superseded.ActivityId);
        Assert.Empty(superseded.Verbs);
        var next = await bot.WaitForAsk(m => m.ActivityId != old.ActivityId);
        Assert.Contains("Sev0", next.Reads, StringComparison.Ordinal);
        Assert.DoesNotContain("Approved", await bot.Told(old, "approve", People.Ada), StringComparison.Ordinal);
        await bot.Approve(next, People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task What_comes_back_after_recovery_is_investigated_again_in_the_same_incident()
    {
        await using var asking = await Asking.Start();
        await asking.ApproveStillWorks();
        asking.App.Memory = Series.Rising(to: 96);
        asking.App.ResponseTime = Series.Flat(5);
        await asking.Bot.Fire(asking.App.Id);
        var again = await asking.Bot.WaitForAsk(m => m.ActivityId != asking.Card.ActivityId);
        Assert.Equal(asking.Card.RootId, again.RootId);
        Assert.Contains("96 %", again.Reads, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unmatched_and_unusable_alerts_are_accepted_kept_and_never_acted_on()
    {
        string[] targets =
        [
            $"{Web}/app-service-unknown", "", "/", "not an id", $"{Web}/app-service-prod/../app-service-other", $"{Web}/app-service-prod?x=1", $"{Web}/app-service-prod%2f..",
            $"{Web}/app-service-prod#x", $"https://evil.example{Web}/app-service-prod", $"/subscriptions/me@evil.example/resourceGroups/web/providers/Microsoft.Web/sites/app-service-prod",
            $"{Web}//app-service-prod", $"{Web}/app-service-prod\u202e", $"{Web}/{new string('a', 2000)}", "\\\\evil\\share",
        ];
        await using var bot = await BotHost.Start(cloud => cloud.Sick(World.Prod));
        await bot.Install();
        await bot.WaitForText("Hello");
        var before = bot.Cloud.Teams.Posted.Count;
        foreach (var target in targets)
        {
            await bot.Fire(target);
        }

        await bot.Fire($"{Web}/{World.Prod}");
        await bot.WaitForAsk();
        Assert.Single(bot.Cloud.Teams.Posted.Skip(before), m => m.Kind != PostKind.Update);
        Assert.All(bot.Cloud.Arm.Requests, r => Assert.DoesNotContain("evil", r.Url, StringComparison.Ordinal));
        Assert.Empty(bot.Cloud.Arm.Mutations);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Theory]
    [InlineData("[click me](https://evil.example) **bold** `code` # heading")]
    [InlineData("<at>Ada Admin</at> <a href='https://evil.example'>here</a> <b>x</b>")]
    [InlineData("\u202Edorp-ecivres-ppa\u202C \u200Bhidden \u2066isolate")]
    [InlineData("{{DATE(2026-01-01T00:00:00Z, SHORT)}} ${title} \",\"type\":\"Action.OpenUrl\"")]
    [InlineData("line one\n- list\n1. one\n\n![img](https://evil.example/x.png)")]
    [FailureMode(33)]
    public async Task A_hostile_title_leaves_the_card_the_same_nodes_as_a_plain_one(string title)
    {
        await using var plain = await Asking.Start(rule: "High memory on production");
        await using var hostile = await Asking.Start(rule: title);
        Assert.Equal(Skeleton(plain.Card.Card), Skeleton(hostile.Card.Card));
        Assert.Null(hostile.Card.Activity["entities"]);
        var line = hostile.Card.Reads.Split('\n')[1];
        Assert.DoesNotContain("](", line, StringComparison.Ordinal);
        Assert.DoesNotContain("<at>", hostile.Card.Activity.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }), StringComparison.Ordinal);
        Assert.DoesNotContain('\u202E', hostile.Card.Reads);
        await hostile.ApproveStillWorks();
    }

    [Fact]
    public async Task A_resource_that_is_gone_or_hidden_gets_a_finding_and_no_proposal()
    {
        await using var bot = await BotHost.Start(cloud => cloud.Sick("neighbour"));
        await bot.Install();
        await bot.Fire($"{Web}/{World.Prod}");
        await bot.WaitForText("app-service-prod does not exist or is hidden from the agent");
        var staging = bot.Cloud.Sick(World.Staging);
        bot.Cloud.Arm.Hide(staging.Id);
        await bot.Fire(staging.Id);
        await bot.WaitForText("may not read app-service-staging");
        Assert.DoesNotContain(bot.Cloud.Teams.Posted, m => m.Card is not null && m.Verbs.Contains("approve"));
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task A_signal_without_a_runbook_gets_an_honest_finding()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Sick(World.Prod));
        await bot.Install();
        await bot.Fire(app.Id, "Administrative change", change: e => e["signalType"] = "Smart Detector");
        await bot.WaitForText("no runbook for Smart Detector");
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task Resolved_is_taken_in_and_starts_nothing()
    {
        await using var asking = await Asking.Start();
        using var answer = await asking.Bot.PostAlert(Alerts.Metric(asking.App.Id, "High memory", "Sev1", asking.Bot.Clock.GetUtcNow(), e => e["monitorCondition"] = "Resolved"));
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await asking.ApproveStillWorks();
        Assert.Single(asking.Cloud.Teams.Posted, m => m.Kind != PostKind.Update && m.Verbs.Contains("approve"));
    }

    [Fact]
    public async Task The_webhook_is_closed_to_whoever_has_not_the_key_and_to_what_is_no_alert()
    {
        await using var bot = await BotHost.Start(cloud => cloud.Sick(World.Prod));
        await bot.Install();
        var alert = Alerts.Metric($"{Web}/{World.Prod}", "High memory", "Sev1", bot.Clock.GetUtcNow()).ToJsonString();
        Assert.Equal(401, await Post("", null, null, alert));
        Assert.Equal(401, await Post("?key=", null, null, alert));
        Assert.Equal(401, await Post("?key=wrong", null, null, alert));
        Assert.Equal(401, await Post("", "wrong", null, alert));
        Assert.Equal(401, await Post("", null, bot.Tokens.Good(), alert));
        Assert.Equal(401, await Post($"?key={BotClient.WebhookKey}x", null, null, "not even json"));
        Assert.Equal(400, await Post("", BotClient.WebhookKey, null, "not even json"));
        Assert.Equal(400, await Post("", BotClient.WebhookKey, null, "{}"));
        Assert.Equal(400, await Post("", BotClient.WebhookKey, null, """{"schemaId":"other","data":{}}"""));
        Assert.Equal(413, await Post("", BotClient.WebhookKey, null, $"\"{new string('x', 1024 * 1024)}\""));
        using (var pagerDuty = new HttpRequestMessage(HttpMethod.Post, "/api/incidents/pagerduty") { Content = new StringContent("{}") })
        using (var answer = await bot.Raw(pagerDuty))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }

        Assert.Equal(202, await Post("", BotClient.WebhookKey, null, alert));
        await bot.WaitForAsk();
        Assert.Single(bot.Cloud.Teams.Posted, m => m.Kind != PostKind.Update && m.Verbs.Contains("approve"));

        async Task<int> Post(string query, string? key, string? bearer, string body)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/incidents/azure-monitor{query}") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            if (key is not null)
            {
                request.Headers.Add("X-Webhook-Key", key);
            }

            request.Headers.Authorization = bearer is null ? null : new("Bearer", bearer);
            using var answer = await bot.Raw(request);
            return (int)answer.StatusCode;
        }
    }

    [Fact]
    public async Task A_store_that_cannot_commit_acknowledges_nothing_and_takes_the_alert_when_it_can_again()
    {
        await using var bot = await BotHost.Start(cloud => cloud.Sick(World.Prod));
        await bot.Install();
        var alert = Alerts.Metric($"{Web}/{World.Prod}", "High memory", "Sev1", bot.Clock.GetUtcNow());
        await using (var other = new SqliteConnection($"Data Source={Path.Combine(bot.Folder, "runmodes.db")};Pooling=False"))
        {
            await other.OpenAsync(BotClient.Cancellation);
            await using var lockout = other.BeginTransaction(deferred: false);
            using var refused = await bot.PostAlert((JsonObject)alert.DeepClone());
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        using var accepted = await bot.PostAlert(alert);
        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        await bot.WaitForAsk();
        Assert.Single(bot.Cloud.Teams.Posted, m => m.Kind != PostKind.Update && m.Verbs.Contains("approve"));
    }

    /// <summary>Kinds, ids and actions of all nodes, without their texts.</summary>
    private static string Skeleton(JsonNode? node) => node switch
    {
        JsonObject o => $"{{{string.Join(',', o.Select(p => p.Key is "type" or "id" or "verb" or "style" ? $"{p.Key}={p.Value}" : $"{p.Key}:{Skeleton(p.Value)}"))}}}",
        JsonArray a => $"[{string.Join(',', a.Select(Skeleton))}]",
        _ => "",
    };
}
