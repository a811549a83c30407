using RunModes.Bot.Execution;

namespace RunModes.Bot.Tests.Execution;

public sealed class ArmReaderTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_value_is_escaped_and_stays_a_value()
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(200, "{}"));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));

        await agent.Reader.Get(Agent.App, "/providers/microsoft.insights/metrics", "2018-01-01", [("$filter", "a eq 'b&c=d#e'"), ("timespan", "x/y?z")], Cancellation);

        Assert.Equal($"{Agent.App}/providers/microsoft.insights/metrics?api-version=2018-01-01&$filter=a%20eq%20%27b%26c%3Dd%23e%27&timespan=x%2Fy%3Fz",
            Assert.Single(azure.Requests).Target);
    }

    [Theory]
    [InlineData("/../x")]
    [InlineData("x")]
    [InlineData("//x")]
    [InlineData("/x?y")]
    [InlineData("/x#y")]
    [InlineData("/%2e%2e/x")]
    [InlineData("/x@y")]
    public void A_suffix_that_is_not_a_plain_path_is_refused(string suffix) =>
        Assert.Throws<ArgumentException>(() => ArmEndpoint.Public.Url(Agent.App, suffix, "1", []));

    [Fact]
    public async Task A_read_is_tried_again_twice()
    {
        var asked = 0;
        await using var azure = new RawAzure(_ => ++asked < 3 ? RawAnswer.Http(503, "", "Retry-After: 0\r\n") : RawAnswer.Http(200, """{"a":1}"""));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));

        Assert.IsType<ArmAnswer.Found>(await agent.Reader.Get(Agent.App, "", "2023-12-01", [], Cancellation));
        Assert.Equal(3, azure.Requests.Count);
    }

    [Fact]
    public async Task A_server_that_wants_more_patience_than_a_read_has_is_not_asked_again()
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(429, "", "Retry-After: 30\r\n"));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));

        Assert.IsType<ArmAnswer.CouldNotRead>(await agent.Reader.Get(Agent.App, "", "2023-12-01", [], Cancellation));
        Assert.Single(azure.Requests);
    }

    [Fact]
    public async Task A_read_gives_up_in_time()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var azure = new RawAzure(_ =>
        {
            asked.TrySetResult();
            return new("", Then.Hang);
        });
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));

        var read = agent.Reader.Get(Agent.App, "", "2023-12-01", [], Cancellation);
        await asked.Task.WaitAsync(Cancellation);
        agent.Clock.Advance(ArmReader.Limit);

        Assert.Equal(new ArmAnswer.CouldNotRead("Azure did not answer within 8 seconds."), await read);
    }

    [Theory]
    [InlineData("""{"error":{"code":"ResourceNotFound","message":"gone"}}""", true)]
    [InlineData("""{"Code":"NotFound","Message":"Cannot find Site"}""", true)]
    [InlineData("<html>404</html>", false)]
    [InlineData("", false)]
    [InlineData("{}", false)]
    public async Task Only_Azure_itself_can_say_that_something_is_gone(string body, bool gone)
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(404, body));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));

        var answer = await agent.Reader.Get(Agent.App, "", "2023-12-01", [], Cancellation);

        Assert.Equal(gone, answer is ArmAnswer.NotFound);
        Assert.Equal(!gone, answer is ArmAnswer.CouldNotRead);
    }

    [Fact]
    public async Task A_resource_is_read_with_one_request_and_the_version_that_was_reviewed()
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(200, $$"""{"properties":{"state":"Running"},"id":"{{Agent.App}}","name":"app-service-prod","location":"westeurope"}"""));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));

        var answer = await agent.Reader.Resource(Agent.App, Cancellation);

        Assert.Equal("Running", Assert.IsType<ArmAnswer.Found>(answer).Body.GetProperty("properties").GetProperty("state").GetString());
        Assert.Equal($"{Agent.App}?api-version=2023-12-01", Assert.Single(azure.Requests).Target);
    }

    [Theory]
    [InlineData(403, """{"error":{"code":"AuthorizationFailed","message":"no"}}""", typeof(ArmAnswer.Forbidden))]
    [InlineData(404, """{"error":{"code":"ResourceNotFound","message":"gone"}}""", typeof(ArmAnswer.NotFound))]
    [InlineData(404, "<html>404</html>", typeof(ArmAnswer.CouldNotRead))]
    [InlineData(200, "not json", typeof(ArmAnswer.CouldNotRead))]
    [InlineData(200, "null", typeof(ArmAnswer.CouldNotRead))]
    [InlineData(200, "[]", typeof(ArmAnswer.CouldNotRead))]
    [InlineData(200, """{"id":"/subscriptions/x"}""", typeof(ArmAnswer.CouldNotRead))]
    [InlineData(302, "", typeof(ArmAnswer.CouldNotRead))]
    [InlineData(500, "", typeof(ArmAnswer.CouldNotRead))]
    public async Task What_is_not_the_resource_is_not_taken_for_it(int status, string body, Type expected)
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(status, body, "Retry-After: 30\r\nLocation: https://elsewhere.example/\r\n"));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));

        Assert.IsType(expected, await agent.Reader.Resource(Agent.App, Cancellation));
        Assert.Single(azure.Requests);
    }

    [Theory]
    [InlineData(null, "https://management.azure.com/.default")]
    [InlineData("azureusgovernment", "https://management.usgovcloudapi.net/.default")]
    [InlineData("AzureChinaCloud", "https://management.chinacloudapi.cn/.default")]
    public void A_token_is_asked_for_the_chosen_cloud(string? cloud, string scope) => Assert.Equal(scope, ArmEndpoint.Of(cloud).Scope);

    [Fact]
    public void An_unknown_cloud_is_refused() => Assert.Throws<ArgumentException>(() => ArmEndpoint.Of("https://management.evil.example"));
}
