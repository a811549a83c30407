using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Execution;

/// <summary>An operation that Azure accepts and works on: what each first answer begins, and that the address to ask at is asked byte by byte and shown to nobody.</summary>
public sealed class LongRunningTests
{
    private const string Arm = "https://management.azure.com";
    private const string Updating = """{"properties":{"provisioningState":"Updating"}}""";

    /// <summary>As long as real ones, with every way of writing that a client may be tempted to tidy.</summary>
    public static readonly string Url = $"{Arm}/subscriptions/S/providers/Microsoft.Compute/locations/westeurope//operations/x;y=1/../a%2Fb%2fc?t=638&c="
        + string.Concat(Enumerable.Repeat("MIIHhzCCBm%2BgAwIB+AgIT%2f%41=a~b'(c)!*,%7e|", 75)) + "&s=canary%2Bsignature+of%2fazure==&h=canaryhash-1&p-version=2024-03-01";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>First answer: status, body, headers; then how it is asked after (empty: not at all), the code of the result, and seconds until the first look.</summary>
    public static TheoryData<string, int, string, string, string, string, double> FirstAnswers => new()
    {
        { "web app restart: 200, no body", 200, "", "", "", "Accepted", 0 },
        { "204", 204, "", "", "", "Accepted", 0 },
        { "slot swap: 202, Location only", 202, "", $"Location: {Arm}/l\r\nRetry-After: 15\r\n", "Location", "Running", 15 },
        { "VM restart: 202, both", 202, "", $"Azure-AsyncOperation: {Arm}/a\r\nLocation: {Arm}/l\r\nRetry-After: 37\r\n", "AsyncOperation", "Running", 37 },
        { "202, no Retry-After", 202, "", $"Location: {Arm}/l\r\n", "Location", "Running", 15 },
        { "202, Retry-After with a fraction", 202, "", $"Location: {Arm}/l\r\nRetry-After: 2.5\r\n", "Location", "Running", 2.5 },
        { "202, Retry-After of a day", 202, "", $"Location: {Arm}/l\r\nRetry-After: 86400\r\n", "Location", "Running", 60 },
        { "202, Retry-After of ages", 202, "", $"Location: {Arm}/l\r\nRetry-After: {new string('9', 400)}\r\n", "Location", "Running", 60 },
        { "202, Retry-After 0", 202, "", $"Location: {Arm}/l\r\nRetry-After: 0\r\n", "Location", "Running", 1 },
        { "202, Retry-After below nothing", 202, "", $"Location: {Arm}/l\r\nRetry-After: -5\r\n", "Location", "Running", 15 },
        { "202, Retry-After as a date", 202, "", $"Location: {Arm}/l\r\nRetry-After: Thu, 01 Jan 1970 00:00:20 GMT\r\n", "Location", "Running", 20 },
        { "scale set: 200 is not the end", 200, Updating, $"Azure-AsyncOperation: {Arm}/a\r\n", "AsyncOperation", "Running", 15 },
        { "agent pool: 201 is not the end", 201, Updating, $"Azure-AsyncOperation: {Arm}/a\r\n", "AsyncOperation", "Running", 15 },
        { "200 with the header and nothing else", 200, "", $"Azure-AsyncOperation: {Arm}/a\r\n", "AsyncOperation", "Running", 15 },
        { "200 that calls itself done, with the header", 200, """{"properties":{"provisioningState":"Succeeded"}}""", $"Azure-AsyncOperation: {Arm}/a\r\n", "AsyncOperation", "Running", 15 },
        { "201 with provisioningState alone", 201, Updating, "", "Resource", "Running", 15 },
        { "200 with provisioningState and Location", 200, Updating, $"Location: {Arm}/l\r\n", "Location", "Running", 15 },
        { "201 done", 201, """{"properties":{"provisioningState":"Succeeded"}}""", $"Location: {Arm}/resource\r\n", "", "Accepted", 0 },
        { "200 with a Location of no meaning", 200, "{}", $"Location: {Arm}/resource\r\n", "", "Accepted", 0 },
        { "failed with 200", 200, """{"status":"Failed","error":{"code":"OverconstrainedAllocationRequest","message":"Allocation failed."}}""", "", "", "OverconstrainedAllocationRequest", 0 },
        { "failed with 201 by its provisioningState", 201, """{"properties":{"provisioningState":"Failed"}}""", $"Azure-AsyncOperation: {Arm}/a\r\n", "", "Failed", 0 },
        { "202 and nothing", 202, "", "", "", "NotFollowable", 0 },
        { "202 to another host", 202, "", "Location: https://management.azure.com.evil.example/l\r\n", "", "PollingElsewhere", 0 },
        { "202 to another cloud", 202, "", "Azure-AsyncOperation: https://management.usgovcloudapi.net/a\r\n", "", "PollingElsewhere", 0 },
        { "202 elsewhere though another would do", 202, "", $"Azure-AsyncOperation: https://evil.example/a\r\nLocation: {Arm}/l\r\n", "", "PollingElsewhere", 0 },
        { "202 to http", 202, "", "Location: http://management.azure.com/l\r\n", "", "PollingElsewhere", 0 },
        { "202 to another port", 202, "", "Location: https://management.azure.com:444/l\r\n", "", "PollingElsewhere", 0 },
        { "202 with a name in front", 202, "", "Location: https://management.azure.com@evil.example/l\r\n", "", "PollingElsewhere", 0 },
        { "202 with a backslash", 202, "", @"Location: https://management.azure.com\@evil.example/l" + "\r\n", "", "PollingElsewhere", 0 },
        { "202 with a blank in it", 202, "", $"Location: {Arm}/l HTTP/1.1\r\n", "", "PollingElsewhere", 0 },
        { "202 with a path alone", 202, "", "Location: /subscriptions/x\r\n", "", "PollingElsewhere", 0 },
        { "202 with an empty address", 202, "", "Location: \r\n", "", "PollingElsewhere", 0 },
    };

