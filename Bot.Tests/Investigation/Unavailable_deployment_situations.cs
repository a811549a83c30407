using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Investigation;

public sealed class Unavailable_deployment_situations
{
    private const string Elsewhere = $"/subscriptions/{Known.Subscription}/resourceGroups/rg-aks/providers/Microsoft.ContainerService/managedClusters";

    private static FakeDeployment Deaf => FakeCluster.Deaf;

    private static FakeDeployment Each(FakeDeployment of, Func<FakePod, FakePod> change) => of with { Pods = [.. of.Pods.Select(change)] };

    private static FakeDeployment First(FakeDeployment of, Func<FakePod, FakePod> change) => of with { Pods = [change(of.Pods[0]), .. of.Pods.Skip(1)] };

    /// <summary>Situation → the world, where to look, the conclusion, and words the finding must hold.</summary>
    private static readonly Dictionary<string, (Func<ClusterWorld> World, string Target, Conclusion Conclusion, string Says)> Table = new()
    {
        ["sick: runs and does not answer"] = Row(Deaf, Conclusion.Sick, "shop/web is unavailable since 02:50 UTC: 0 of 3 pods are ready, and all of them run"),
        ["one of three still answers"] = Row(First(Deaf, p => p with { Ready = true }) with { Available = 1 }, Conclusion.Sick, "1 of 3 pods are ready"),
        ["restarted yesterday"] = Row(Deaf with { Revisions = [new("web-7d9c8f6b5", 7, 1500, "shop:1.8") { Restarted = 1500 }] }, Conclusion.Sick, "is unavailable"),
        ["never sick"] = Row(FakeCluster.Well, Conclusion.NeverSick, "3 of 3 pods of shop/web are ready; nothing to do"),
        ["recovered meanwhile"] = Row(FakeCluster.Well with { IsAvailable = (true, 5) }, Conclusion.Recovered, "is available again since 03:05 UTC"),
        ["recovered meanwhile by a restart of a container"] = Row(First(FakeCluster.Well, p => p with { Restarts = 2, Ended = 12, Turned = 11 }), Conclusion.Recovered, "restarted last at 02:58 UTC"),
        ["rolled out five minutes ago"] = Row(Deaf with { Revisions = [new("web-7d9c8f6b5", 7, 5, "shop:1.8")] }, Conclusion.OtherCause, "revision 7 was rolled out at 03:05 UTC"),
        ["changed this moment"] = Row(Deaf with { Generation = 10 }, Conclusion.OtherCause, "the cluster has not taken that up yet"),
        ["restarted twenty minutes ago, in vain"] = Row(Deaf with { Revisions = [new("web-7d9c8f6b5", 7, 20, "shop:1.8") { Restarted = 20 }] }, Conclusion.OtherCause, "was restarted at 02:50 UTC already; a further restart would not help"),
        ["a rollout is under way"] = Row(Deaf with { Updated = 1, Rollout = ("True", "ReplicaSetUpdated") }, Conclusion.OtherCause, "its rollout of revision 7 is under way"),
        ["a rollout is stuck"] = Row(Deaf with { Rollout = ("False", "ProgressDeadlineExceeded") }, Conclusion.OtherCause, "does not get on (ProgressDeadlineExceeded)"),
        ["paused"] = Row(Deaf with { Paused = true }, Conclusion.OtherCause, "its rollout is paused: somebody is at work on it"),
        ["quota"] = Row(Deaf with { Failure = "pods \"web-x\" is forbidden: exceeded quota: mem\u0007ory" }, Conclusion.OtherCause, "the cluster cannot make its pods: pods \"web-x\" is forbidden: exceeded quota: mem ory"),
        ["no place for pods"] = Row(First(Deaf, p => p with { Phase = "Pending", Unscheduled = "0/3 nodes are available: 3 Insufficient cpu." }), Conclusion.OtherCause, "no place for pods: 0/3 nodes are available: 3 Insufficient cpu"),
        ["image cannot be pulled"] = Row(First(Deaf, p => p with { Phase = "Pending", Waiting = "ImagePullBackOff" }), Conclusion.OtherCause, "an image cannot be had (ImagePullBackOff in container app)"),
        ["a config map is missing"] = Row(First(Deaf, p => p with { Phase = "Pending", Waiting = "CreateContainerConfigError" }), Conclusion.OtherCause, "look for a config map"),
        ["pods are starting"] = Row(First(Deaf, p => p with { Created = 2 }), Conclusion.OtherCause, "are being made or are starting"),
        ["a pod is being taken away"] = Row(First(Deaf, p => p with { Deleting = true }), Conclusion.OtherCause, "are being made or are starting"),
        ["one of four is not ready, as it may be"] = Row(First(FakeCluster.Well with { Available = 2 }, p => p with { Ready = false, Turned = 20 }), Conclusion.OtherCause, "as many as it is allowed to do without"),
        ["scaled to 0 on purpose"] = Row(Deaf with { Wanted = 0, Pods = [] }, Conclusion.StoppedOnPurpose, "is scaled to 0 pods; it stays as it is"),
        ["for two minutes only"] = Row(Each(Deaf, p => p with { Turned = 2 }) with { IsAvailable = (false, 2) }, Conclusion.CouldNotTell, "only since 03:08 UTC: too short to tell"),
        ["since when is missing"] = Row(Deaf with { IsAvailable = null }, Conclusion.CouldNotTell, "since when the cluster does not say"),
        ["its revision is missing"] = Row(Deaf with { Revision = null }, Conclusion.CouldNotTell, "which revision of shop/web runs could not be told"),
        ["deployment forbidden (403)"] = Row(Deaf, Conclusion.CouldNotTell, "may not read deployments.apps in namespace shop of cluster aks1; grant it a Role", c => c.Fails("deployment", "Error from server (Forbidden): deployments.apps is forbidden")),
        ["pods forbidden (403)"] = Row(Deaf, Conclusion.CouldNotTell, "may not read pods in namespace shop", c => c.Fails("pods", "Error from server (Forbidden): pods is forbidden")),
        ["revisions forbidden (403)"] = Row(Deaf, Conclusion.CouldNotTell, "may not read replicasets.apps", c => c.Fails("replicasets", "Error from server (Forbidden): no")),
        ["the cluster does not answer"] = Row(Deaf, Conclusion.CouldNotTell, "i/o timeout", c => c.Fails("deployment", "Unable to connect to the server: dial tcp 10.0.0.1:443: i/o timeout")),
        ["garbage"] = Row(Deaf, Conclusion.CouldNotTell, "could not be understood", c => c.Raw("deployment", "<html>not kubernetes</html>")),
        ["an answer about another deployment"] = Row(Deaf, Conclusion.CouldNotTell, "could not be understood", c => c.Raw("deployment", FakeCluster.Deaf.Body(ClusterWorld.Now).ToJsonString().Replace("\"web\"", "\"api\"", StringComparison.Ordinal))),
        ["pods cut off"] = Row(Deaf, Conclusion.CouldNotTell, "the pods of shop/web could not be read", c => c.Raw("pods", """{"kind":"List","items":[{"meta""")),
        ["gone"] = Row(Deaf, Conclusion.Gone, "deployment shop/web does not exist in cluster aks1", c => File.Delete(Path.Combine(c.Kubectl.Folder, "deployment.json"))),
        ["being deleted"] = Row(Deaf with { Deleting = true }, Conclusion.Gone, "is being deleted"),
        ["a namespace that is none of the settings"] = Row(Deaf, Conclusion.CouldNotTell, "'kube-system' is none of the namespaces", target: $"{FakeCluster.Id}/namespaces/kube-system/deployments/web"),
        ["a cluster that is none of the settings"] = Row(Deaf, Conclusion.CouldNotTell, "aks9 is none of the clusters that the bot may look into (Commands:Clusters)", target: $"{Elsewhere}/aks9/namespaces/shop/deployments/web"),
        ["wrong type: a pod of no deployment"] = Row(Deaf, Conclusion.NoRunbook, "there is no runbook for a pod", target: $"{FakeCluster.Id}/namespaces/shop/pods/db-0"),
        ["the cluster and nothing in it"] = Row(Deaf, Conclusion.NoRunbook, "names cluster aks1 and nothing in it", target: FakeCluster.Id),
    };

