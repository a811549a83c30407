using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;
using RunModes.Bot.Tests.Support.Kubernetes;

namespace RunModes.Bot.Tests.Execution;

/// <summary>The bot's probe, executor and reads with the real kubectl against a real API server that knows RBAC, rollouts and revisions.</summary>
public sealed class RealKubernetesTests
{
    [Theory]
    [InlineData("rollout restart deployment/web")]
    [InlineData("rollout restart statefulset/web")]
    [InlineData("rollout undo deployment/web --to-revision 1")]
    [InlineData("rollout undo daemonset/web --to-revision 1")]
    [InlineData("rollout pause deployment/web")]
    [InlineData("scale deployment/web --replicas 3")]
    [InlineData("scale statefulset/web --replicas 3")]
    [InlineData("set image deployment/web app=" + ClusterSpace.Newer)]
    public async Task What_the_preflight_asks_for_is_enough_and_without_any_of_it_the_cluster_refuses(string typed)
    {
        var space = await Space();
        var kind = typed.Contains("deployment", StringComparison.Ordinal) ? "deployments" : typed.Contains("stateful", StringComparison.Ordinal) ? "statefulsets" : "daemonsets";
        await space.Deploy(kind: kind);
        await space.SetImage("registry.example/web:2", kind: kind);
        var agent = new ClusterAgent(space);
        var needed = KubectlRights.Of(agent.Call(typed)).ToList();
        var before = (await space.Of(kind: kind))["metadata"]!["generation"]!.GetValue<long>();

        foreach (var missing in needed)
        {
            await space.Grant([.. needed.Except([missing]).DefaultIfEmpty("list events")]);
            var permission = (await agent.Probe.OfCluster(agent.Call(typed), Cancellation)).Permission;
            Assert.True(permission.State == PermissionState.Missing, permission.Words);
            Assert.Contains($"may not {missing} ", permission.Words, StringComparison.Ordinal);
            // Whoever runs it all the same is refused by the cluster: the right is needed.
            var refused = await agent.Execute(typed);
            Assert.True((refused.Outcome, refused.Code) == (Outcome.Failed, "Forbidden"), $"without {missing}: {refused}");
        }

        Assert.Equal(before, (await space.Of(kind: kind))["metadata"]!["generation"]!.GetValue<long>());
        await space.Grant([.. needed]);
        var granted = (await agent.Probe.OfCluster(agent.Call(typed), Cancellation)).Permission;
        Assert.True(granted.State == PermissionState.Granted, granted.Words);
        Assert.Equal(before, (await space.Of(kind: kind))["metadata"]!["generation"]!.GetValue<long>());
        var done = await agent.Execute(typed);
        Assert.True(done.Outcome == Outcome.Succeeded, done.Message);
        Assert.Equal(before + 1, (await space.Of(kind: kind))["metadata"]!["generation"]!.GetValue<long>());
    }

    [Theory]
    [InlineData("rollout resume deployment/web", "", "NotPaused nothing", "is not paused")]
    [InlineData("rollout pause deployment/web", "rollout pause deployment/web", "AlreadyPaused nothing", "is already paused")]
    [InlineData("rollout restart deployment/web", "rollout pause deployment/web", "Paused nothing", "run rollout resume first")]
    [InlineData("rollout undo deployment/web --to-revision 1", "rollout pause deployment/web", "Paused nothing", "resume it first")]
    [InlineData("rollout undo deployment/web --to-revision 9", "", "NoSuchRevision nothing", "unable to find specified revision 9")]
    [InlineData("set image deployment/web other=" + ClusterSpace.Newer, "", "NoSuchContainer nothing", "unable to find container named")]
    [InlineData("scale deployment/none --replicas 3", "", "NotFound nothing", "not found")]
    [InlineData("rollout restart deployment/none", "", "NotFound sent", "not found")]
    public async Task What_kubectl_or_the_cluster_did_not_do_is_said_to_have_failed_and_not_that_nobody_knows(string typed, string first, string expected, string told)
    {
        var space = await Space();
        await space.GrantAll();
        await space.Deploy();
        var agent = new ClusterAgent(space);
        if (first.Length > 0)
        {
            Assert.Equal(Outcome.Succeeded, (await agent.Execute(first)).Outcome);
        }

        var before = (await space.Of())["spec"]!.ToJsonString();
        var result = await agent.Execute(typed);
        Assert.True((result.Outcome, $"{result.Code} {(result.Sent ? "sent" : "nothing")}") == (Outcome.Failed, expected), $"{result}");
        Assert.Contains(told, result.Message, StringComparison.Ordinal);
        Assert.Equal(before, (await space.Of())["spec"]!.ToJsonString());
        // What can be known before a person is asked is known then.
        var permission = (await agent.Probe.OfCluster(agent.Call(typed), Cancellation)).Permission;
        Assert.NotEqual(PermissionState.Granted, permission.State);
        Assert.Contains(told, permission.Words, StringComparison.Ordinal);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static async Task<ClusterSpace> Space() => await (await ControlPlane.Shared()).NewSpace();
}
