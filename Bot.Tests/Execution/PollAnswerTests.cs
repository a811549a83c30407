using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Execution;

/// <summary>What each answer of Azure says about an operation that it accepted. Nothing that is not plainly a success is one.</summary>
public sealed class PollAnswerTests
{
    private const string Updating = """{"properties":{"provisioningState":"Updating"}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Answer to a poll: by what, status, body; then Running, Unread, or the outcome with its code.</summary>
    public static TheoryData<string, int, string, string> Answers => new()
    {
        { "AsyncOperation", 200, """{"status":"InProgress"}""", "Running: InProgress" },
        { "AsyncOperation", 200, """{"status":"InProgress","percentComplete":40}""", "Running: InProgress, 40 %" },
        { "AsyncOperation", 200, """{"status":"Rebooting"}""", "Running: Rebooting" },
        { "AsyncOperation", 202, "", "Running: " },
        { "AsyncOperation", 202, """{"status":"Running"}""", "Running: Running" },
        { "AsyncOperation", 200, """{"status":"Succeeded"}""", "Succeeded Succeeded" },
        { "AsyncOperation", 200, """{"Status":"succeeded"}""", "Succeeded Succeeded" },
        { "AsyncOperation", 200, """{"status":"Failed","error":{"code":"VMStartTimedOut","message":"The machine did not start."}}""", "Failed VMStartTimedOut" },
        { "AsyncOperation", 200, """{"status":"Failed"}""", "Failed Failed" },
        { "AsyncOperation", 200, """{"status":"Canceled","error":{"code":"OperationPreempted","message":"Another one came."}}""", "Failed OperationPreempted" },
        { "AsyncOperation", 200, """{"status":"Canceled"}""", "Failed Canceled" },
        { "AsyncOperation", 200, "", "Unknown PollingLost later" },
        { "AsyncOperation", 200, "{}", "Unknown PollingLost later" },
        { "AsyncOperation", 200, """{"status":7}""", "Unknown PollingLost later" },
        { "AsyncOperation", 200, """{"status":""}""", "Unknown PollingLost later" },
        { "AsyncOperation", 200, """{"status":"InProgress","status":"Succeeded"}""", "Unknown PollingLost later" },
        { "AsyncOperation", 204, "", "Unknown PollingLost later" },
        { "AsyncOperation", 200, "<html>sign in</html>", "Unknown PollingLost later" },
        { "Location", 202, "", "Running: " },
        { "Location", 202, """{"status":"Succeeded"}""", "Running: " },
        { "Location", 200, "", "Succeeded Succeeded" },
        { "Location", 204, "", "Succeeded Succeeded" },
        { "Location", 200, """{"id":"x","properties":{"state":"Running"}}""", "Succeeded Succeeded" },
        { "Location", 200, """{"properties":{"provisioningState":"Updating"}}""", "Running: Updating" },
        { "Location", 200, """{"status":"InProgress"}""", "Running: InProgress" },
        { "Location", 200, """{"status":"Failed","error":{"code":"SwapFailed","message":"no"}}""", "Failed SwapFailed" },
        { "Location", 200, """{"error":{"code":"SwapFailed","message":"no"}}""", "Failed SwapFailed" },
        { "Location", 200, """{"properties":{"provisioningState":"Canceled"}}""", "Failed Canceled" },
        { "Location", 200, "{\"half\":", "Unknown PollingLost later" },
        { "Location", 409, """{"error":{"code":"Conflict","message":"Another operation is in progress."}}""", "Unknown PollingLost" },
        { "Resource", 200, Updating, "Running: Updating" },
        { "Resource", 200, """{"properties":{"provisioningState":"Succeeded"}}""", "Succeeded Succeeded" },
        { "Resource", 200, """{"properties":{"provisioningState":"Failed"}}""", "Failed Failed" },
        { "Resource", 200, "{}", "Unknown PollingLost later" },
        { "Resource", 404, """{"error":{"code":"ResourceNotFound","message":"gone"}}""", "Unknown PollingLost" },
    };

    /// <summary>The same, whatever is asked.</summary>
    public static TheoryData<int, string, string> AnswersToAll => new()
    {
        { 404, """{"error":{"code":"NotFound","message":"no"}}""", "Unknown PollingLost" },
        { 404, "", "Unknown PollingLost" },
        { 410, "", "Unknown PollingLost" },
        { 302, "", "Unknown PollingLost" },
        { 400, "", "Unknown PollingLost" },
        { 401, "", "Unread" },
        { 403, """{"error":{"code":"AuthorizationFailed","message":"no"}}""", "Unread" },
        { 408, "", "Unread" },
        { 429, "", "Unread" },
        { 500, "", "Unread" },
        { 503, """{"error":{"code":"ServerBusy","message":"later"}}""", "Unread" },
    };

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task What_an_answer_to_a_poll_means(string kind, int status, string body, string means)
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(status, body, "Retry-After: 7\r\n", status == 204 ? Then.Close : Then.KeepAlive));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));

        var answer = await agent.Polling.Look(agent.RestartMachine, Poll(kind), Cancellation);

        Assert.Equal(means, Meaning(answer));
        Assert.All(azure.Requests, r => Assert.Equal("GET", r.Method));
        if (answer is PollAnswer.Running running)
        {
            Assert.Equal(TimeSpan.FromSeconds(7), running.After);
        }
    }

    [Theory]
    [MemberData(nameof(AnswersToAll))]
    public async Task What_an_answer_means_whatever_was_asked(int status, string body, string means)
    {
        foreach (var kind in (string[])["AsyncOperation", "Location", "Resource"])
        {
            await using var azure = new RawAzure(_ => RawAnswer.Http(status, body, "Retry-After: 9\r\nLocation: https://management.azure.com/elsewhere\r\n"));
            using var agent = new Agent(azure.Handler(follows: true), new Token(Token.Canary));

            var answer = await agent.Polling.Look(agent.RestartMachine, Poll(kind), Cancellation);

            Assert.Equal(means, Meaning(answer));
            Assert.DoesNotContain(azure.Requests, r => r.Target.Contains("elsewhere", StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData(Then.Close)]
    [InlineData(Then.Reset)]
    public async Task A_connection_that_is_lost_says_nothing_about_the_operation(object then)
    {
        await using var azure = new RawAzure(_ => new("", (Then)then));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));

        Assert.Equal("Unread", Meaning(await agent.Polling.Look(agent.RestartMachine, Poll("Location"), Cancellation)));
    }

    [Fact]
    public async Task No_answer_in_time_says_nothing_about_the_operation()
    {
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var azure = new RawAzure(_ =>
        {
            asked.TrySetResult();
            return new("", Then.Hang);
        });
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));

        var look = agent.Polling.Look(agent.RestartMachine, Poll("Location"), Cancellation);
        await asked.Task.WaitAsync(Cancellation);
        agent.Clock.Advance(ArmPolling.Limit);

        Assert.Equal("Unread", Meaning(await look));
    }

    internal static Poll Poll(string kind) => new(Enum.Parse<PollKind>(kind), kind == "Resource" ? null : PollingUrl.Of(LongRunningTests.Url, ArmEndpoint.Public)!);

    internal static string Meaning(PollAnswer answer) => answer switch
    {
        PollAnswer.Running running => $"Running: {running.Progress}",
        PollAnswer.Unread => "Unread",
        PollAnswer.Ended ended => $"{ended.Result.Outcome} {ended.Result.Code}{(ended.AskLater ? " later" : "")}",
        _ => "",
    };
}
