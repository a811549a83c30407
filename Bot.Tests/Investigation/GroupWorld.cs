using System.Net;
using System.Text.Json.Nodes;
using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Execution;
using RunModes.Bot.Investigation;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Investigation;

/// <summary>What Azure says of a resource group and of what it costs, below the real pipeline; each test changes one thing.</summary>
internal sealed class GroupWorld : HttpMessageHandler, IHttpClientFactory
{
    public static readonly ResourceId Group = ResourceId.Parse("/subscriptions/c3d7e2f0-3333-4444-8555-666677778888/resourceGroups/rg-web");

    /// <summary>Ten past three on a Monday.</summary>
    public static readonly DateTimeOffset Now = new(2026, 11, 23, 3, 10, 0, TimeSpan.Zero);

    private readonly List<(string Part, HttpStatusCode Status, string Body)> faults = [];

    public JsonArray Statuses { get; } = [];

    public JsonArray Alerts { get; } = [];

    public JsonArray Events { get; } = [];

    /// <summary>Answers to the three questions about costs: both periods by day, this one, the one before. Null: 204.</summary>
    public string?[] Costs { get; set; } = [null, null, null];

    public List<(HttpMethod Method, Uri Url, string Body)> Requests { get; } = [];

    public GroupWorld Status(string resource, string? state, string? context = null, string summary = "", string? id = null)
    {
        Statuses.Add(new JsonObject
        {
            ["id"] = id ?? $"{Group}/providers/{resource}/providers/Microsoft.ResourceHealth/availabilityStatuses/current",
            ["properties"] = new JsonObject
            {
                ["availabilityState"] = state, ["summary"] = summary, ["context"] = context, ["occuredTime"] = "2026-11-23T02:10:00Z",
            },
        });
        return this;
    }

    public GroupWorld Alert(
        string rule = "/subscriptions/c3d7e2f0-3333-4444-8555-666677778888/resourceGroups/rg-web/providers/microsoft.insights/metricAlerts/High memory", string? condition = "Fired", string state = "New",
        string? target = "/subscriptions/c3d7e2f0-3333-4444-8555-666677778888/resourcegroups/RG-WEB/providers/microsoft.web/sites/app-prod", string? group = "rg-web", string severity = "Sev1", string since = "2026-11-23T02:14:00Z")
    {
        Alerts.Add(new JsonObject
        {
            ["name"] = "the alert's own name",
            ["properties"] = new JsonObject
            {
                ["essentials"] = new JsonObject
                {
                    ["severity"] = severity, ["monitorCondition"] = condition, ["alertState"] = state, ["alertRule"] = rule, ["targetResource"] = target, ["targetResourceGroup"] = group, ["startDateTime"] = since,
                },
            },
        });
        return this;
    }

    public GroupWorld Event(string operation, string resource, string time = "2026-11-23T01:55:00Z", string status = "Succeeded", string caller = "ana@contoso.example", string category = "Administrative", string correlation = "c")
    {
        Events.Add(new JsonObject
        {
            ["eventTimestamp"] = time, ["operationName"] = new JsonObject { ["value"] = operation }, ["status"] = new JsonObject { ["value"] = status }, ["caller"] = caller,
            ["resourceId"] = $"{Group}/providers/{resource}", ["correlationId"] = correlation, ["category"] = new JsonObject { ["value"] = category },
        });
        return this;
    }

    /// <param name="part">Of the URL.</param>
    public GroupWorld Fails(string part, HttpStatusCode status, string body = """{"error":{"code":"X","message":"No."}}""")
    {
        faults.Add((part, status, body));
        return this;
    }

    public async Task<GroupHealth> Health()
    {
        await using var services = Services();
        return await services.GetRequiredService<GroupHealthReader>().Of(Group, TestContext.Current.CancellationToken);
    }

    public async Task<CostReport> Cost(ResourceId? scope = null, int days = 7)
    {
        await using var services = Services();
        return await services.GetRequiredService<CostReader>().Of(scope ?? Group, days, TestContext.Current.CancellationToken);
    }

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var url = request.RequestUri!;
        var body = request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken);
        int asked;
        lock (Requests)
        {
            asked = Requests.Count(r => r.Method == HttpMethod.Post);
            Requests.Add((request.Method, url, body));
        }

        var fault = faults.FirstOrDefault(fault => url.PathAndQuery.Contains(fault.Part, StringComparison.OrdinalIgnoreCase));
        bool Ends(string end) => url.AbsolutePath.EndsWith(end, StringComparison.OrdinalIgnoreCase);
        var (status, text) = fault.Part is not null ? (fault.Status, fault.Body)
            : Ends("/Microsoft.ResourceHealth/availabilityStatuses") ? (HttpStatusCode.OK, List(Statuses))
            : Ends("/Microsoft.AlertsManagement/alerts") ? (HttpStatusCode.OK, List(Alerts))
            : Ends("/eventtypes/management/values") ? (HttpStatusCode.OK, List(Events))
            : Ends("/Microsoft.CostManagement/query") ? (Costs[asked] is null ? HttpStatusCode.NoContent : HttpStatusCode.OK, Costs[asked] ?? "")
            : (HttpStatusCode.NotFound, """{"error":{"code":"ResourceNotFound","message":"Not found."}}""");
        return new HttpResponseMessage(status) { Content = new StringContent(text), RequestMessage = request };
    }

    private ServiceProvider Services()
    {
        var endpoint = ArmEndpoint.Public;
        var identity = new AgentIdentity(new AzureContext(endpoint.Cloud, "7d1c0a5e-3b0f-4a52-9c57-0f5e8a1b2c3d", AzureWorld.AgentClient), endpoint, new Token());
        return new ServiceCollection()
            .AddSingleton<TimeProvider>(new StoppedClock()).AddSingleton<IHttpClientFactory>(this).AddSingleton(identity).AddSingleton(identity.Context)
            .AddSingleton<ArmPipeline>().AddSingleton<ArmReader>().AddSingleton<ArmQuery>().AddInvestigation().BuildServiceProvider();
    }

    private static string List(JsonArray items) => new JsonObject { ["value"] = items.DeepClone() }.ToJsonString();

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Token : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("t", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
