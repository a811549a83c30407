using RunModes.Bot.Execution;
using RunModes.Bot.Incidents;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Investigation;

/// <summary>The runbooks of deployments over the real runner and real processes; a script stands where kubectl would.</summary>
internal sealed class ClusterWorld : IDisposable
{
    /// <summary>Ten past three, as everywhere.</summary>
    public static readonly DateTimeOffset Now = AzureWorld.Now;

    public static readonly AzureContext Agent = new("AzureCloud", "7d1c0a5e-3b0f-4a52-9c57-0f5e8a1b2c3d", AzureWorld.AgentClient);

    public FakeCluster Cluster { get; } = new();

    public ClusterReader Reader
    {
        get
        {
            var clock = new Stopped();
            var settings = new CommandSettings("/nowhere/az", Cluster.Kubectl.Executable, [], [new(new("prod", ResourceId.Parse(FakeCluster.Id), "admin", ["shop"]), Cluster.Kubectl.Config)]);
            var around = new ToolSurroundings(settings, new([], "", () => ""), new Dictionary<string, string>());
            return new(new ToolReads(new ToolRunner(new Subprocess(clock), around, clock)), settings, clock);
        }
    }

    public static ClusterWorld Of(FakeDeployment deployment)
    {
        var world = new ClusterWorld();
        world.Cluster.Says(deployment, Now);
        return world;
    }

    public ClusterWorld With(Action<FakeCluster> change)
    {
        change(Cluster);
        return this;
    }

    public Task<Investigated> Investigate(string target = FakeCluster.Web, ResponsePlan? plan = null, Platform platform = Platform.AzureMonitor)
    {
        var clusters = Reader;
        var incident = new AzureWorld().Alert(target: target) with { Platform = platform };
        return new RunbookInvestigator(new DeploymentRunbooks(clusters, Agent).All, clusters.Clock).Investigate(incident, plan, TestContext.Current.CancellationToken);
    }

    public void Dispose() => Cluster.Dispose();

    private sealed class Stopped : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => Now;
    }
}