    public static TheoryData<string> Situations => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task A_situation_has_its_own_conclusion_and_only_what_runs_and_is_deaf_is_restarted(string situation)
    {
        var (make, target, conclusion, says) = Table[situation];
        using var world = make();

        var (finding, remedy) = await world.Investigate(target);

        Assert.Equal((conclusion, conclusion == Conclusion.Sick), (finding.Conclusion, remedy is not null));
        Assert.Contains(says, finding.Present, StringComparison.Ordinal);
        Assert.All(world.Cluster.Kubectl.Calls, call => Assert.Equal("get", call[0]));
    }

    [Fact]
    public void The_table_covers_every_conclusion() =>
        Assert.Equal(Enum.GetValues<Conclusion>().Except([Conclusion.Informed]).ToHashSet(), Table.Values.Select(row => row.Conclusion).ToHashSet());

    [Fact]
    public async Task The_remedy_is_a_restart_bound_to_the_deployment_as_it_was_seen()
    {
        using var world = ClusterWorld.Of(Deaf);

        var (finding, remedy) = await world.Investigate();

        Assert.Equal(("shop/web was unavailable", "Restart deployment 'shop/web' in cluster aks1"), (finding.Past, remedy!.Operation.Title));
        Assert.Equal(["kubectl", "rollout", "restart", "deployments.apps/web", "--context", "admin", "--namespace", "shop", "--request-timeout", "20s"], remedy.Operation.Lines);
        Assert.Equal(["object is 5a1c0f8e-8f0e-4e0b-9a5e-0d3c3a7e1f11", "revision is 7", "rollout is not paused"], remedy.Operation.Preconditions.Select(p => $"{p.Label} is {p.Value}"));
        Assert.Equal((Provenance.Runbook, "unavailable", "available"), (remedy.Provenance, remedy.Recovery!.Say(0), remedy.Recovery.Say(1)));
        Assert.Equal(
            [
                "Deployment: 0 of 3 pods available, revision 7, rollout complete at 03:10 UTC",
                "Pods: web-7d9c8f6b5-b7c9d Running, not ready since 02:50; web-7d9c8f6b5-q5w8z Running, not ready since 02:50; web-7d9c8f6b5-x2x4k Running, not ready since 02:50",
                "Revisions: 7 since 2026-03-01 08:30; 6 in service 2026-02-25 21:10 to 2026-03-01 08:30",
            ],
            finding.Evidence.Select(line => $"{line.Label}: {line.Text}"));
        Assert.Contains("get pods --selector app=web --output json --context admin --namespace shop", world.Cluster.Kubectl.Calls.Select(c => string.Join(' ', c.Take(10))));
    }

