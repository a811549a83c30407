using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Execution;

public sealed class OneRequestTests
{
    private const string Broken = "HTTP/1.1 200 X\r\nContent-Length: 50\r\n\r\n{\"half\":";
    private const string Denied = """{"error":{"code":"AuthorizationFailed","message":"The client does not have authorization."}}""";
    private const string Challenge = "WWW-Authenticate: Bearer authorization_uri=\"https://login.microsoftonline.com/\", error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnt9fQ==\"\r\n";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string, int, string> Answers => new()
    {
        { "200 without body", (int)Outcome.Succeeded, "Accepted" },
        { "200 and a site", (int)Outcome.Succeeded, "Accepted" },
        { "202", (int)Outcome.Unknown, "Running" },
        { "202 and no address", (int)Outcome.Unknown, "NotFollowable" },
        { "200 and a login page", (int)Outcome.Unknown, "UnreadableAnswer" },
        { "200 cut off", (int)Outcome.Unknown, "ConnectionLost" },
        { "302", (int)Outcome.Unknown, "Redirected" },
        { "307", (int)Outcome.Unknown, "Redirected" },
        { "400", (int)Outcome.Failed, "Http400" },
        { "401 challenge", (int)Outcome.Failed, "Http401" },
        { "403", (int)Outcome.Failed, "AuthorizationFailed" },
        { "404 of App Service", (int)Outcome.Failed, "NotFound" },
        { "409", (int)Outcome.Failed, "ScopeLocked" },
        { "429", (int)Outcome.Failed, "TooManyRequests" },
        { "408", (int)Outcome.Unknown, "Http408" },
        { "500", (int)Outcome.Unknown, "InternalServerError" },
        { "503", (int)Outcome.Unknown, "Http503" },
        { "FIN after the head", (int)Outcome.Unknown, "ConnectionLost" },
        { "RST after the head", (int)Outcome.Unknown, "ConnectionLost" },
        { "half a status line", (int)Outcome.Unknown, "ConnectionLost" },
        { "not HTTP", (int)Outcome.Unknown, "ConnectionLost" },
    };

