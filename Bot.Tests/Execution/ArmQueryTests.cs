using System.Net;
using Azure.Core;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Execution;

public sealed class ArmQueryTests
{
    private static readonly ResourceId Group = Agent.App.Group!;

    [Fact]
    public async Task Pages_are_asked_for_with_the_same_question_where_it_was_asked()
    {
        var azure = new Wire(n => n < 3 ? (200, $$$"""{"properties":{"rows":[{{{n}}}],"nextLink":"https://management.azure.com:443{{{Group}}}/providers/Microsoft.CostManagement/Query?api-version=2021-10-01&$skiptoken=AQ%3D%3D"}}""", []) : (200, """{"properties":{"rows":[3],"nextLink":null}}""", []));

        var answer = await azure.Ask();

        Assert.Equal(3, Assert.IsType<ArmAnswer.Found>(answer).Body.GetArrayLength());
        Assert.Equal(["POST", "POST", "POST"], azure.Requests.Select(r => r.Method));
        Assert.All(azure.Requests, r => Assert.Equal("{}", r.Body));
        Assert.EndsWith("&$skiptoken=AQ%3D%3D", azure.Requests[2].Url.Query, StringComparison.Ordinal);
        Assert.All(azure.Requests, r => Assert.Equal("management.azure.com", r.Url.Host));
    }

    [Fact]
    public async Task Pages_that_never_end_are_given_up()
    {
        var azure = new Wire(_ => (200, $$$"""{"properties":{"rows":[],"nextLink":"https://management.azure.com{{{Group}}}/providers/Microsoft.CostManagement/query?x=1"}}""", []));

        Assert.Contains("more than 20 pages", Assert.IsType<ArmAnswer.CouldNotRead>(await azure.Ask()).Reason, StringComparison.Ordinal);
        Assert.Equal(20, azure.Requests.Count);
    }

    [Fact]
    public async Task A_page_that_is_missing_leaves_nothing()
    {
        var azure = new Wire(n => n == 1 ? (200, $$$"""{"properties":{"rows":[],"nextLink":"https://management.azure.com{{{Group}}}/providers/Microsoft.CostManagement/query?x=1"}}""", []) : (400, "", []));

        Assert.IsType<ArmAnswer.CouldNotRead>(await azure.Ask());
    }

    [Theory]
    [InlineData("http://management.azure.com/providers/Microsoft.CostManagement/query")]
    [InlineData("https://management.azure.com.evil.example/providers/Microsoft.CostManagement/query")]
    [InlineData("https://management.azure.com:8443/providers/Microsoft.CostManagement/query")]
    [InlineData("https://u@management.azure.com/providers/Microsoft.CostManagement/query")]
    [InlineData("https://management.azure.com/subscriptions/other/providers/Microsoft.CostManagement/query")]
    [InlineData("/providers/Microsoft.CostManagement/query")]
    public async Task A_page_elsewhere_gets_neither_question_nor_token(string link)
    {
        var azure = new Wire(_ => (200, $$$"""{"properties":{"rows":[],"nextLink":"{{{link}}}"}}""", []));

        Assert.IsType<ArmAnswer.CouldNotRead>(await azure.Ask());
        Assert.Single(azure.Requests);
    }

    /// <summary>Several allowances at once: the longest wait counts, by whatever name it comes.</summary>
    [Theory]
    [InlineData("", 5)]
    [InlineData("Retry-After: 7", 7)]
    [InlineData("x-ms-ratelimit-microsoft.costmanagement-qpu-retry-after: 21.5", 21.5)]
    [InlineData("Retry-After: 3|x-ms-ratelimit-microsoft.costmanagement-entity-retry-after: 12|x-ms-ratelimit-microsoft.costmanagement-clienttype-retry-after: 47", 47)]
    [InlineData("x-ms-ratelimit-microsoft.costmanagement-tenant-retry-after: soon|x-ms-ratelimit-microsoft.costmanagement-client-retry-after: -1", 5)]
    public async Task Who_is_told_to_wait_waits_as_long_and_asks_again(string headers, double seconds)
    {
        var azure = new Wire(n => n == 1 ? (429, "", headers.Split('|', StringSplitOptions.RemoveEmptyEntries)) : (200, """{"properties":{"rows":[]}}""", []));

        Assert.IsType<ArmAnswer.Found>(await azure.Ask());
        Assert.Equal([TimeSpan.FromSeconds(seconds)], azure.Clock.Waits);
    }