    [Theory]
    [InlineData(8, "03:02")]
    [InlineData(40, "02:30")]
    public async Task Other_times_give_other_numbers(double minutes, string since)
    {
        using var world = ClusterWorld.Of(Each(Deaf, p => p with { Turned = minutes }) with { IsAvailable = (false, minutes) });

        Assert.Contains($"since {since} UTC", (await world.Investigate()).Finding.Present, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_plan_that_allows_only_the_other_runbook_gets_no_restart()
    {
        using var world = ClusterWorld.Of(Deaf);

        var (finding, remedy) = await world.Investigate(plan: Plan("deployment-crash-loop"));

        Assert.Equal((Conclusion.OtherCause, true), (finding.Conclusion, remedy is null));
        Assert.Contains("The plan does not allow the runbook for that, deployment-unavailable", finding.Present, StringComparison.Ordinal);
    }

    internal static ResponsePlan Plan(params string[] runbooks) => new() { Name = "kube", Platform = Platform.AzureMonitor, Runbooks = runbooks, Version = 1 };

    private static (Func<ClusterWorld>, string, Conclusion, string) Row(FakeDeployment deployment, Conclusion conclusion, string says, Action<FakeCluster>? change = null, string target = FakeCluster.Web) =>
        (() => ClusterWorld.Of(deployment).With(change ?? (_ => { })), target, conclusion, says);
}
