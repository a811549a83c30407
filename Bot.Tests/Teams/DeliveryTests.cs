using System.Net;
using System.Text.Json.Nodes;
using RunModes.Bot.Reporting;
using RunModes.Bot.Teams;

namespace RunModes.Bot.Tests.Teams;

public sealed class DeliveryTests
{
    private static readonly Message Card = Message.OfCard(new JsonObject { ["type"] = "AdaptiveCard", ["version"] = "1.5", ["note"] = "für Ärger", ["at"] = "2026-11-25T10:00:00+01:00" }, "Approval needed");

    private static readonly MessageRef Root = new(Known.Channel, "1601", "1600");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_root_post_opens_a_thread_and_its_id_is_the_activity_id()
    {
        await using var world = await TeamsWorld.Start();
        world.Microsoft.Connector = _ => FakeMicrosoft.Json(HttpStatusCode.Created, $$"""{"id":"{{Known.Channel}};messageid=1600","activityId":"1600"}""");

        var delivery = await world.Messenger.Post(Known.InChannel, Card, Cancellation);

        Assert.Equal(new Delivery.Delivered("1600"), delivery);
        var sent = Assert.Single(world.Microsoft.ToConnector);
        Assert.Equal(("POST", "https://smba.trafficmanager.net/emea/v3/conversations", "Bearer outbound-1"), (sent.Method, sent.Uri.AbsoluteUri, sent.Authorization));
        Assert.True(JsonNode.DeepEquals(sent.Json, JsonNode.Parse($$$"""
            {"isGroup":true,"channelData":{"channel":{"id":"{{{Known.Channel}}}"},"tenant":{"id":"{{{Known.Tenant}}}"}},"bot":{"id":"{{{Known.Bot}}}"},"tenantId":"{{{Known.Tenant}}}",
             "activity":{"type":"message","summary":"Approval needed","attachments":[{"contentType":"application/vnd.microsoft.card.adaptive",
               "content":{"type":"AdaptiveCard","version":"1.5","note":"für Ärger","at":"2026-11-25T10:00:00+01:00"}}]}}
            """)));
        Assert.True(sent.Length > 0);
    }

    [Fact]
    public async Task A_root_post_answered_only_with_the_thread_is_known_by_it()
    {
        await using var world = await TeamsWorld.Start();
        world.Microsoft.Connector = _ => FakeMicrosoft.Json(HttpStatusCode.Created, $$"""{"id":"{{Known.Channel}};messageid=1600"}""");

        Assert.Equal(new Delivery.Delivered("1600"), await world.Messenger.Post(Known.InChannel, Card, Cancellation));
    }

    [Fact]
    public async Task A_reply_goes_to_its_thread_an_update_to_its_message_and_ids_are_escaped()
    {
        await using var world = await TeamsWorld.Start();
        var text = Message.Plain("Done: restarted.");

        Assert.Equal(new Delivery.Delivered("1700000000001"), await world.Messenger.Reply(Known.InChannel, "1600", text, Cancellation));
        await world.Messenger.Update(Known.InChannel, Root, Card, Cancellation);
        await world.Messenger.Update(Known.InChannel, Root with { RootId = null }, text, Cancellation);
        await world.Messenger.Post(Known.InChat with { ServiceUrl = new("https://smba.trafficmanager.net/emea") }, text, Cancellation);
        await world.Messenger.Update(Known.InChat, new(Known.InChat.Id, "5", null), text, Cancellation);

        Assert.Equal(
            [
                "POST /emea/v3/conversations/19%3Aalerts%40thread.tacv2%3Bmessageid%3D1600/activities",
                "PUT /emea/v3/conversations/19%3Aalerts%40thread.tacv2%3Bmessageid%3D1600/activities/1601",
                "PUT /emea/v3/conversations/19%3Aalerts%40thread.tacv2/activities/1601",
                "POST /emea/v3/conversations/a%3Achat%2F1/activities",
                "PUT /emea/v3/conversations/a%3Achat%2F1/activities/5",
            ],
            world.Microsoft.ToConnector.Select(sent => $"{sent.Method} {sent.Uri.AbsolutePath}"));
        Assert.Equal("Done: restarted.", (string?)world.Microsoft.ToConnector[0].Json["text"]);
        Assert.Null(world.Microsoft.ToConnector[0].Json["attachments"]);
    }

