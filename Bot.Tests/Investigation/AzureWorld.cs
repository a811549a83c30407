using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using System.Web;
using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Execution;
using RunModes.Bot.Incidents;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Investigation;

/// <summary>One app on its plan as Azure Resource Manager would answer for it, below the real pipeline; each test spoils one thing.</summary>
internal sealed partial class AzureWorld : HttpMessageHandler, IHttpClientFactory
{
    public const string Subscription = "c3d7e2f0-3333-4444-8555-666677778888";
    public const string Group = $"/subscriptions/{Subscription}/resourceGroups/rg-web";
    public const string AgentClient = "b2c8d1ef-2222-4333-8444-555566667777";

    /// <summary>Ten past three: nobody is at their best.</summary>
    public static readonly DateTimeOffset Now = new(2026, 3, 4, 3, 10, 30, TimeSpan.Zero);

    private readonly Dictionary<string, Func<DateTimeOffset, double?>> metrics = new()
    {
        [AppServiceSlowRunbook.MemoryMetric] = _ => 94,
        ["CpuPercentage"] = _ => 22,
        ["HttpResponseTime"] = _ => 4.2,
        ["MemoryWorkingSet"] = _ => 6.5 * 1024 * 1024 * 1024,
        ["Http5xx"] = _ => 0,
        [VirtualMachineRunbook.AvailabilityMetric] = at => (Now - at).TotalMinutes <= 20 ? 0 : 1,
        ["Percentage CPU"] = _ => 3,
    };

    private readonly List<(string PathEnd, HttpStatusCode Status, string Body)> faults = [];

