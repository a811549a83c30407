using System.Text.Json.Nodes;
using RunModes.Bot.Chat;
using RunModes.Bot.Teams;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Teams;

public sealed class CardActionTests
{
    [Theory]
    [InlineData("1600", "1600")]
    [InlineData(null, "1601")]
    public async Task A_click_arrives_with_the_message_it_was_made_on(string? thread, string root)
    {
        await using var world = await TeamsWorld.Start();

        await world.Answer(Known.Click("approve", thread));

        var action = world.Inbound.Only<CardAction>();
        Assert.Equal(("approve", false, "1601", root), (action.Verb, action.Fallback, action.MessageId, action.RootId));
        Assert.Equal(("prop-1", 2), (action.Data.GetProperty("p").GetString(), action.Data.GetProperty("r").GetInt32()));
        Assert.Equal((Known.Channel, Known.Person), (action.Conversation.Id, action.Actor.ObjectId));
    }

    [Fact]
    public async Task A_click_as_the_Playground_sends_it_has_no_trigger()
    {
        await using var world = await TeamsWorld.Start();

        await world.Answer(Known.Click().With("value.trigger", null).With("value.action.data", null));

        Assert.Equal("{}", world.Inbound.Only<CardAction>().Data.GetRawText());
    }

    [Fact]
    public async Task Each_reply_has_its_form_on_the_wire()
    {
        await using var world = await TeamsWorld.Start();
        var card = new JsonObject { ["type"] = "AdaptiveCard", ["version"] = "1.5" };

        await Expect(new CardReply.Card(card), """{"statusCode":200,"type":"application/vnd.microsoft.card.adaptive","value":{"type":"AdaptiveCard","version":"1.5"}}""");
        await Expect(new CardReply.Card(card), """{"statusCode":200,"type":"application/vnd.microsoft.card.adaptive","value":{"type":"AdaptiveCard","version":"1.5"}}""");
        await Expect(new CardReply.Notice("Recorded."), """{"statusCode":200,"type":"application/vnd.microsoft.activity.message","value":"Recorded."}""");
        await Expect(new CardReply.Error("Refused", "Not yours."), """{"statusCode":400,"type":"application/vnd.microsoft.error","value":{"code":"Refused","message":"Not yours."}}""");

        async Task Expect(CardReply reply, string body)
        {
            world.Inbound.Decide = _ => Task.FromResult(reply);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(body), await world.Answer(Known.Click())));
        }
    }

    /// <summary>The SDK would collect replies and answer with them instead.</summary>
    [Fact]
    public async Task A_click_is_answered_by_its_answer_whatever_way_of_delivery_it_asks_for()
    {
        await using var world = await TeamsWorld.Start();

        Assert.Equal("Recorded.", (string?)(await world.Answer(Known.Click().With("deliveryMode", "expectReplies")))["value"]);
    }

    [Fact]
    public async Task A_notice_is_never_empty()
    {
        await using var world = await TeamsWorld.Start();
        world.Inbound.Decide = _ => Task.FromResult<CardReply>(new CardReply.Notice(" "));

        Assert.NotEqual("", (await world.Answer(Known.Click()))["value"]!.GetValue<string>().Trim());
    }

    public static TheoryData<string, string?> Garbage => new()
    {
        { "value", null }, { "value", "\"approve\"" }, { "value", "[]" }, { "value.action", null }, { "value.action", "5" }, { "value.action.verb", null },
        { "value.action.verb", "\"\"" }, { "value.action.verb", "7" }, { "value.action.type", "\"Action.OpenUrl\"" }, { "value.action.data", "\"text\"" },
        { "value.action.data", "[1]" }, { "value.trigger", "\"automatic\"" }, { "from", null }, { "conversation.id", null }, { "recipient", null },
        { "name", null }, { "name", "\"task/fetch\"" }, { "name", "\"composeExtension/query\"" },
    };

    [Theory]
    [MemberData(nameof(Garbage))]
    public async Task An_invoke_that_is_no_click_is_answered_200_with_an_inner_400(string path, string? json)
    {
        await using var world = await TeamsWorld.Start();

        var answer = await world.Answer(Known.Click().With(path, json is null ? null : JsonNode.Parse(json)));

        Assert.Equal(400, answer["statusCode"]!.GetValue<int>());
        Assert.Equal("application/vnd.microsoft.error", answer["type"]!.GetValue<string>());
        Assert.NotEqual("", answer["value"]!["message"]!.GetValue<string>());
        Assert.Empty(world.Inbound.Calls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_handler_that_throws_is_answered_200_with_an_inner_500_and_logged(bool atOnce)
    {
        await using var world = await TeamsWorld.Start();
        world.Inbound.Decide = atOnce
            ? _ => throw new InvalidOperationException("store closed")
            : async _ =>
            {
                await Task.Yield();
                throw new OperationCanceledException("store closed");
            };

        var answer = await world.Answer(Known.Click());

        Assert.Equal((500, "InternalError"), (answer["statusCode"]!.GetValue<int>(), answer["value"]!["code"]!.GetValue<string>()));
        Assert.DoesNotContain("store closed", answer.ToJsonString(), StringComparison.Ordinal);
        Assert.Contains(world.Log.Lines, line => line.Contains("store closed", StringComparison.Ordinal));
    }

    [Fact, FailureMode(21)]
    public async Task A_slow_handler_is_answered_in_time_and_goes_on()
    {
        await using var world = await TeamsWorld.Start();
        var handler = new TaskCompletionSource<CardReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        world.Inbound.Decide = _ => handler.Task;
        var answering = world.Answer(Known.Click());
        await world.Clock.TimerOf(ActivityDispatch.InvokeLimit).WaitAsync(TestContext.Current.CancellationToken);

        world.Clock.Advance(ActivityDispatch.InvokeLimit);

        var answer = await answering;
        Assert.Equal((500, "StillWorking"), (answer["statusCode"]!.GetValue<int>(), answer["value"]!["code"]!.GetValue<string>()));
        handler.SetResult(new CardReply.Notice("late"));
    }
}
