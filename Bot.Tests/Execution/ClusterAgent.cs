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
    private readonly ToolRunner _runner;

    public ClusterAgent(ClusterSpace space, string? kubectl = null, string? kubeConfig = null, Dictionary<string, string?>? more = null)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection(space.Settings(kubectl, kubeConfig)).AddInMemoryCollection(more ?? []).Build();
        Assert.Empty(CommandSettings.Problems(settings));
        var around = ToolSurroundings.From(settings);
        _settings = around.Settings;
        _runner = new ToolRunner(new Subprocess(TimeProvider.System), around, TimeProvider.System);
        (Probe, _executor, _reads) = (new ToolProbe(_runner), new ToolExecutor(_runner, Context, NullLogger<ToolExecutor>.Instance), new ToolReads(_runner));
    }

    public ToolProbe Probe { get; }

    public Operation.ToolCall Call(string typed) => Operation.ToolCall.Of(Understood(typed), Context);

    public Task<ToolOutput> Read(string typed) => _reads.Read(Understood(typed), TestContext.Current.CancellationToken);

    /// <summary>With a permit that was won as always: nobody asked the cluster before.</summary>
    public async Task<ExecutionResult> Execute(string typed)
    {
        using var agent = new Agent(new HttpClientHandler(), new Token("x"), new HandClock());
        using var ready = await _runner.Prepare(CommandTool.Kubectl, TestContext.Current.CancellationToken);
        return await _executor.Execute(await agent.Permit(Call(typed)), ready, TestContext.Current.CancellationToken);
    }

    private CommandReading.Understood Understood(string typed) => Assert.IsType<CommandReading.Understood>(_settings.Read(CommandTool.Kubectl, typed));
}