    public string App { get; init; } = "app-service-prod";
    public string Type { get; init; } = "Microsoft.Web/sites";
    public string Kind { get; set; } = "app";
    public string State { get; set; } = "Running";
    public DateTimeOffset Modified { get; set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    public string UsageState { get; set; } = "Normal";
    public string AvailabilityState { get; set; } = "Normal";
    public string PlanId { get; set; } = $"{Group}/providers/Microsoft.Web/serverfarms/plan-web";
    public int AppsOnPlan { get; set; } = 1;
    public string Tier { get; set; } = "PremiumV3";
    public int Instances { get; set; } = 2;

    /// <summary>Further properties of the plan.</summary>
    public JsonObject OfPlan { get; set; } = [];
    public JsonArray Autoscale { get; set; } = [];

    /// <summary>How Azure remembers the last swap; null: it remembers none.</summary>
    public (double MinutesAgo, string Source, string Destination)? Swapped { get; set; }

    /// <summary>The deployments that production and the slot serve, and how many minutes ago each ended.</summary>
    public (string Id, double MinutesAgo)? InProduction { get; set; } = ("d-new", 40);
    public (string Id, double MinutesAgo)? InSlot { get; set; } = ("d-old", 3000);
    public JsonObject Health { get; set; } = new() { ["availabilityState"] = "Available", ["summary"] = "No known platform problem." };
    /// <summary>Of a container app.</summary>
    public ContainerState Container { get; set; } = new();
    public IReadOnlyList<RevisionState> Revisions { get; set; } = [];

    /// <summary>Of a machine: its power state, its last operation, its guest agent.</summary>
    public string? Power { get; set; } = "running";
    public string Provisioning { get; set; } = "Succeeded";
    public string? GuestAgent { get; set; } = "Not Ready";
    public JsonArray Events { get; } = [];
    public List<HttpRequestMessage> Requests { get; } = [];

    public string Id => Type == "Microsoft.Web/sites/slots"
        ? $"{Group}/providers/Microsoft.Web/sites/{App}/slots/staging"
        : $"{Group}/providers/{Type}/{App}";

    /// <summary>A value for each minute, by how many minutes ago it began.</summary>
    public AzureWorld Metric(string name, Func<double, double?> byMinutesAgo)
    {
        metrics[name] = at => byMinutesAgo((Now - at).TotalMinutes);
        return this;
    }

    public AzureWorld Memory(Func<double, double?> byMinutesAgo) => Metric(AppServiceSlowRunbook.MemoryMetric, byMinutesAgo);

    public AzureWorld Response(Func<double, double?> byMinutesAgo) => Metric("HttpResponseTime", byMinutesAgo);

    /// <param name="of">Part of the path and query.</param>
    public AzureWorld Fails(string of, HttpStatusCode status, string code, string? body = null)
    {
        faults.Add((of, status, body ?? $$$"""{"error":{"code":"{{{code}}}","message":"No."}}"""));
        return this;
    }

    public AzureWorld Happened(int minutesAgo, string operation, string by = "ana@contoso.example", string status = "Succeeded", string? on = null)
    {
        Events.Add(new JsonObject
        {
            ["eventTimestamp"] = (Now - TimeSpan.FromMinutes(minutesAgo)).UtcDateTime.ToString("O"),
            ["operationName"] = new JsonObject { ["value"] = operation }, ["status"] = new JsonObject { ["value"] = status },
            ["caller"] = by, ["resourceId"] = on ?? Id, ["correlationId"] = $"{operation} {minutesAgo}",
        });
        return this;
    }

    public async Task<Investigated> Investigate(Incident? incident = null, ResponsePlan? plan = null)
    {
        await using var services = Services();
        return await services.GetRequiredService<RunbookInvestigator>().Investigate(incident ?? Alert(), plan, TestContext.Current.CancellationToken);
    }

    public ServiceProvider Services()
    {
        var endpoint = ArmEndpoint.Public;
        var identity = new AgentIdentity(new AzureContext(endpoint.Cloud, "7d1c0a5e-3b0f-4a52-9c57-0f5e8a1b2c3d", AgentClient), endpoint, new Token());
        return new ServiceCollection()
            .AddSingleton<TimeProvider>(new StoppedClock())
            .AddSingleton<IHttpClientFactory>(this)
            .AddSingleton(identity).AddSingleton(identity.Context)
            .AddSingleton<ArmPipeline>().AddSingleton<ArmReader>()
            .AddSingleton<Subprocess>().AddSingleton<ToolRunner>().AddSingleton<ToolReads>().AddSingleton<ClusterReader>()
            .AddSingleton(new CommandSettings("/nowhere/az", "/nowhere/kubectl", [], []))
            .AddSingleton(p => new ToolSurroundings(p.GetRequiredService<CommandSettings>(), new([], "", () => ""), new Dictionary<string, string>()))
            .AddInvestigation()
            .BuildServiceProvider();
    }

    public Incident Alert(string title = "High memory", string signal = "Metric", string? target = null, string rule = "rule") => new()
    {
        Id = new IncidentId("i1"), Platform = Platform.AzureMonitor, Rule = rule, Title = title, Severity = "Sev1", SignalType = signal,
        Target = ResourceId.Parse(target ?? Id), PlanWhy = "", FirstFiredAt = Now, LastFiredAt = Now, MergeUntil = Now, Firings = 1, Attempts = 0, Version = 1,
    };

    public HttpClient CreateClient(string name) => new(this, disposeHandler: false);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        lock (Requests)
        {
            Requests.Add(request);
        }

        var uri = request.RequestUri!;
        var fault = faults.FirstOrDefault(fault => uri.PathAndQuery.Contains(fault.PathEnd, StringComparison.OrdinalIgnoreCase));
        var (status, body) = fault.PathEnd is null ? Answer(uri) : (fault.Status, fault.Body);
        return Task.FromResult(new HttpResponseMessage(status) { Content = new StringContent(body), RequestMessage = request });
    }