    private static RawAnswer Answer(string name) => name switch
    {
        "200 without body" => RawAnswer.Http(200),
        "200 and a site" => RawAnswer.Http(200, """{"id":"x"}"""),
        "202" => RawAnswer.Http(202, "", "Location: https://management.azure.com/x\r\n"),
        "202 and no address" => RawAnswer.Http(202),
        "200 and a login page" => RawAnswer.Http(200, "<html>sign in to the network</html>"),
        "200 cut off" => new(Broken, Then.Close),
        "302" => RawAnswer.Http(302, "", "Location: https://management.azure.com/elsewhere\r\n"),
        "307" => RawAnswer.Http(307, "", "Location: https://management.azure.com/elsewhere\r\n"),
        "400" => RawAnswer.Http(400, "no json"),
        "401 challenge" => RawAnswer.Http(401, "", Challenge),
        "403" => RawAnswer.Http(403, Denied),
        "404 of App Service" => RawAnswer.Http(404, """{"Code":"NotFound","Message":"Cannot find Site with name app-service-prod.","Target":null}"""),
        "409" => RawAnswer.Http(409, """{"error":{"code":"ScopeLocked","message":"locked"}}"""),
        "429" => RawAnswer.Http(429, """{"error":{"code":"TooManyRequests","message":"slow down"}}""", "Retry-After: 0\r\n"),
        "408" => RawAnswer.Http(408),
        "500" => RawAnswer.Http(500, """{"error":{"code":"InternalServerError","message":"oops"}}"""),
        "503" => RawAnswer.Http(503, "", "Retry-After: 0\r\n"),
        "FIN after the head" => new("", Then.Close),
        "RST after the head" => new("", Then.Reset),
        "half a status line" => new("HTTP/1.1 2", Then.Close),
        "not HTTP" => new("SSH-2.0-OpenSSH_9.2\r\n\r\n", Then.Close),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task A_change_is_sent_once_whatever_the_answer(string name, int outcome, string code)
    {
        for (var i = 0; i < ArmAction.All.Count; i++)
        {
            await using var azure = new RawAzure(_ => Answer(name));
            using var agent = new Agent(azure.Handler(), new Token(Token.Canary));
            var operation = agent.Everything[i];

            var result = await agent.Executor.Execute(await agent.Permit(operation), Cancellation);

            var request = Assert.Single(azure.Requests);
            Assert.Equal((operation.Method, $"{operation.Path}?api-version={operation.ApiVersion}", operation.Body), (request.Method, request.Target, request.Body));
            Assert.Equal(((Outcome)outcome, code, true), (result.Outcome, result.Code, result.Sent));
        }
    }

    [Fact]
    public void Every_action_the_bot_knows_is_among_those_that_are_counted()
    {
        using var agent = new Agent(new HttpClientHandler(), new Token(Token.Canary));
        Assert.Equal(ArmAction.All, agent.Everything.Select(o => o.Known));
    }

    /// <summary>A connection that already served a read is where the HTTP stack likes to try again by itself.</summary>
    [Theory]
    [MemberData(nameof(Answers))]
    public async Task A_change_on_a_used_connection_is_sent_once_whatever_the_answer(string name, int outcome, string code)
    {
        for (var i = 0; i < ArmAction.All.Count; i++)
        {
            await using var azure = new RawAzure(r => r.Method == "GET" ? RawAnswer.Http(200, "{}") : Answer(name));
            using var agent = new Agent(azure.Handler(), new Token(Token.Canary));
            Assert.IsType<ArmAnswer.Found>(await agent.Reader.Get(Agent.App, "", "2023-12-01", [], Cancellation));

            var result = await agent.Executor.Execute(await agent.Permit(agent.Everything[i]), Cancellation);

            Assert.Equal(1, azure.Requests.Single(r => r.Method != "GET").Connection);
            Assert.Equal(((Outcome)outcome, code, true), (result.Outcome, result.Code, result.Sent));
        }
    }

    [Theory]
    [InlineData(Then.Close)]
    [InlineData(Then.Reset)]
    public async Task A_head_larger_than_any_buffer_is_still_sent_once(object then)
    {
        await using var azure = new RawAzure(r => r.Method == "GET" ? RawAnswer.Http(200, "{}") : new("", (Then)then));
        using var agent = new Agent(azure.Handler(), new Token(new string('t', 20_000)));
        await agent.Reader.Get(Agent.App, "", "2023-12-01", [], Cancellation);

        var result = await agent.Executor.Execute(await agent.Permit(), Cancellation);

        Assert.Equal(1, azure.Posts);
        Assert.Equal(Outcome.Unknown, result.Outcome);
    }

    /// <summary>Shows that the counting would notice: without content the HTTP stack itself sends a change several times.</summary>
    [Fact]
    public async Task A_change_without_content_would_be_sent_more_than_once()
    {
        await using var azure = new RawAzure(_ => new("", Then.Close));
        using var client = new HttpClient(azure.Handler());
        using var request = new HttpRequestMessage(HttpMethod.Post, "https://management.azure.com/restart");

        await Assert.ThrowsAsync<HttpRequestException>(() => client.SendAsync(request, Cancellation));

        Assert.True(azure.Posts > 1);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_even_when_the_handler_would()
    {
        await using var azure = new RawAzure(_ => Answer("307"));
        using var agent = new Agent(azure.Handler(follows: true), new Token(Token.Canary));

        var result = await agent.Executor.Execute(await agent.Permit(), Cancellation);

        Assert.Single(azure.Requests);
        Assert.Equal("Redirected", result.Code);
    }

    [Fact]
    public async Task A_connection_that_closes_before_the_request_is_read_is_not_opened_again()
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(200)) { Tunnels = _ => Tunnel.ClosesAfterTls };
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));

        var result = await agent.Executor.Execute(await agent.Permit(), Cancellation);

        Assert.Equal((1, 0), (azure.Connections, azure.Posts));
        Assert.Equal((Outcome.Unknown, true), (result.Outcome, result.Sent));
    }

    [Fact]
    public async Task No_answer_within_a_minute_is_unknown()
    {
        await using var azure = new RawAzure(_ => new("", Then.Hang));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));

        var execution = agent.Executor.Execute(await agent.Permit(), Cancellation);
        await azure.FirstPost.Task.WaitAsync(Cancellation);
        agent.Clock.Advance(ArmExecutor.Limit);
        var result = await execution;

        Assert.Equal((Outcome.Unknown, "TimedOut", true), (result.Outcome, result.Code, result.Sent));
        Assert.Equal(1, azure.Posts);
    }

    [Fact]
    public async Task Stopping_the_bot_after_sending_is_unknown()
    {
        await using var azure = new RawAzure(_ => new("", Then.Hang));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);

        var execution = agent.Executor.Execute(await agent.Permit(), stop.Token);
        await azure.FirstPost.Task.WaitAsync(Cancellation);
        await stop.CancelAsync();

        Assert.Equal(Outcome.Unknown, (await execution).Outcome);
    }

    [Fact]
    public async Task The_request_is_the_operation_and_names_its_claim()
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(200, "", "x-ms-correlation-request-id: c-42\r\n"));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));
        var permit = await agent.Permit();

        var result = await agent.Executor.Execute(permit, Cancellation);

        var request = Assert.Single(azure.Requests);
        Assert.Equal($"{Agent.App}/restart?api-version=2023-12-01", request.Target);
        Assert.Equal("management.azure.com", request.Headers["Host"]);
        Assert.Equal("0", request.Headers["Content-Length"]);
        Assert.Equal(permit.Claim.Value, request.Headers["x-ms-client-request-id"]);
        Assert.Equal($"Bearer {Token.Canary}", request.Headers["Authorization"]);
        Assert.Equal("c-42", result.CorrelationId);
    }

    [Fact]
    public async Task A_429_tells_to_try_later()
    {
        await using var azure = new RawAzure(_ => Answer("429"));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));

        var result = await agent.Executor.Execute(await agent.Permit(), Cancellation);

        Assert.StartsWith("Not accepted, try again later", result.Message, StringComparison.Ordinal);
    }
}
