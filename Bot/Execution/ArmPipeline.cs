using Azure.Core;
using Azure.Core.Pipeline;
using Azure.ResourceManager;

namespace RunModes.Bot.Execution;

/// <summary>
/// The agent's ways to Azure: one pipeline that can only read and may try again, one that can only spend a permit and never does, one for the
/// questions that Azure wants as a POST, which lets no other POST through, and one for the bookkeeping of alerts.
/// </summary>
internal sealed class ArmPipeline
{
    public ArmPipeline(IHttpClientFactory clients, AgentIdentity identity)
    {
        Endpoint = identity.Endpoint;
        var client = clients.CreateClient(ArmHttp.ClientName);
        // Time limits are the callers', on the injected clock; then the only time-out left inside the client is that of connecting.
        client.Timeout = Timeout.InfiniteTimeSpan;
        var transport = new HttpClientTransport(client);
        var looking = new HostToken(identity.Reading, Endpoint.Base);
        // One identity does both: shared, so that a token a read had to renew is also the one the next change uses.
        var token = identity.Reader is null ? looking : new HostToken(identity.Credential, Endpoint.Base);

        Reads = HttpPipelineBuilder.Build(Reading(new PlainOptions(), transport), looking);
        ActorReads = identity.Reader is null ? Reads : HttpPipelineBuilder.Build(Reading(new PlainOptions(), transport), token);

        var resources = Reading(new ArmClientOptions { Environment = new ArmEnvironment(Endpoint.Base, Endpoint.Base.ToString()) }, transport);
        resources.AddPolicy(new OnlyTo(Endpoint), HttpPipelinePosition.PerCall);
        foreach (var (type, version) in ApiVersions)
        {
            // Named, or the client would look for one in the list of providers, which the agent may not read.
            resources.SetApiVersion(type, version);
        }

        Resources = new ArmClient(identity.Reading, defaultSubscriptionId: null, resources);

        var queries = Plain(new PlainOptions(), transport);
        queries.Retry.MaxRetries = 0;
        queries.AddPolicy(new OnlyQueries(), HttpPipelinePosition.BeforeTransport);
        Queries = HttpPipelineBuilder.Build(queries, looking);

        var changes = Plain(new PlainOptions(), transport);
        changes.Retry.MaxRetries = 0;
        changes.AddPolicy(new PermitAtTheWire(), HttpPipelinePosition.BeforeTransport);
        Changes = HttpPipelineBuilder.Build(changes, token);

        var alerts = Plain(new PlainOptions(), transport);
        alerts.Retry.MaxRetries = 0;
        alerts.AddPolicy(new AlertStates.Guard(), HttpPipelinePosition.BeforeTransport);
        AlertChanges = HttpPipelineBuilder.Build(alerts, token);
    }

    public ArmEndpoint Endpoint { get; }

    public HttpPipeline Reads { get; }

    /// <summary>Reads as whoever acts: its own rights, and what became of what it began.</summary>
    public HttpPipeline ActorReads { get; }

    /// <summary>Azure's own client, for resources as such: its pipeline, too, can only read.</summary>
    public ArmClient Resources { get; }

    public HttpPipeline Queries { get; }

    public HttpPipeline Changes { get; }

    /// <summary>Acknowledges and closes alerts, and can do nothing else.</summary>
    public HttpPipeline AlertChanges { get; }

    /// <summary>Of the resources that are read whole.</summary>
    private static (ResourceType Type, string Version)[] ApiVersions =>
    [
        ("Microsoft.Web/sites", "2023-12-01"), ("Microsoft.Web/sites/slots", "2023-12-01"), ("Microsoft.Web/serverfarms", "2023-12-01"),
    ];

    private static T Reading<T>(T options, HttpPipelineTransport transport) where T : ClientOptions
    {
        Plain(options, transport);
        options.RetryPolicy = new ReadRetry();
        options.AddPolicy(new OnlyGet(), HttpPipelinePosition.BeforeTransport);
        return options;
    }

    private static T Plain<T>(T options, HttpPipelineTransport transport) where T : ClientOptions
    {
        options.Transport = transport;
        options.Retry.NetworkTimeout = Timeout.InfiniteTimeSpan;
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsLoggingContentEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        options.Diagnostics.ApplicationId = "RunModes.Bot";
        return options;
    }

    /// <summary>For what is sent once, to one host, and can be nothing but what its guard knows.</summary>
    public static HttpPipeline Narrow(HttpClient client, HostToken token, HttpPipelinePolicy guard)
    {
        client.Timeout = Timeout.InfiniteTimeSpan;
        var options = Plain(new PlainOptions(), new HttpClientTransport(client));
        options.Retry.MaxRetries = 0;
        options.AddPolicy(guard, HttpPipelinePosition.BeforeTransport);
        return HttpPipelineBuilder.Build(options, token);
    }

    private sealed class PlainOptions : ClientOptions;
}
