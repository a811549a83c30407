using RunModes.Bot.Execution;
using RunModes.Bot.Investigation;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Investigation;

public sealed class Crash_loop_situations
{
    private const string New = "web-7d9c8f6b5";
    private const string Old = "web-5c4b7f9d8";

    private static FakeDeployment Broken => FakeCluster.Broken;

    private static FakePod Crash(string set = New, double created = 40, int restarts = 11, double ended = 2) =>
        new($"{set}-x2x4k", set, false, created, created) { Restarts = restarts, Waiting = "CrashLoopBackOff", Ended = ended };

    private static FakeDeployment Pods(params FakePod[] pods) => Broken with { Pods = pods };

    private static FakeDeployment Revisions(params FakeRevision[] revisions) => Broken with { Revisions = revisions };

    /// <summary>Rolled out whole, because pods without a readiness probe are ready for a moment: nothing old is left.</summary>
    private static FakeDeployment Whole => Pods(Crash(), Crash() with { Name = $"{New}-b7c9d" }) with { Updated = 2, There = 2, Wanted = 2, Available = 0, IsAvailable = (false, 38), Rollout = ("True", "NewReplicaSetAvailable") };

    /// <summary>Situation → the cluster, the conclusion, the revision to go back to, and words the finding must hold.</summary>
    private static readonly Dictionary<string, (FakeDeployment World, Conclusion Conclusion, int? Back, string Says)> Table = new()
    {
        ["sick since its rollout"] = (Broken, Conclusion.Sick, 6, "1 of 3 pods of shop/web crash again and again since its rollout at 02:30 UTC (revision 7)"),
        ["sick, and nothing old serves any more"] = (Whole, Conclusion.Sick, 6, "2 of 2 pods of shop/web crash again and again since its rollout at 02:30 UTC"),
        ["up for a moment between two crashes"] = (Pods(Crash() with { Waiting = "" }), Conclusion.Sick, 6, "crash again and again"),
        ["the revision before was a failed try"] = (Revisions(new(New, 7, 40, "shop:1.8"), new("web-x", 6, 50, "shop:1.8-rc"), new(Old, 5, 4000, "shop:1.6")) with { Pods = [Crash()] }, Conclusion.Sick, 5, "(revision 7)"),
        ["never sick"] = (FakeCluster.Well, Conclusion.NeverSick, null, "nothing to do"),
        ["one crash long ago"] = (FakeCluster.Well with { Pods = [.. FakeCluster.Well.Pods.Select(p => p with { Restarts = 1, Ended = 2500 })] }, Conclusion.NeverSick, null, "nothing to do"),
        ["recovered meanwhile"] = (FakeCluster.Well with { Pods = [.. FakeCluster.Well.Pods.Select(p => p with { Restarts = 6, Ended = 20, Turned = 19 })] }, Conclusion.Recovered, null, "restarted last at 02:50 UTC and runs since"),
        ["rolled out three minutes ago"] = (Revisions(new(New, 7, 3, "shop:1.8"), new(Old, 6, 4000, "shop:1.7")) with { Pods = [Crash(created: 3, restarts: 3, ended: 0.5)] }, Conclusion.OtherCause, null, "was rolled out at 03:07 UTC, and whoever did that is looked to first"),
        ["the revision before crashes, too"] = (Pods(Crash(), Crash(Old, 4000)), Conclusion.OtherCause, null, "those of revision 6 do, too, so it is not the rollout"),
        ["another pod of the same revision runs well"] = (Pods(Crash(), new($"{New}-b7c9d", New, true, 40, 39)), Conclusion.OtherCause, null, "another of the same revision 7 runs since 02:31 UTC"),
        ["it ran for days before"] = (Revisions(new(New, 7, 4000, "shop:1.8"), new(Old, 6, 9000, "shop:1.7")) with { Pods = [Crash(created: 4000, restarts: 4)] }, Conclusion.OtherCause, null, "ran until about 03:05 UTC before it crashed first"),
        ["its pods were made anew long after the rollout"] = (Revisions(new(New, 7, 4000, "shop:1.8"), new(Old, 6, 9000, "shop:1.7")) with { Pods = [Crash()] }, Conclusion.OtherCause, null, "it ran since 2026-03-01 08:30 UTC, and these were made at 02:30 UTC"),
        ["a restart, so a changed setting outside"] = (Revisions(new(New, 7, 40, "shop:1.7") { Restarted = 40 }, new(Old, 6, 4000, "shop:1.7")), Conclusion.OtherCause, null, "runs the same as revision 6: look at its config maps"),
        ["somebody went back already"] = (Revisions(new(New, 7, 9000, "shop:1.6") { BroughtBack = true }, new(Old, 6, 4000, "shop:1.7")), Conclusion.OtherCause, null, "somebody went back to it already"),
        ["no earlier revision"] = (Revisions(new FakeRevision(New, 7, 40, "shop:1.8")) with { Pods = [Crash()] }, Conclusion.OtherCause, null, "keeps no earlier revision"),
        ["no earlier revision ran for long"] = (Revisions(new(New, 7, 40, "shop:1.8"), new("web-x", 6, 50, "shop:1.7")) with { Pods = [Crash()] }, Conclusion.OtherCause, null, "of no earlier revision is it known that it ran"),
        ["paused"] = (Broken with { Paused = true }, Conclusion.OtherCause, null, "its rollout is paused"),
        ["a setting is missing besides"] = (Pods(Crash(), Crash() with { Name = "web-y", Waiting = "CreateContainerConfigError", Ended = null, Restarts = 0 }), Conclusion.OtherCause, null, "look for a config map"),
        ["kept in Git by Argo CD"] = (Broken with { Mark = "argocd.argoproj.io/instance" }, Conclusion.OtherCause, null, "Argo CD keeps it as it stands in Git and would take a rollback back"),
        ["changed this moment"] = (Broken with { Generation = 12 }, Conclusion.OtherCause, null, "has not taken that up yet"),
        ["scaled to 0 on purpose"] = (Broken with { Wanted = 0 }, Conclusion.StoppedOnPurpose, null, "scaled to 0"),
        ["revision missing"] = (Broken with { Revision = null }, Conclusion.CouldNotTell, null, "which revision"),
    };