    [Theory]
    [InlineData(429, "Retry-After: 61", 1)]
    [InlineData(429, "Retry-After: 1e300", 1)]
    [InlineData(429, "Retry-After: 1", 3)]
    [InlineData(503, "", 3)]
    [InlineData(400, "", 1)]
    [InlineData(403, "", 1)]
    public async Task Patience_has_an_end(int status, string header, int asked)
    {
        var azure = new Wire(_ => (status, "", header.Length == 0 ? [] : [header]));

        Assert.IsType<ArmAnswer.CouldNotRead>(await azure.Ask());
        Assert.Equal(asked, azure.Requests.Count);
    }

    [Theory]
    [InlineData("GET", "/providers/Microsoft.CostManagement/query")]
    [InlineData("PUT", "/providers/Microsoft.CostManagement/query")]
    [InlineData("DELETE", "/providers/Microsoft.CostManagement/query")]
    [InlineData("POST", "/providers/Microsoft.CostManagement/exports")]
    [InlineData("POST", "/providers/Microsoft.CostManagement/query/x")]
    [InlineData("POST", "/providers/Microsoft.Web/sites/x/providers/Microsoft.CostManagement/query")]
    [InlineData("POST", "/providers/Microsoft.Web/sites/x/restart")]
    [InlineData("POST", "/providers/Microsoft.Web/sites/x/restart?y=/providers/Microsoft.CostManagement/query")]
    public async Task The_asking_pipeline_lets_nothing_through_but_the_questions_it_knows(string method, string path)
    {
        var azure = new Wire(_ => (200, "{}", []));
        using var message = azure.Pipeline.Queries.CreateMessage();
        message.Request.Method = RequestMethod.Parse(method);
        message.Request.Uri.Reset(new Uri($"https://management.azure.com{Group}{path}"));

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await azure.Pipeline.Queries.SendAsync(message, TestContext.Current.CancellationToken));
        Assert.Empty(azure.Requests);
    }

    private sealed class Wire : HttpMessageHandler, IHttpClientFactory
    {
        private readonly Func<int, (int Status, string Body, string[] Headers)> answer;

        public Wire(Func<int, (int Status, string Body, string[] Headers)> answer)
        {
            this.answer = answer;
            Pipeline = new ArmPipeline(this, new AgentIdentity(new("AzureCloud", Agent.Tenant, Agent.Client), ArmEndpoint.Public, new Token(Token.Canary)));
        }

        public ArmPipeline Pipeline { get; }

        public SoonClock Clock { get; } = new();

        public List<(string Method, Uri Url, string Body)> Requests { get; } = [];

        public Task<ArmAnswer> Ask() => new ArmQuery(Pipeline, Clock).Costs(Group, new BinaryData("{}"), TestContext.Current.CancellationToken);

        public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Add((request.Method.Method, request.RequestUri!, request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken)));
            var (status, body, headers) = answer(Requests.Count);
            var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body), RequestMessage = request };
            foreach (var header in headers)
            {
                response.Headers.TryAddWithoutValidation(header[..header.IndexOf(':', StringComparison.Ordinal)], header[(header.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
            }

            return response;
        }
    }

    /// <summary>Every wait is over at once, and noted; no time limit is ever reached.</summary>
    private sealed class SoonClock : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime == ArmQuery.Limit)
            {
                return new Never();
            }

            Waits.Add(dueTime);
            _ = Task.Run(() => callback(state));
            return new Never();
        }

        private sealed class Never : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() { }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}
