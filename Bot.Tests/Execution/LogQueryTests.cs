using RunModes.Bot.Execution;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Execution;

public sealed class LogQueryTests
{
    private static readonly Guid Workspace = Guid.Parse(FakeLogs.Workspace);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_answer_is_a_table_of_text_bounded_and_without_what_looks_like_a_credential()
    {
        var rows = Enumerable.Range(0, 300).Select(i => new object?[] { $"row {i}", i == 0 ? "hunter2-canary" : "x", new string('y', 500), null, 1.5, true, "g", "h", "i" }).ToArray();
        var got = await Ask(_ => RawAnswer.Http(200, FakeLogs.Table(["Name", "AdminPassword", "Long", "Null", "Number", "Flag", "G", "H", "I"], rows).ToJsonString()));
        Assert.NotNull(got.Table);
        Assert.Equal((300, 20, 8, 1, null), (got.Table.Total, got.Table.Rows.Count, got.Table.Columns.Count, got.Table.MoreColumns, got.Table.Partial));
        Assert.Equal(["row 0", "[removed]", new string('y', 60) + "…", "", "1.5", "true", "g", "h"], got.Table.Rows[0]);
    }

    [Fact]
    public async Task A_part_is_named_as_one()
    {
        var answer = FakeLogs.Table(["a"], ["1"]);
        answer["error"] = System.Text.Json.Nodes.JsonNode.Parse("""{"code":"PartialError","message":"There were some errors when processing your query.","details":[{"code":"EngineError","message":"Query result set has exceeded the internal record count limit 500000."}]}""");
        var got = await Ask(_ => RawAnswer.Http(200, answer.ToJsonString()));
        Assert.Equal("PartialError: Query result set has exceeded the internal record count limit 500000", got.Table?.Partial);
    }

    [Theory]
    [InlineData(400, "The query is refused: BadArgumentError: 'where' operator: Failed to resolve column named 'x'. Mend the query.")]
    [InlineData(403, "The agent may not read the workspace (BadArgumentError: 'where' operator: Failed to resolve column named 'x'). Grant it Log Analytics Data Reader or Reader on the workspace.")]
    [InlineData(404, "There is no such workspace. Check its Id among Tools:QueryLogs:Workspaces: it is the Workspace ID of its overview, not its resource id.")]
    [InlineData(429, "Too many queries were asked; it may be asked again in 7 seconds.")]
    [InlineData(504, "There was no answer within 30 seconds; ask for a shorter time, or for less.")]
    [InlineData(500, "It was answered 500 (BadArgumentError: 'where' operator: Failed to resolve column named 'x').")]
    public async Task One_that_fails_says_why_and_what_to_do(int status, string words)
    {
        var got = await Ask(_ => RawAnswer.Http(status, FakeLogs.Error("BadArgumentError", "The request had some invalid properties", "'where' operator: Failed to resolve column named 'x'").ToJsonString(), "Retry-After: 7\r\n"));
        Assert.Equal(new LogAnswer(null, words), got);
    }

    [Theory]
    [InlineData("<html>")]
    [InlineData("{}")]
    [InlineData("""{"tables":[]}""")]
    [InlineData("""{"tables":[{"name":"PrimaryResult","columns":[{"name":"a"}]}]}""")]
    [InlineData("""{"tables":[{"name":"PrimaryResult","columns":[{"name":"a"}],"rows":[["1","2"]]}]}""")]
    [InlineData("""{"tables":[{"name":"PrimaryResult","columns":[{"name":"a"}],"rows":["1"]}]}""")]
    [InlineData("""{"tables":[{"name":"PrimaryResult","columns":[{"type":"a"}],"rows":[["1"]]}]}""")]
    public async Task What_is_no_table_is_no_answer(string body) => Assert.Equal(new LogAnswer(null, "The answer is not a table."), await Ask(_ => RawAnswer.Http(200, body)));

    [Fact]
    public async Task More_than_a_megabyte_is_not_read()
    {
        var got = await Ask(_ => RawAnswer.Http(200, FakeLogs.Table(["a"], [new string('x', LogQuery.MostRead)]).ToJsonString()));
        Assert.StartsWith("The answer has more than 1024 KB", got.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AzureCloud", "https://api.loganalytics.io/")]
    [InlineData("AzureUSGovernment", "https://api.loganalytics.us/")]
    [InlineData("AzureChinaCloud", "https://api.loganalytics.azure.cn/")]
    public void Each_cloud_is_asked_at_its_own_address(string cloud, string url) => Assert.Equal(url, ArmEndpoint.Of(cloud).Logs.ToString());

    [Fact]
    public async Task It_is_asked_once_with_its_time_span_and_a_limit_for_the_server()
    {
        await using var logs = new RawAzure(_ => new("", Then.Reset));
        Assert.StartsWith("It could not be asked", (await Query(logs).Ask(Workspace, "T | count", TimeSpan.FromHours(2), Cancellation)).Why, StringComparison.Ordinal);
        var asked = Assert.Single(logs.Requests);
        Assert.Equal(("POST", $"/v1/workspaces/{FakeLogs.Workspace}/query", """{"query":"T | count","timespan":"PT120M"}""", "wait=30"), (asked.Method, asked.Target, asked.Body, asked.Headers["Prefer"]));
    }

    private static async Task<LogAnswer> Ask(Func<RawRequest, RawAnswer> answer)
    {
        await using var logs = new RawAzure(answer);
        return await Query(logs).Ask(Workspace, "T", TimeSpan.FromHours(1), Cancellation);
    }

    private static LogQuery Query(RawAzure logs) => new(
        new GraphMailTests.Clients(logs.Handler()), new AgentIdentity(new("AzureCloud", Known.Tenant, Known.AgentClientId), ArmEndpoint.Public, new Token(Token.Canary)), TimeProvider.System);
}
