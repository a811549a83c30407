using Microsoft.Extensions.Logging.Abstractions;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Execution;

/// <summary>The tests that start the real az, one class after the other: each start takes a second of a processor.</summary>
[CollectionDefinition(Name)]
public sealed class RealAz
{
    public const string Name = "the real az";

    public static string Program => Counterpart.RequireFile("/usr/bin/az", "The Azure CLI is not installed (apt-get install azure-cli): what it sends and how it ends is not tested here.");
}

/// <summary>The bot's own way to az: reader, preparation, permit, executor and reads, with the real program at its end and a fake cloud behind a proxy.</summary>
internal sealed class AzWorld(FakeCloud cloud, AzArm arm, string program, IReadOnlyDictionary<string, string> network) : IAsyncDisposable
{
    private static readonly AzureContext Context = new("AzureCloud", Known.Tenant, Known.AgentClientId);
    private readonly CommandSettings _settings = new(program, "/usr/bin/kubectl", [Known.Subscription], []);

    private ToolRunner? _runner;

    public FakeCloud Cloud => cloud;

    public AzArm Arm => arm;

    /// <summary>It stands still unless a test moves it: a permit that is ten seconds old on a slow machine is another test's.</summary>
    public HandClock Clock { get; } = new();

    public ToolReads Reads => new(Runner);

    private ToolRunner Runner => _runner ??= new(new Subprocess(Clock), new ToolSurroundings(
        _settings, new(["login", "--service-principal", "--username", Known.AgentClientId, "--tenant", Known.Tenant, "--allow-no-subscriptions"], "--password", () => Known.AgentSecret), network), Clock);

    /// <param name="network">Null: the way out that the cloud offers.</param>
    public static async Task<AzWorld> New(string? program = null, Func<IReadOnlyDictionary<string, string>, IReadOnlyDictionary<string, string>>? network = null)
    {
        program ??= RealAz.Program;
        var cloud = await FakeCloud.Start(cancellation: TestContext.Current.CancellationToken);
        var arm = AzResources.Fill(new AzArm());
        cloud.Replace(arm);
        return new(cloud, arm, program, network is null ? cloud.Environment : network(cloud.Environment));
    }

    public CommandReading.Understood Understood(string typed) => Assert.IsType<CommandReading.Understood>(_settings.Read(CommandTool.Az, typed));

    public Task<ToolOutput> Read(string typed) => Reads.Read(Understood(typed), TestContext.Current.CancellationToken);

    public async Task<ExecutionResult> Execute(string typed, CancellationToken? cancellation = null)
    {
        using var agent = new Agent(new HttpClientHandler(), new Token("x"), Clock);
        var call = Operation.ToolCall.Of(Understood(typed), Context);
        using var ready = await new ToolPreparation(Runner).Prepare(call, cancellation ?? TestContext.Current.CancellationToken);
        return await new ToolExecutor(Runner, Context, NullLogger<ToolExecutor>.Instance).Execute(await agent.Permit(call), ready!, cancellation ?? TestContext.Current.CancellationToken);
    }

    public ValueTask DisposeAsync() => cloud.DisposeAsync();
}