    private (HttpStatusCode, string) Answer(Uri uri)
    {
        var query = HttpUtility.ParseQueryString(uri.Query);
        bool Ends(string end) => uri.AbsolutePath.EndsWith(end, StringComparison.OrdinalIgnoreCase);
        JsonObject? body =
            Ends("/providers/Microsoft.Insights/metrics") ? Series(query["metricnames"]!, query["aggregation"]!, query["timespan"]!)
            : Ends("/providers/Microsoft.Insights/eventtypes/management/values") ? new JsonObject { ["value"] = Events.DeepClone() }
            : Ends("/availabilityStatuses/current") ? new JsonObject { ["properties"] = Health.DeepClone() }
            : Ends(PlanId) ? new JsonObject
            {
                ["id"] = PlanId, ["kind"] = "linux", ["location"] = "West Europe", ["tags"] = new JsonObject { ["env"] = "prod" },
                ["sku"] = new JsonObject { ["name"] = "P1v3", ["tier"] = Tier, ["size"] = "P1v3", ["family"] = "Pv3", ["capacity"] = Instances },
                ["properties"] = PlanProperties(),
            }
            : Ends("/providers/Microsoft.Insights/autoscalesettings") ? new JsonObject { ["value"] = Autoscale.DeepClone() }
            : Ends($"{Id}/deployments") ? Deployments(InProduction)
            : Ends($"{Id}/slots/staging/deployments") ? Deployments(InSlot)
            : Ends($"{Id}/revisions") ? new JsonObject { ["value"] = new JsonArray([.. Revisions.Select(r => (JsonNode)ContainerWorld.Revision(Id, r))]) }
            : Ends(Id) && Type == "Microsoft.App/containerApps" ? ContainerWorld.App(Id, Container)
            : Ends($"{Id}/instanceView") ? InstanceView()
            : Ends(Id) && Type.StartsWith("Microsoft.Compute/", StringComparison.Ordinal) ? new JsonObject
            {
                ["id"] = Id,
                ["properties"] = new JsonObject
                {
                    ["vmId"] = "0f47b100-583c-48e3-a4c0-aefc2c9bbcc1", ["provisioningState"] = Provisioning, ["hardwareProfile"] = new JsonObject { ["vmSize"] = "Standard_D2s_v5" },
                },
            }
            : Ends(Id) ? new JsonObject
            {
                ["id"] = Id, ["kind"] = Kind,
                ["properties"] = new JsonObject
                {
                    ["state"] = State, ["enabled"] = true, ["usageState"] = UsageState, ["availabilityState"] = AvailabilityState, ["serverFarmId"] = PlanId,
                    ["lastModifiedTimeUtc"] = Modified.UtcDateTime.ToString("O"),
                    ["slotSwapStatus"] = Swapped is { } swap
                        ? new JsonObject { ["timestampUtc"] = At(swap.MinutesAgo), ["sourceSlotName"] = swap.Source, ["destinationSlotName"] = swap.Destination }
                        : null,
                },
            }
            : null;
        return body is null
            ? (HttpStatusCode.NotFound, """{"error":{"code":"ResourceNotFound","message":"Not found."}}""")
            : (HttpStatusCode.OK, body.ToJsonString());
    }

    private JsonObject Series(string metric, string aggregation, string timespan)
    {
        var span = timespan.Split('/').Select(text => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var data = new JsonArray();
        // Azure is a minute behind.
        for (var at = span[0]; at < span[1] && at <= Now - TimeSpan.FromMinutes(1); at += TimeSpan.FromMinutes(1))
        {
            var point = new JsonObject { ["timeStamp"] = at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) };
            if (metrics[metric](at) is { } value)
            {
                point[aggregation.ToLowerInvariant()] = value;
            }

            data.Add(point);
        }

        return new JsonObject
        {
            ["value"] = new JsonArray(new JsonObject
            {
                ["name"] = new JsonObject { ["value"] = metric }, ["errorCode"] = "Success",
                ["timeseries"] = new JsonArray(new JsonObject { ["data"] = data }),
            }),
        };
    }

    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class Token : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => new("t", DateTimeOffset.MaxValue);

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            ValueTask.FromResult(GetToken(requestContext, cancellationToken));
    }
}
