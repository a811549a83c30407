using Azure.Core;
using Azure.Core.Pipeline;

namespace RunModes.Bot.Execution;

/// <summary>
/// The agent's way to Azure, twice: one pipeline that can only read and may try again, one that can only spend a permit and never does.
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
        // Shared, so that a token a read had to renew is also the one the next change uses.
        var token = new ArmToken(identity.Credential, Endpoint);

        var reads = Options(transport);
        reads.RetryPolicy = new ReadRetry();
        reads.AddPolicy(new OnlyGet(), HttpPipelinePosition.BeforeTransport);
        Reads = HttpPipelineBuilder.Build(reads, token);

        var changes = Options(transport);
        changes.Retry.MaxRetries = 0;
        changes.AddPolicy(new PermitAtTheWire(), HttpPipelinePosition.BeforeTransport);
        Changes = HttpPipelineBuilder.Build(changes, token);
    }

    public ArmEndpoint Endpoint { get; }

    public HttpPipeline Reads { get; }

    public HttpPipeline Changes { get; }

    private static ArmClientOptions Options(HttpPipelineTransport transport) => new()
    {
        Transport = transport,
        Retry = { NetworkTimeout = Timeout.InfiniteTimeSpan },
        Diagnostics = { IsLoggingEnabled = false, IsLoggingContentEnabled = false, IsDistributedTracingEnabled = false, ApplicationId = "RunModes.Bot" },
    };

    private sealed class ArmClientOptions : ClientOptions;
}