    [Fact]
    public async Task Sending_a_card_leaves_it_as_it_was_and_an_update_may_be_sent_twice()
    {
        await using var world = await TeamsWorld.Start();
        var before = Card.Card!.ToJsonString();

        await world.Messenger.Update(Known.InChannel, Root, Card, Cancellation);
        await world.Messenger.Update(Known.InChannel, Root, Card, Cancellation);

        Assert.Equal(before, Card.Card.ToJsonString());
        Assert.Equal(world.Microsoft.ToConnector[0].Body, world.Microsoft.ToConnector[1].Body);
        Assert.Equal(world.Microsoft.ToConnector[0].Uri, world.Microsoft.ToConnector[1].Uri);
    }

    public static TheoryData<int, string, string, string> Answers => new()
    {
        { 201, "{}", "Delivered", "Delivered" }, { 202, "", "Delivered", "Delivered" }, { 200, "not json", "Delivered", "Delivered" },
        { 302, "", "Rejected", "Rejected" },
        { 400, Error("Bad Argument"), "Rejected", "Rejected" },
        { 401, Error("BotNotRegistered"), "Rejected", "Rejected" }, { 401, "", "TryAgain", "TryAgain" },
        { 403, Error("BotNotInConversationRoster"), "ConversationGone", "ConversationGone" }, { 403, Error("BotDisabledByAdmin"), "ConversationGone", "ConversationGone" },
        { 403, Error("ConversationBlockedByUser"), "ConversationGone", "ConversationGone" }, { 403, Error("ForbiddenOperationException"), "ConversationGone", "ConversationGone" },
        { 403, """{"error":{"code":"Forbidden","subCode":"MessageWritesBlocked","message":"x"}}""", "ConversationGone", "ConversationGone" },
        { 403, """{"errorCode":209,"subCode":"MessageWritesBlocked"}""", "ConversationGone", "ConversationGone" },
        { 403, Error("InvalidBotApiHost"), "Rejected", "Rejected" }, { 403, Error("NotEnoughPermissions"), "Rejected", "Rejected" }, { 403, "", "Rejected", "Rejected" },
        { 404, Error("ActivityNotFoundInConversation"), "MessageGone", "MessageGone" }, { 404, Error("ConversationNotFound"), "ConversationGone", "ConversationGone" },
        { 404, "", "ConversationGone", "MessageGone" },
        { 405, "", "Rejected", "Rejected" }, { 408, "", "MayHaveArrived", "TryAgain" },
        { 412, Error("PreconditionFailed"), "TryAgain", "TryAgain" }, { 413, Error("MessageSizeTooBig"), "Rejected", "Rejected" }, { 429, Error("Throttled"), "TryAgain", "TryAgain" },
        { 500, Error("ServiceError"), "MayHaveArrived", "TryAgain" }, { 501, "", "Rejected", "Rejected" },
        { 502, "<html>", "TryAgain", "TryAgain" }, { 503, "", "TryAgain", "TryAgain" }, { 504, "", "TryAgain", "TryAgain" }, { 599, "", "MayHaveArrived", "TryAgain" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task Every_answer_says_what_may_be_done_next(int status, string body, string onPost, string onPut)
    {
        await using var world = await TeamsWorld.Start();
        world.Microsoft.Connector = _ => FakeMicrosoft.Json((HttpStatusCode)status, body);

        Assert.Equal(onPost, (await world.Messenger.Post(Known.InChat, Card, Cancellation)).GetType().Name);
        Assert.Equal(onPost, (await world.Messenger.Reply(Known.InChannel, "1600", Card, Cancellation)).GetType().Name);
        Assert.Equal(onPut, (await world.Messenger.Update(Known.InChannel, Root, Card, Cancellation)).GetType().Name);
    }

    [Theory]
    [InlineData("7", 7.0)]
    [InlineData("0.5", 0.5)]
    [InlineData("date", 90.0)]
    [InlineData("past", 0.0)]
    [InlineData("999999", 3600.0)]
    [InlineData("soon", null)]
    [InlineData(null, null)]
    public async Task Retry_After_is_passed_on(string? header, double? seconds)
    {
        await using var world = await TeamsWorld.Start();
        world.Microsoft.Connector = _ =>
        {
            var answer = FakeMicrosoft.Json(HttpStatusCode.TooManyRequests, "");
            var value = header switch
            {
                "date" => world.Clock.GetUtcNow().AddSeconds(90.9).ToString("R"),
                "past" => world.Clock.GetUtcNow().AddHours(-1).ToString("R"),
                _ => header,
            };
            if (value is not null)
                answer.Headers.TryAddWithoutValidation("Retry-After", value);
            return answer;
        };

        var again = Assert.IsType<Delivery.TryAgain>(await world.Messenger.Post(Known.InChat, Card, Cancellation));

        if (seconds is { } expected)
            Assert.Equal(expected, again.After!.Value.TotalSeconds, tolerance: 1);
        else
            Assert.Null(again.After);
    }

    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, "TryAgain", "TryAgain")]
    [InlineData(HttpRequestError.ConnectionError, "TryAgain", "TryAgain")]
    [InlineData(HttpRequestError.SecureConnectionError, "TryAgain", "TryAgain")]
    [InlineData(HttpRequestError.ResponseEnded, "MayHaveArrived", "TryAgain")]
    [InlineData(HttpRequestError.Unknown, "MayHaveArrived", "TryAgain")]
    public async Task A_lost_connection_counts_as_sent_only_when_something_may_have_left(HttpRequestError error, string onPost, string onPut)
    {
        await using var world = await TeamsWorld.Start();
        world.Microsoft.Connector = _ => throw new HttpRequestException(error, "lost");

        Assert.Equal(onPost, (await world.Messenger.Post(Known.InChat, Card, Cancellation)).GetType().Name);
        Assert.Equal(onPut, (await world.Messenger.Update(Known.InChannel, Root, Card, Cancellation)).GetType().Name);
    }

