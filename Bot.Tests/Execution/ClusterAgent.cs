using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;
using RunModes.Bot.Tests.Support.Kubernetes;

namespace RunModes.Bot.Tests.Execution;

/// <summary>What of the bot meets a cluster, set up as the settings set it up, without the chat before it.</summary>
internal sealed class ClusterAgent
{
    private static readonly AzureContext Context = new("AzureCloud", Agent.Tenant, Agent.Client);
    private readonly CommandSettings _settings;
    private readonly ToolExecutor _executor;
    private readonly ToolReads _reads;

    public ClusterAgent(ClusterSpace space, string? kubectl = null, string? kubeConfig = null, Dictionary<string, string?>? more = null)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(space.Settings(kubectl, kubeConfig)).AddInMemoryCollection(more ?? []).Build();
        Assert.Empty(CommandSettings.Problems(settings));
        var around = ToolSurroundings.From(settings);
        _settings = around.Settings;
        var runner = new ToolRunner(new Subprocess(TimeProvider.System), around, TimeProvider.System);
        (Probe, _executor, _reads) = (new ToolProbe(runner), new ToolExecutor(runner, Context, NullLogger<ToolExecutor>.Instance), new ToolReads(runner));
    }

    public ToolProbe Probe { get; }

    public Operation.ToolCall Call(string typed) => Operation.ToolCall.Of(Understood(typed), Context);

    public Task<ToolOutput> Read(string typed) => _reads.Read(Understood(typed), TestContext.Current.CancellationToken);

    /// <summary>With a permit that was won as always: nobody asked the cluster before.</summary>
    public async Task<ExecutionResult> Execute(string typed)
    {
        using var agent = new Agent(new HttpClientHandler(), new Token("x"), new HandClock());
        return await _executor.Execute(await agent.Permit(Call(typed)), TestContext.Current.CancellationToken);
    }

    private CommandReading.Understood Understood(string typed) => Assert.IsType<CommandReading.Understood>(_settings.Read(CommandTool.Kubectl, typed));
}