    [Theory]
    [MemberData(nameof(FirstAnswers))]
    public async Task What_the_first_answer_begins(string what, int status, string body, string headers, string kind, string code, double seconds)
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(status, body, headers, status == 204 ? Then.Close : Then.KeepAlive));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));

        var result = await agent.Executor.Execute(await agent.Permit(agent.RestartMachine), Cancellation);

        Assert.Equal(code, result.Code);
        Assert.Equal(kind, result.Running?.Poll.Kind.ToString() ?? "");
        Assert.Equal(TimeSpan.FromSeconds(seconds), result.Running?.After ?? TimeSpan.Zero);
        Assert.Equal(code switch { "Accepted" => Outcome.Succeeded, "Failed" or "OverconstrainedAllocationRequest" => Outcome.Failed, _ => Outcome.Unknown }, result.Outcome);
        Assert.True(result.Sent, what);
        Assert.Single(azure.Requests);
    }

    /// <summary>From the header of one answer to the line of the next request: not a byte is tidied.</summary>
    [Theory]
    [InlineData("Location")]
    [InlineData("Azure-AsyncOperation")]
    public async Task A_polling_URL_is_asked_byte_for_byte(string header)
    {
        Assert.InRange(Url.Length, 3_200, 4_000);
        await using var azure = new RawAzure(r => r.Method == "POST" ? RawAnswer.Http(202, "", $"{header}: {Url}\r\n") : RawAnswer.Http(200, """{"status":"Succeeded"}"""));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));
        var first = await agent.Executor.Execute(await agent.Permit(agent.Swap), Cancellation);

        // As the store keeps it and a later process reads it.
        var poll = Assert.IsType<Poll>(Bot.Execution.Poll.Of(first.Running!.Poll.Reveal(), ArmEndpoint.Public));
        var answer = await agent.Polling.Look(agent.Swap, poll, Cancellation);

        Assert.Equal("Succeeded Succeeded", PollAnswerTests.Meaning(answer));
        var asked = azure.Requests.Single(r => r.Method == "GET");
        Assert.Equal(Url[Arm.Length..], asked.Target);
        Assert.Equal($"Bearer {Token.Canary}", asked.Headers["Authorization"]);
    }

    [Fact]
    public async Task A_resource_is_asked_at_an_address_built_from_the_operation()
    {
        await using var azure = new RawAzure(_ => RawAnswer.Http(200, Updating));
        using var agent = new Agent(azure.Handler(), new Token(Token.Canary));

        await agent.Polling.Look(agent.RestartMachine, PollAnswerTests.Poll("Resource"), Cancellation);

        Assert.Equal($"{agent.RestartMachine.Target}?api-version=2024-03-01", Assert.Single(azure.Requests).Target);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Location")]
    [InlineData("Location ")]
    [InlineData("Unknown https://management.azure.com/x")]
    [InlineData("Location https://evil.example/x")]
    [InlineData("AsyncOperation http://management.azure.com/x")]
    [InlineData("Whatever https://management.azure.com/x")]
    public void What_is_stored_and_leads_elsewhere_is_not_asked(string stored) => Assert.Null(Bot.Execution.Poll.Of(stored, ArmEndpoint.Public));

    [Fact]
    public async Task No_polling_URL_shows_in_a_result_an_answer_or_the_log()
    {
        var echo = $$"""{"status":"Failed","error":{"code":"Bad","message":"at {{Url}} and {{Uri.EscapeDataString(Url)}} and {{Uri.UnescapeDataString(Url)}}, c={{Url[120..400]}}" } }""";
        string[] bodies = ["", """{"status":"InProgress"}""", echo, "<html>", $$"""{"status":"{{Url}}"}"""];
        foreach (var body in bodies)
        {
            foreach (var status in (int[])[200, 400, 404, 500])
            {
                await using var azure = new RawAzure(r => r.Method == "POST" ? RawAnswer.Http(202, "", $"Azure-AsyncOperation: {Url}\r\n") : RawAnswer.Http(status, body, "", Then.Close));
                using var agent = new Agent(azure.Handler(), new Token(Token.Canary));
                var first = await agent.Executor.Execute(await agent.Permit(agent.RestartMachine), Cancellation);
                var answer = await agent.Polling.Look(agent.RestartMachine, first.Running!.Poll, Cancellation);

                var shown = $"{first} {first.Running} {answer} {agent.Log} {System.Text.Json.JsonSerializer.Serialize(answer, answer.GetType())} {System.Text.Json.JsonSerializer.Serialize(first)}";
                Assert.Contains("Asked after the operation on vm-shop-1", agent.Log.ToString(), StringComparison.Ordinal);
                Assert.All(new[] { "canary", "MIIHhzCCBm", "%2BgAwIB", "%252BgAwIB", "+gAwIB" }, secret => Assert.DoesNotContain(secret, shown, StringComparison.OrdinalIgnoreCase));
            }
        }
    }
}