    [Theory]
    [InlineData(false, "MayHaveArrived")]
    [InlineData(true, "TryAgain")]
    public async Task No_answer_in_time_may_have_arrived(bool update, string expected)
    {
        await using var world = await TeamsWorld.Start();
        world.Microsoft.Connector = _ =>
        {
            world.Clock.Advance(ConnectorAttempts.Limit);
            throw new OperationCanceledException();
        };

        var delivery = update ? await world.Messenger.Update(Known.InChannel, Root, Card, Cancellation) : await world.Messenger.Post(Known.InChat, Card, Cancellation);

        Assert.Equal(expected, delivery.GetType().Name);
    }

    [Fact]
    public async Task The_end_of_the_program_is_not_taken_for_an_answer()
    {
        await using var world = await TeamsWorld.Start();
        using var stop = new CancellationTokenSource();
        world.Microsoft.Connector = _ =>
        {
            stop.Cancel();
            throw new OperationCanceledException();
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Messenger.Post(Known.InChat, Card, stop.Token));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("http://smba.trafficmanager.net/emea/")]
    [InlineData("https://smba.trafficmanager.net:8443/")]
    [InlineData("https://smba.trafficmanager.net@evil.example/")]
    [InlineData("https://smba.trafficmanager.net.evil.example/")]
    [InlineData("https://evilbotframework.com/")]
    [InlineData("https://smba.infra.evil.example/.teams.microsoft.com/")]
    [InlineData("https://smba.trafficmanager.net/?x=")]
    [InlineData("https://smba.trafficmanager.net/#")]
    [InlineData("http://localhost:3978/")]
    public async Task Nothing_is_sent_to_a_stored_address_that_is_not_the_connectors(string address)
    {
        await using var world = await TeamsWorld.Start();

        var delivery = await world.Messenger.Post(Known.InChannel with { ServiceUrl = new(address) }, Card, Cancellation);

        Assert.IsType<Delivery.Rejected>(delivery);
        Assert.Empty(world.Microsoft.ToConnector);
        Assert.Equal(0, world.Microsoft.TokensIssued);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public async Task An_id_that_would_change_the_path_is_not_sent(string id)
    {
        await using var world = await TeamsWorld.Start();

        Assert.IsType<Delivery.Rejected>(await world.Messenger.Update(Known.InChat, new("a:chat", id, null), Card, Cancellation));
        Assert.Empty(world.Microsoft.ToConnector);
    }

    private static string Error(string code) => $$$"""{"error":{"code":"{{{code}}}","message":"why"}}""";
}
