using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>"Only users with the Administrator role can approve": who clicked is what the authenticated activity and Microsoft Graph say, at the click.</summary>
public sealed class WhoCanApproveTests
{
    public static TheoryData<string, string> NotAdministrators => new()
    {
        { People.Sam.ObjectId, "Standard User" },
        { People.Rob.ObjectId, "Reader" },
        { People.Gale.ObjectId, "guest" },
        { "00000000-ffff-4fff-8fff-000000000009", "does not know you" },
        { Known.AppId, "Applications" },
    };

    [Theory]
    [MemberData(nameof(NotAdministrators))]
    [FailureMode(6)]
    public async Task Whoever_is_no_Administrator_is_refused_with_words_and_the_card_stays_usable(string objectId, string words)
    {
        await using var asking = await Asking.Start();
        var somebody = new Someone(objectId, People.Ada.Name);
        Assert.Contains(words, await asking.Bot.Told(asking.Card, "approve", somebody), StringComparison.Ordinal);
        Assert.Contains(words, await asking.Bot.Told(asking.Card, "deny", somebody), StringComparison.Ordinal);
        await asking.ApproveStillWorks();
        var (_, audit) = await asking.Bot.Audit();
        Assert.Equal(2, audit.Split('\n').Count(line => line.Contains("refused", StringComparison.OrdinalIgnoreCase) && line.Contains("proposal/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_disabled_account_is_refused_though_still_in_the_group()
    {
        await using var asking = await Asking.Start(cloud => cloud.Graph.Directory.Person(People.Ben.ObjectId, People.Ben.Name, Known.Administrators).AccountEnabled = false);
        Assert.Contains("disabled", await asking.Bot.Told(asking.Card, "approve", People.Ben), StringComparison.Ordinal);
        await asking.ApproveStillWorks();
    }

    [Fact, FailureMode(6)]
    public async Task Another_tenant_is_refused_at_the_door()
    {
        await using var asking = await Asking.Start();
        var other = Guid.NewGuid().ToString();
        foreach (Action<JsonObject> change in (Action<JsonObject>[])
        [
            a => a["conversation"]!["tenantId"] = other,
            a => a["channelData"]!["tenant"]!["id"] = other,
            a => a["from"] = new JsonObject { ["id"] = "29:x", ["aadObjectId"] = People.Ada.ObjectId, ["tenantId"] = other },
            a => a["channelData"]!["channel"]!["type"] = "shared",
        ])
        {
            using var answer = await asking.Bot.Deliver(BotClient.Click(asking.Card, "approve", change), People.Ada);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        await asking.ApproveStillWorks();
    }

    [Fact, FailureMode(8)]
    public async Task Who_left_the_group_between_click_and_execution_has_approved_nothing()
    {
        await using var asking = await Asking.Start();
        // Answered at the click; before execution the directory is silent until Ada has left.
        var asked = 0;
        asking.Cloud.Graph.Faults.Always(Fault.Error(503, "ServiceUnavailable", "Later."), r => r.Method == "GET" && Interlocked.Increment(ref asked) > 1);
        await asking.Bot.Approve(asking.Card, People.Ada);
        asking.Cloud.Graph.Directory.Person(People.Ada.ObjectId, People.Ada.Name);
        asking.Cloud.Graph.Faults.Clear();

        var again = await asking.Bot.WaitForAsk(m => m.ActivityId != asking.Card.ActivityId);
        Assert.Contains("no longer an Administrator", again.Reads, StringComparison.Ordinal);
        await asking.ApproveStillWorks(People.Ben, again);
    }

    [Fact, FailureMode(1)]
    public async Task Fifty_simultaneous_clicks_of_two_Administrators_are_one_decision_and_one_execution()
    {
        await using var asking = await Asking.Start();
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => asking.Bot.Press(asking.Card, "approve", i % 2 == 0 ? People.Ada : People.Ben)));
        Assert.Single(answers, a => a["value"] is JsonObject value && value["type"]?.GetValue<string>() == "AdaptiveCard");
        await asking.Bot.WaitForCard("Done, recovered");
        Assert.Single(asking.Cloud.Arm.Mutations);
        Assert.Equal(1, asking.App.Restarts);
        var (_, audit) = await asking.Bot.Audit("--json");
        Assert.Single(audit.Split('\n'), line => line.Contains("\"DecisionMade\"", StringComparison.Ordinal));
        Assert.Single(audit.Split('\n'), line => line.Contains("\"ExecutionEnded\"", StringComparison.Ordinal));
    }

    [Fact, FailureMode(2)]
    public async Task Of_approve_and_deny_at_once_exactly_one_counts()
    {
        await using var asking = await Asking.Start();
        var bot = asking.Bot;
        var answers = await Task.WhenAll(bot.Told(asking.Card, "approve", People.Ada), bot.Told(asking.Card, "deny", People.Ben));
        var approved = answers[0].StartsWith("Approved", StringComparison.Ordinal);
        var denied = answers[1].StartsWith("Denied", StringComparison.Ordinal);
        Assert.True(approved ^ denied, string.Join(" / ", answers));
        if (approved)
        {
            await bot.WaitForCard("Done, recovered");
            Assert.Contains("Already approved by Ada Admin", answers[1], StringComparison.Ordinal);
        }
        else
        {
            await bot.WaitForCard("Denied");
            Assert.Contains("Already denied by Ben Admin", answers[0], StringComparison.Ordinal);
            await bot.Fire(asking.App.Id);
            await bot.WaitForCard("Denied before, and it fires again");
        }

        Assert.Equal(approved ? 1 : 0, asking.Cloud.Arm.Mutations.Count);
    }

    [Fact, FailureMode(3)]
    public async Task The_same_click_delivered_again_a_day_later_changes_nothing()
    {
        await using var asking = await Asking.Start();
        var click = BotClient.Click(asking.Card, "approve");
        click["id"] = "the-same-click";
        using (var first = await asking.Bot.Deliver((JsonObject)click.DeepClone(), People.Ada))
        {
            Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        }

        await asking.Bot.WaitForCard("Done, recovered");
        asking.Bot.Clock.Advance(TimeSpan.FromDays(1));
        using var again = await asking.Bot.Deliver(click, People.Ada);
        Assert.Contains("Already approved by Ada Admin", BotClient.Words((await again.Content.ReadFromJsonAsync<JsonObject>(BotClient.Cancellation))!), StringComparison.Ordinal);
        Assert.Single(asking.Cloud.Arm.Mutations);
    }

    [Fact, FailureMode(10)]
    public async Task Forged_card_data_is_refused_with_words_and_changes_nothing()
    {
        await using var asking = await Asking.Start();
        foreach (var (member, value) in ((string, string)[])
        [
            ("p", "\"0123456789abcdef0123456789abcdef\""), ("p", "\"'; DROP TABLE proposals; --\""), ("p", "null"), ("p", "{}"), ("p", "\"\""),
            ("r", "2"), ("r", "0"), ("r", "-1"), ("r", "null"), ("r", "\"1\""), ("r", "1e99"),
        ])
        {
            var told = await asking.Bot.Told(asking.Card, "approve", People.Ada, a => a["value"]!["action"]!["data"]![member] = JsonNode.Parse(value));
            Assert.True(told.Length > 0 && !told.StartsWith("Approved", StringComparison.Ordinal), $"{member} = {value}: {told}");
        }

        await asking.ApproveStillWorks();
    }

    [Fact]
    public async Task A_verb_that_does_not_belong_to_the_card_changes_nothing()
    {
        await using var asking = await Asking.Start();
        foreach (var verb in (string[])["undo", "keepwaiting", "confirm", "cancel", "recheck", "annotate", "APPROVE", "execute"])
        {
            var told = await asking.Bot.Told(asking.Card, "approve", People.Ada, a => a["value"]!["action"]!["verb"] = verb);
            Assert.True(told.Length > 0 && !told.StartsWith("Approved", StringComparison.Ordinal), $"{verb}: {told}");
        }

        await asking.ApproveStillWorks();
    }

    [Fact, FailureMode(11)]
    public async Task The_id_of_another_proposal_on_this_message_decides_neither()
    {
        await using var asking = await Asking.Start(settings: new Dictionary<string, string?> { ["ResponsePlans:1:Mode"] = "Review" });
        var staging = asking.Cloud.Sick(World.Staging);
        await asking.Bot.Fire(staging.Id);
        var other = await asking.Bot.WaitForAsk(m => m.Reads.Contains(World.Staging, StringComparison.Ordinal));
        var foreign = other.Button("approve")!["data"]!["p"]!.DeepClone();
        var told = await asking.Bot.Told(asking.Card, "approve", People.Ada, a => a["value"]!["action"]!["data"]!["p"] = foreign);
        Assert.Contains("not on the message", told, StringComparison.Ordinal);
        await asking.ApproveStillWorks();
        Assert.Equal(0, staging.Restarts);
    }

    [Fact, FailureMode(10)]
    public async Task From_another_conversation_or_message_nothing_is_decided()
    {
        await using var asking = await Asking.Start();
        foreach (Action<JsonObject> change in (Action<JsonObject>[])
        [
            a => a["conversation"]!["id"] = $"{Known.Channel};messageid={asking.Card.RootId}",
            a => a["replyToId"] = "1772600009999",
            a => a.Remove("replyToId"),
        ])
        {
            var told = await asking.Bot.Told(asking.Card, "approve", People.Ada, change);
            Assert.Contains("not on the message", told, StringComparison.Ordinal);
        }

        await asking.ApproveStillWorks();
    }

    [Fact]
    public async Task Submit_of_a_client_without_Execute_goes_through_the_same_authorization()
    {
        await using var asking = await Asking.Start();
        await asking.Bot.Send(Submit(asking.Card), People.Sam);
        await asking.Bot.WaitForText("Nothing was changed.");
        Assert.Empty(asking.Cloud.Arm.Mutations);
        await asking.Bot.Send(Submit(asking.Card), People.Ada);
        await asking.Bot.WaitForCard("Done, recovered");
        Assert.Single(asking.Cloud.Arm.Mutations);
    }

    [Fact, FailureMode(10)]
    public async Task A_GET_decides_nothing()
    {
        await using var asking = await Asking.Start();
        var data = asking.Card.Button("approve")!["data"]!;
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/messages?verb=approve&p={data["p"]}&r={data["r"]}");
        request.Headers.Authorization = new("Bearer", asking.Bot.Tokens.Good());
        using var answer = await asking.Bot.Raw(request);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, answer.StatusCode);
        await asking.ApproveStillWorks();
    }

    [Fact]
    public async Task No_bad_token_decides_anything()
    {
        await using var asking = await Asking.Start();
        foreach (var how in Enum.GetValues<BadToken>())
        {
            using var answer = await asking.Bot.Deliver(BotClient.Click(asking.Card, "approve"), People.Ada, asking.Bot.Tokens.Bad(how));
            Assert.True(answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden, $"{how}: {answer.StatusCode}");
        }

        await asking.ApproveStillWorks();
    }

    private static JsonObject Submit(PostedMessage card)
    {
        var click = BotClient.Click(card, "approve");
        var data = click["value"]!["action"]!["data"]!.DeepClone();
        data["verb"] = "approve";
        click["type"] = "message";
        click.Remove("name");
        click["value"] = data;
        return click;
    }
}