    public static TheoryData<string> Situations => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task A_situation_has_its_own_conclusion_and_only_what_the_rollout_broke_goes_back(string situation)
    {
        var (deployment, conclusion, back, says) = Table[situation];
        using var world = ClusterWorld.Of(deployment);

        var (finding, remedy) = await world.Investigate();

        Assert.Equal((conclusion, conclusion == Conclusion.Sick), (finding.Conclusion, remedy is not null));
        Assert.Contains(says, finding.Present, StringComparison.Ordinal);
        Assert.Equal(back is null ? null : $"Roll back deployment 'shop/web' in cluster aks1 (--to-revision {back})", remedy?.Operation.Title);
    }

    [Fact]
    public async Task The_remedy_names_the_revision_and_the_card_what_differs()
    {
        using var world = ClusterWorld.Of(Broken with { Revisions = [Broken.Revisions[0] with { Command = "serve --fast" }, .. Broken.Revisions.Skip(1)] });

        var (finding, remedy) = await world.Investigate();

        Assert.Equal(["kubectl", "rollout", "undo", "deployments.apps/web", "--to-revision", "6", "--context", "admin", "--namespace", "shop", "--request-timeout", "20s"], remedy!.Operation.Lines);
        Assert.Equal(["object", "revision", "rollout"], remedy.Operation.Preconditions.Select(p => p.Label));
        Assert.Equal(("crash looping", "running steadily"), (remedy.Recovery!.Say(0), remedy.Recovery.Say(1)));
        Assert.Equal(
            [
                "Deployment: 2 of 3 pods available, revision 7, rollout stuck at 03:10 UTC",
                "Pods: web-7d9c8f6b5-x2x4k CrashLoopBackOff, 11 restarts, last end 03:08 with 1; web-5c4b7f9d8-b7c9d ready since 2026-03-01 08:30; web-5c4b7f9d8-q5w8z ready since 2026-03-01 08:30",
                "Revisions: 7 since 02:30; 6 in service 2026-03-01 08:30 to 02:30, 2 pods ready; 5 in service 2026-02-25 21:10 to 2026-03-01 08:30",
                "Changed since revision 6: image shop:1.7 → shop:1.8, command of container app",
            ],
            finding.Evidence.Select(line => $"{line.Label}: {line.Text}"));
    }

    [Fact]
    public async Task A_plan_that_allows_only_the_other_runbook_gets_no_rollback()
    {
        using var world = ClusterWorld.Of(Broken);

        var (finding, remedy) = await world.Investigate(plan: Unavailable_deployment_situations.Plan("deployment-unavailable"));

        Assert.Equal((Conclusion.OtherCause, true), (finding.Conclusion, remedy is null));
    }

    /// <summary>Each row: restarts, seconds that it runs each time, and how long ago the first crash can have been at the earliest.</summary>
    [Theory]
    [InlineData(0, 5, 0)]
    [InlineData(1, 5, 15)]
    [InlineData(3, 0, 70)]
    [InlineData(6, 10, 670)]
    [InlineData(9, 0, 1510)]
    public void The_first_crash_follows_from_how_many_there_were(int restarts, int runs, int secondsAgo)
    {
        var last = ClusterWorld.Now;
        var first = DeploymentCrashLoop.FirstCrash(new("app", restarts, "CrashLoopBackOff", new ContainerEnd(1, "Error", last.AddSeconds(-runs), last)));
        Assert.Equal(secondsAgo, (last - first!.Value).TotalSeconds);
    }
}
