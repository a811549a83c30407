using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

public sealed class FakeTeamsTests
{
    private static readonly string ChannelPath = $"v3/conversations/{Uri.EscapeDataString(Known.Channel)}/activities";

    [Fact]
    public async Task A_new_thread_its_replies_and_updates_are_told_apart_and_the_present_is_kept()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        using var caller = new WireCaller(cloud);
        var created = await caller.Teams(HttpMethod.Post, "v3/conversations", new JsonObject
        {
            ["isGroup"] = true, ["channelData"] = new JsonObject { ["channel"] = new JsonObject { ["id"] = Known.Channel } }, ["activity"] = Card("Awaiting approval", "approve", "deny"),
        });
        Assert.Equal(201, created.Status);
        var root = created.Body!["activityId"]!.GetValue<string>();
        var thread = created.Body!["id"]!.GetValue<string>();
        Assert.Equal($"{Known.Channel};messageid={root}", thread);

        var reply = await caller.Teams(HttpMethod.Post, $"v3/conversations/{Uri.EscapeDataString(thread)}/activities", Text("Done: restarted"));
        Assert.Equal(201, reply.Status);
        var update = await caller.Teams(HttpMethod.Put, $"v3/conversations/{Uri.EscapeDataString(thread)}/activities/{root}", Card("Done"));
        Assert.Equal((200, root), (update.Status, update.Body!["id"]!.GetValue<string>()));

