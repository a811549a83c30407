using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;
using RunModes.Bot.Tests.Investigation;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Execution;

/// <summary>What a kubectl change is bound to, and what becomes of it when that changed.</summary>
public sealed class ClusterBindingTests
{
    private static readonly KubectlReader Reader = new([new("prod", ResourceId.Parse(FakeCluster.Id), "admin", ["shop"])]);

    [Theory]
    [InlineData("rollout restart deployment/web", "object, revision, rollout")]
    [InlineData("rollout undo deployment/web --to-revision 6", "object, revision, rollout")]
    [InlineData("rollout pause deployment/web", "object, revision, rollout")]
    [InlineData("set image deployment/web app=r/web@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef", "object, revision, rollout")]
    [InlineData("scale deployment/web --replicas 5", "object, revision, wanted pods")]
    public void Every_change_is_bound_to_the_object_that_was_seen_and_the_fingerprint_holds_it(string typed, string labels)
    {
        var bound = Bound(typed, FakeCluster.Well)!;

        Assert.Equal(labels, string.Join(", ", bound.Preconditions.Select(p => p.Label)));
        Assert.NotEqual(Fingerprint.Of(bound), Fingerprint.Of(bound with { DependsOn = null }));
        Assert.NotEqual(Fingerprint.Of(bound), Fingerprint.Of(Bound(typed, FakeCluster.Well with { Revision = "8" })!));
        Assert.Equal(Fingerprint.IntentKey(bound), Fingerprint.IntentKey(Bound(typed, FakeCluster.Well with { Revision = "8" })!));
    }

    [Fact]
    public void Kubectl_itself_is_held_to_the_number_of_pods()
    {
        Assert.Contains("--replicas 5 --current-replicas 3", string.Join(' ', Bound("scale deployment/web --replicas 5", FakeCluster.Well)!.Arguments), StringComparison.Ordinal);
        var other = ToolAnswer.Judge(CommandTool.Kubectl, new ProgramEnd.Exited(1, "", "error: Expected replicas to be 3, was 4\n"));
        Assert.Equal((Outcome.Failed, "NotAsSeen", false), (other.Outcome, other.Code, other.Sent));
    }

    [Fact]
    public void What_was_not_seen_is_not_bound()
    {
        Assert.Null(Bound("rollout restart deployment/web", FakeCluster.Well with { Deleting = true }));
        Assert.Null(Bound("rollout restart deployment/web", FakeCluster.Well with { Generation = 10 }));
        Assert.Null(Bound("rollout restart deployment/web", FakeCluster.Well with { Uid = "no uid" }));
        Assert.Null(Bind("rollout restart deployment/web", new ArmAnswer.NotFound("NotFound", "")).Bound);
        Assert.True(Bind("rollout restart deployment/web", new ArmAnswer.NotFound("NotFound", "")).Gone);
        Assert.Contains("grant it a Role", Bind("rollout restart deployment/web", new ArmAnswer.Forbidden("Forbidden", "")).Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("rollout restart deployment/web", "as it was", "unchanged")]
    [InlineData("rollout restart deployment/web", "revision", "changed: revision was 7, is now 8")]
    [InlineData("rollout restart deployment/web", "paused", "changed: rollout was not paused, is now paused")]
    [InlineData("rollout restart deployment/web", "scaled", "unchanged")]
    [InlineData("rollout restart deployment/web", "status", "unchanged")]
    [InlineData("rollout restart deployment/web", "deleting", "gone: shop/web is being deleted.")]
    [InlineData("rollout restart deployment/web", "not taken up", "could not tell")]
    [InlineData("rollout undo deployment/web --to-revision 6", "revision", "gone: What it was proposed for is not so any more: revision was 7, is now 8.")]
    [InlineData("scale deployment/web --replicas 5", "scaled", "gone: What it was proposed for is not so any more: wanted pods was 3, is now 4.")]
    [InlineData("scale deployment/web --replicas 5", "status", "unchanged")]
    public async Task What_it_is_bound_to_is_read_again(string typed, string what, string expected)
    {
        using var world = ClusterWorld.Of(what switch
        {
            "revision" => FakeCluster.Well with { Revision = "8", Generation = 10, Observed = 10 },
            "paused" => FakeCluster.Well with { Paused = true },
            "scaled" => FakeCluster.Well with { Wanted = 4, Generation = 10, Observed = 10 },
            "status" => FakeCluster.Well with { Available = 1, There = 2 },
            "deleting" => FakeCluster.Well with { Deleting = true },
            "not taken up" => FakeCluster.Well with { Generation = 10 },
            _ => FakeCluster.Well,
        });
        var standing = await new PreconditionProbe(null!, world.Reader).Look(Bound(typed, FakeCluster.Well)!, TestContext.Current.CancellationToken);

        Assert.Equal(expected, standing switch
        {
            Standing.Unchanged => "unchanged",
            Standing.Changed changed => $"changed: {string.Join(", ", changed.Words)}",
            Standing.Gone gone => $"gone: {gone.Why}",
            _ => "could not tell",
        });
    }

    [Theory]
    [InlineData("well", "true")]
    [InlineData("ready for half a minute", "false")]
    [InlineData("one crashes", "false")]
    [InlineData("an old pod is left", "false")]
    [InlineData("not taken up", "false")]
    [InlineData("pods of another deployment crash", "true")]
    [InlineData("pods cannot be read", null)]
    public async Task Steady_is_what_runs_whole_for_a_minute(string what, string? expected)
    {
        var well = FakeCluster.Well;
        using var world = ClusterWorld.Of(what switch
        {
            "ready for half a minute" => well with { Pods = [well.Pods[0] with { Turned = 0.5 }, .. well.Pods.Skip(1)] },
            "one crashes" => well with { Pods = [well.Pods[0] with { Restarts = 3, Waiting = "CrashLoopBackOff" }, .. well.Pods.Skip(1)] },
            "an old pod is left" => well with { There = 4 },
            "not taken up" => well with { Generation = 10 },
            "pods of another deployment crash" => well with { Pods = [.. well.Pods, new("web-api-5c4b7f9d8-b7c9d", "web-api-5c4b7f9d8", false, 40, 40) { Restarts = 9, Waiting = "CrashLoopBackOff" }] },
            _ => well,
        });
        if (what == "pods cannot be read")
        {
            world.Cluster.Fails("pods", "Error from server (Forbidden): no");
        }

        Assert.Equal(expected, await ClusterSteadiness.Read(world.Reader, KubernetesObject.Of(ResourceId.Parse(FakeCluster.Web))!, TestContext.Current.CancellationToken));
    }

    private static Operation.ToolCall? Bound(string typed, FakeDeployment seen) =>
        Bind(typed, new ArmAnswer.Found(System.Text.Json.JsonDocument.Parse(seen.Body(ClusterWorld.Now).ToJsonString()).RootElement)).Bound;

    private static (Operation.ToolCall? Bound, string Why, bool Gone) Bind(string typed, ArmAnswer seen) =>
        ClusterBinding.Bind(Assert.IsType<CommandReading.Understood>(Reader.Read($"{typed} --namespace shop")), ClusterWorld.Agent, Reader, seen);
}
