using System.Net;
using System.Text.Json.Nodes;
using RunModes.Bot.Chat;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Tests.Teams;

public sealed class ActivitiesTests
{
    [Fact]
    public async Task A_message_in_a_chat_arrives_with_who_where_and_what()
    {
        await using var world = await TeamsWorld.Start();

        await Accepted(world, Known.Message("  pending "));

        var message = world.Inbound.Only<ChatMessage>();
        Assert.Equal(new Actor(Known.Tenant, Known.Person, "29:ada", "Ada"), message.Actor);
        Assert.Equal(new Conversation("a:chat", ConversationKind.Personal, new(Known.Service), Known.Tenant, Known.Bot), message.Conversation);
        Assert.Equal(("pending", "1700000000000", null), (message.Text, message.ActivityId, message.RootId));
    }

    [Theory]
    [InlineData(null, "1700000000000")]
    [InlineData("1600", "1600")]
    public async Task In_a_channel_the_thread_is_told_apart_from_the_conversation(string? thread, string root)
    {
        await using var world = await TeamsWorld.Start();

        await Accepted(world, Known.InTeam(root: thread));

        var message = world.Inbound.Only<ChatMessage>();
        Assert.Equal(
            new Conversation(Known.Channel, ConversationKind.Channel, new(Known.Service), Known.Tenant, Known.Bot, Known.Team, Known.Channel, "Alerts"), message.Conversation);
        Assert.Equal(root, message.RootId);
    }

    [Theory]
    [InlineData("<at>SRE bot</at> stop", "stop")]
    [InlineData("<at>SRE bot</at>&nbsp;set prod\u00A0to review\n", "set prod to review")]
    [InlineData("please <at>SRE bot</at> help", "please   help")]
    [InlineData("<at>SRE bot</at>", "")]
    [InlineData("<at>Bob</at> help", "<at>Bob</at> help")]
    public async Task Only_the_mention_of_the_bot_is_taken_out(string text, string expected)
    {
        await using var world = await TeamsWorld.Start();
        JsonObject Mention(string id, string name) => new()
        {
            ["type"] = "mention", ["text"] = $"<at>{name}</at>", ["mentioned"] = new JsonObject { ["id"] = id, ["name"] = name },
        };

        await Accepted(world, Known.InTeam(text).With("entities", new JsonArray(
            Mention(Known.Bot, "SRE bot"), Mention("29:bob", "Bob"), new JsonObject { ["type"] = "clientInfo", ["locale"] = "en-GB" }, null)));

        Assert.Equal(expected, world.Inbound.Only<ChatMessage>().Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("ada")]
    public async Task A_person_without_a_proper_object_id_arrives_without_one(string? id)
    {
        await using var world = await TeamsWorld.Start();

        await Accepted(world, Known.Message().With("from.aadObjectId", id is null ? null : JsonValue.Create(id)));

        Assert.Null(world.Inbound.Only<ChatMessage>().Actor.ObjectId);
    }

    [Fact]
    public async Task A_message_with_a_value_and_no_text_is_a_button_of_an_old_client()
    {
        await using var world = await TeamsWorld.Start();
        var submit = Known.InTeam(root: "1600").With("text", null).With("replyToId", "1601")
            .With("value", new JsonObject { ["verb"] = "deny", ["p"] = "prop-1", ["reason"] = "no" });

        await Accepted(world, submit);

        var action = world.Inbound.Only<CardAction>();
        Assert.Equal(("deny", true, "1601", "1600"), (action.Verb, action.Fallback, action.MessageId, action.RootId));
        Assert.Equal("no", action.Data.GetProperty("reason").GetString());
        Assert.Equal(Known.Person, action.Actor.ObjectId);
    }

    [Theory]
    [InlineData("installationUpdate", "add")]
    [InlineData("installationUpdate", "add-upgrade")]
    [InlineData("conversationUpdate", null)]
    public async Task An_installation_in_a_team_is_announced_for_its_General_channel(string type, string? action)
    {
        await using var world = await TeamsWorld.Start();

        await Accepted(world, Event(type, action, "membersAdded", Known.Bot));

        var installed = world.Inbound.Only<Installed>();
        Assert.Equal((Known.Team, ConversationKind.Channel, Known.Team, "Ada"),
            (installed.Conversation.Id, installed.Conversation.Kind, installed.Conversation.ChannelId, installed.InstalledBy));
    }

    [Fact]
    public async Task An_installation_in_a_chat_is_announced_for_that_chat()
    {
        await using var world = await TeamsWorld.Start();

        await Accepted(world, Known.Message().With("type", "installationUpdate").With("action", "add").With("text", null));

        Assert.Equal(("a:chat", ConversationKind.Personal), (world.Inbound.Only<Installed>().Conversation.Id, world.Inbound.Only<Installed>().Conversation.Kind));
    }

    [Theory]
    [InlineData("installationUpdate", "remove")]
    [InlineData("conversationUpdate", null)]
    public async Task A_removal_is_announced(string type, string? action)
    {
        await using var world = await TeamsWorld.Start();

        await Accepted(world, Event(type, action, "membersRemoved", Known.Bot));

        Assert.Equal(Known.Team, world.Inbound.Only<Conversation>().Id);
    }

    public static TheoryData<string> Ignored =>
    [
        "typing", "messageReaction", "messageUpdate", "messageDelete", "event", "endOfConversation", "somethingNew",
    ];

    [Theory]
    [MemberData(nameof(Ignored))]
    public async Task Other_activities_are_accepted_and_ignored(string type)
    {
        await using var world = await TeamsWorld.Start();

        await Accepted(world, Known.InTeam().With("type", type));

        Assert.Empty(world.Inbound.Calls);
    }

    [Fact]
    public async Task Other_members_other_installation_events_and_wordless_messages_are_ignored()
    {
        await using var world = await TeamsWorld.Start();

        await Accepted(world, Event("conversationUpdate", null, "membersAdded", "29:bob"));
        await Accepted(world, Event("installationUpdate", "remove-upgrade", "membersAdded", "29:bob"));
        await Accepted(world, Known.Message(" "));
        await Accepted(world, Known.Message().With("text", null).With("value", "approve"));
        await Accepted(world, Known.Message().With("text", null).With("value", new JsonObject { ["p"] = "prop-1" }));
        await Accepted(world, Known.Message().With("from", null));
        await Accepted(world, Known.Message().With("from.id", Known.Bot));

        Assert.Empty(world.Inbound.Calls);
    }

    [Fact]
    public async Task A_message_that_could_not_be_handled_is_500_so_that_it_may_come_again()
    {
        await using var world = await TeamsWorld.Start();
        world.Inbound.Listen = () => throw new InvalidOperationException("store closed");

        using var answer = await world.Deliver(Known.Message());

        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Contains(world.Log.Lines, line => line.Contains("store closed", StringComparison.Ordinal));
    }

    private static JsonObject Event(string type, string? action, string members, string member) =>
        Known.InTeam().With("type", type).With("text", null).With("channelData.channel", null)
            .With("action", action is null ? null : JsonValue.Create(action))
            .With(members, new JsonArray(new JsonObject { ["id"] = member }));

    private static async Task Accepted(TeamsWorld world, JsonObject activity)
    {
        using var answer = await world.Deliver(activity);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{answer.StatusCode}: {string.Join('\n', world.Log.Lines.TakeLast(3))}");
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }
}