        Assert.Equal([PostKind.Post, PostKind.Reply, PostKind.Update], cloud.Teams.Posted.Select(message => message.Kind));
        Assert.All(cloud.Teams.Posted, message => Assert.Equal((Known.Channel, root), (message.ConversationId, message.RootId)));
        Assert.Equal(["approve", "deny"], cloud.Teams.Posted[0].Verbs);
        var shown = cloud.Teams.Present(root)!;
        Assert.Equal("Done", shown.Status);
        Assert.Empty(shown.Verbs);
        Assert.Equal(2, cloud.Teams.Showing.Count);
        cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Text_and_card_together_are_split_and_no_id_comes_back()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        using var caller = new WireCaller(cloud);
        var both = Card("Awaiting approval");
        both["text"] = "look";
        var sent = await caller.Teams(HttpMethod.Post, ChannelPath, both);
        Assert.Equal((202, null), (sent.Status, sent.Body?["id"]));
        Assert.Equal(2, cloud.Teams.Posted.Count);
    }

    [Fact]
    public async Task A_deleted_message_and_a_closed_conversation_answer_as_Teams_does()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        using var caller = new WireCaller(cloud);
        var id = (await caller.Teams(HttpMethod.Post, ChannelPath, Text("hello"))).Body!["id"]!.GetValue<string>();
        cloud.Teams.Delete(id);
        var gone = await caller.Teams(HttpMethod.Put, $"{ChannelPath}/{id}", Text("hello again"));
        Assert.Equal((404, "ActivityNotFoundInConversation"), (gone.Status, gone.Body!["error"]!["code"]!.GetValue<string>()));
        cloud.Teams.Close(Known.Channel);
        var closed = await caller.Teams(HttpMethod.Post, ChannelPath, Text("anybody?"));
        Assert.Equal((403, "BotNotInConversationRoster"), (closed.Status, closed.Body!["error"]!["code"]!.GetValue<string>()));
        cloud.Teams.Open(Known.Channel);
        Assert.Equal(201, (await caller.Teams(HttpMethod.Post, ChannelPath, Text("back"))).Status);
    }

    [Fact]
    public async Task The_limits_of_Teams_hold_per_conversation_and_follow_the_clock()
    {
        using var clock = new ManualClock();
        await using var cloud = await FakeCloud.Start(clock, TestContext.Current.CancellationToken);
        cloud.Teams.Limits.Enforced = true;
        using var caller = new WireCaller(cloud);
        for (var i = 0; i < 7; i++) Assert.Equal(201, (await caller.Teams(HttpMethod.Post, ChannelPath, Text("one"))).Status);
        var over = await caller.Teams(HttpMethod.Post, ChannelPath, Text("eighth"));
        Assert.Equal((429, "1"), (over.Status, over.Raw.Headers.NonValidated["Retry-After"].ToString()));
        Assert.Equal(201, (await caller.Teams(HttpMethod.Post, "v3/conversations/a%3Aelsewhere/activities", Text("other chat"))).Status);
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(201, (await caller.Teams(HttpMethod.Post, ChannelPath, Text("again"))).Status);
        Assert.Equal(429, (await caller.Teams(HttpMethod.Post, ChannelPath, Text("ninth in two seconds"))).Status);
        Assert.Equal(2, cloud.Teams.Limits.Violations);
        Assert.Equal(9, cloud.Teams.Posted.Count);
    }

    [Fact]
    public async Task Accepted_then_500_shows_the_message_although_the_caller_saw_an_error()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        using var caller = new WireCaller(cloud);
        cloud.Teams.Faults.Next(Fault.AcceptThenStatus(500));
        cloud.Teams.Faults.Next(Fault.AcceptThenDrop);
        cloud.Teams.Faults.Next(Fault.Status(502));
        Assert.Equal(500, (await caller.Teams(HttpMethod.Post, ChannelPath, Text("one"))).Status);
        await Assert.ThrowsAsync<HttpRequestException>(() => caller.Teams(HttpMethod.Post, ChannelPath, Text("two")));
        Assert.Equal(502, (await caller.Teams(HttpMethod.Post, ChannelPath, Text("three"))).Status);
        Assert.Equal(["one", "two"], cloud.Teams.Posted.Select(message => message.Text));
        Assert.Equal(3, cloud.Teams.Requests.Count);
    }

    [Fact]
    public async Task Waiting_finds_what_is_to_come_and_says_what_was_written_when_it_does_not()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        using var caller = new WireCaller(cloud);
        var waiting = cloud.Teams.WaitFor(message => message.Text == "ready", cancellation: TestContext.Current.CancellationToken);
        Assert.False(waiting.IsCompleted);
        await caller.Teams(HttpMethod.Post, ChannelPath, Text("ready"));
        Assert.Equal(1, (await waiting).Number);
        var never = await Assert.ThrowsAsync<TimeoutException>(
            () => cloud.Teams.WaitFor(message => message.Text == "never", TimeSpan.FromMilliseconds(20), TestContext.Current.CancellationToken));
        Assert.Contains("ready", never.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_is_found_in_the_roster_by_either_id()
    {
        await using var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        using var caller = new WireCaller(cloud);
        cloud.Teams.Roster.Add(new RosterEntry("29:ada", Known.AppId, "Ada"));
        Assert.Equal("Ada", (await caller.Teams(HttpMethod.Get, $"v3/conversations/x/members/{Known.AppId}")).Body!["name"]!.GetValue<string>());
        Assert.Equal(404, (await caller.Teams(HttpMethod.Get, "v3/conversations/x/members/29%3Anobody")).Status);
        var chat = await caller.Teams(HttpMethod.Post, "v3/conversations", new JsonObject { ["isGroup"] = false, ["members"] = new JsonArray(new JsonObject { ["id"] = "29:ada" }) });
        Assert.Equal(201, (await caller.Teams(HttpMethod.Post, $"v3/conversations/{Uri.EscapeDataString(chat.Body!["id"]!.GetValue<string>())}/activities", Text("psst"))).Status);
        Assert.Null(Assert.Single(cloud.Teams.Posted).RootId);
    }

    private static JsonObject Text(string text) => new() { ["type"] = "message", ["text"] = text };

    private static JsonObject Card(string status, params string[] verbs) => new()
    {
        ["type"] = "message", ["summary"] = status,
        ["attachments"] = new JsonArray(new JsonObject
        {
            ["contentType"] = PostedMessage.CardType,
            ["content"] = new JsonObject
            {
                ["type"] = "AdaptiveCard", ["version"] = "1.5",
                ["body"] = new JsonArray(
                    new JsonObject { ["type"] = "TextBlock", ["id"] = "status", ["text"] = status },
                    new JsonObject { ["type"] = "ActionSet", ["actions"] = new JsonArray([.. verbs.Select(verb => (JsonNode)new JsonObject { ["type"] = "Action.Execute", ["verb"] = verb })]) }),
            },
        }),
    };
}
