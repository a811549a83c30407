using System.Net;
using System.Net.Sockets;
using Azure.Core;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Execution;

public sealed class NothingSentTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("refused connect")]
    [InlineData("unresolvable proxy")]
    [InlineData("refused tunnel")]
    [InlineData("no TLS")]
    [InlineData("untrusted certificate")]
    [InlineData("silent server")]
    public async Task A_connection_that_never_was_fails_with_nothing_sent(string what)
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(200));
        azure.Tunnels = _ => what switch { "refused tunnel" => Tunnel.Refuses, "no TLS" => Tunnel.SpeaksNoTls, "silent server" => Tunnel.SaysNothing, _ => Tunnel.Serves };
        var handler = azure.Handler(trusted: what != "untrusted certificate", proxy: what switch
        {
            "refused connect" => new($"http://127.0.0.1:{ClosedPort()}"),
            "unresolvable proxy" => new("http://nowhere.invalid:1"),
            _ => null,
        });
        handler.ConnectTimeout = what == "silent server" ? TimeSpan.FromMilliseconds(300) : TimeSpan.FromSeconds(20);
        using var agent = new Agent(handler, new Token(Token.Canary));

        var result = await agent.Executor.Execute(await agent.Permit(), Cancellation);

        Assert.Equal((Outcome.Failed, "NotSent", false), (result.Outcome, result.Code, result.Sent));
        Assert.Empty(azure.Requests);
    }

    [Fact]
    public async Task Without_a_token_nothing_is_sent_and_the_permit_is_not_spent()
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(200));
        using var agent = new Agent(azure.Handler(), Token.Refused());
        var permit = await agent.Permit();

        var result = await agent.Executor.Execute(permit, Cancellation);

        Assert.Equal((Outcome.Failed, false), (result.Outcome, result.Sent));
        Assert.Contains("AADSTS7000215", result.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Agent.Secret, result.ToString() + agent.Log, StringComparison.Ordinal);
        Assert.Equal(0, azure.Connections);
        Assert.True(permit.TryUse());
    }

    [Fact]
    public async Task A_permit_that_died_while_the_token_was_fetched_sends_nothing()
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(200));
        var clock = new HandClock();
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary, token => Task.Run(() => clock.Advance(ExecutionPermit.Life), token)), clock);

        var result = await agent.Executor.Execute(await agent.Permit(), Cancellation);

        Assert.Equal((Outcome.Failed, "PermitExpired", false), (result.Outcome, result.Code, result.Sent));
        Assert.Equal(0, azure.Connections);
    }

    [Fact]
    public async Task A_token_just_in_time_is_sent()
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(200));
        var clock = new HandClock();
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary, token => Task.Run(() => clock.Advance(ExecutionPermit.Life - TimeSpan.FromMilliseconds(1)), token)), clock);

        var result = await agent.Executor.Execute(await agent.Permit(), Cancellation);

        Assert.Equal((Outcome.Succeeded, 1), (result.Outcome, azure.Posts));
    }

    [Fact]
    public async Task A_bot_that_is_stopping_sends_nothing()
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(200));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));

        var result = await agent.Executor.Execute(await agent.Permit(), new CancellationToken(canceled: true));

        Assert.Equal((Outcome.Failed, false, 0), (result.Outcome, result.Sent, azure.Posts));
    }

    [Theory]
    [InlineData(200)]
    [InlineData(500)]
    public async Task A_permit_is_good_for_one_request(int status)
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(status));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));
        var permit = await agent.Permit();

        await agent.Executor.Execute(permit, Cancellation);
        var again = await agent.Executor.Execute(permit, Cancellation);

        Assert.Equal((Outcome.Failed, "PermitExpired", false), (again.Outcome, again.Code, again.Sent));
        Assert.Equal(1, azure.Posts);
    }

    [Fact]
    public async Task Eight_executions_of_one_permit_at_once_send_one_request()
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(200));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));
        var permit = await agent.Permit();

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => agent.Executor.Execute(permit, Cancellation))));

        Assert.Single(results, r => r.Sent);
        Assert.Equal(1, azure.Posts);
    }

    [Theory]
    [InlineData("verb")]
    [InlineData("method")]
    [InlineData("api version")]
    [InlineData("action")]
    [InlineData("body")]
    [InlineData("body of a swap")]
    [InlineData("body of a scaling")]
    [InlineData("parameters of a scaling")]
    [InlineData("parameters taken away")]
    [InlineData("parameters of another action")]
    [InlineData("type")]
    [InlineData("identity")]
    [InlineData("tenant")]
    [InlineData("cloud")]
    [FailureMode(12)]
    public async Task An_operation_that_is_not_this_builds_own_sends_nothing(string altered)
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(200));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));
        var restart = agent.Restart;
        var operation = altered switch
        {
            "verb" => restart with { Verb = "publishxml" },
            "method" => restart with { Method = "DELETE" },
            "api version" => restart with { ApiVersion = "2099-01-01" },
            "body" => restart with { Body = "{}" },
            "body of a swap" => agent.Swap with { Body = """{"targetSlot":"blue","preserveVnet":true}""" },
            "body of a scaling" => agent.Scale with { Body = agent.Scale.Body.Replace("\"capacity\":3", "\"capacity\":30", StringComparison.Ordinal) },
            "parameters of a scaling" => agent.Scale with { Parameters = ((OperationParameters.Scale)agent.Scale.Parameters!) with { To = 30 } },
            "parameters taken away" => agent.Scale with { Parameters = null },
            "parameters of another action" => restart with { Parameters = agent.Scale.Parameters },
            "action" => restart with { Action = "Microsoft.Web/sites/Delete" },
            "type" => restart with { Target = Agent.App.Group! },
            "identity" => restart with { Context = restart.Context with { AgentIdentity = "somebody-else" } },
            "tenant" => restart with { Context = restart.Context with { TenantId = Guid.Empty.ToString() } },
            _ => restart with { Context = restart.Context with { Cloud = "AzureChinaCloud" } },
        };

        var result = await agent.Executor.Execute(await agent.Permit(operation), Cancellation);

        Assert.Equal((Outcome.Failed, false), (result.Outcome, result.Sent));
        Assert.Equal(0, azure.Connections);
    }

    [Fact]
    public async Task Neither_pipeline_lends_itself_to_anything_else()
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(200));
        using var handler = azure.Handler();
        var pipeline = new ArmPipeline(new OneClient(handler), new AgentIdentity(new("AzureCloud", "t", "c"), ArmEndpoint.Public, new Token(Token.Canary)));

        foreach (var (through, method, url) in new[]
        {
            (pipeline.Reads, RequestMethod.Post, $"https://management.azure.com{Agent.App}/restart"),
            (pipeline.Changes, RequestMethod.Post, $"https://management.azure.com{Agent.App}/restart"),
            (pipeline.Reads, RequestMethod.Get, "https://management.azure.com.evil.example/"),
            (pipeline.Reads, RequestMethod.Get, "https://management.azure.com:444/"),
            (pipeline.Reads, RequestMethod.Get, "http://management.azure.com/"),
        })
        {
            using var message = through.CreateMessage();
            message.Request.Method = method;
            message.Request.Uri.Reset(new Uri(url));
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await through.SendAsync(message, Cancellation));
        }

        Assert.Equal(0, azure.Connections);
    }

    private static int ClosedPort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed class OneClient(HttpMessageHandler handler) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(handler, disposeHandler: false);
    }
}
