using System.Text.Json.Nodes;
using RunModes.Bot.Cards;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Tests.Cards;

/// <summary>What the runbooks of deployments put on a card.</summary>
internal static class KubernetesSamples
{
    private static readonly KubernetesObject Web = KubernetesObject.Of(ResourceId.Parse($"{Sample.App.Group}/providers/Microsoft.ContainerService/managedClusters/aks-prod"), "shop", "deployments", "web")!;
    private static readonly KubectlReader Reader = new([new("prod", Web.Cluster, "aks-prod", ["shop"])]);

    public static IEnumerable<KeyValuePair<string, Func<JsonObject>>> Cards => new Dictionary<string, CardModel>
    {
        ["awaiting-restart"] = Unavailable(ProposalStatus.AwaitingApproval),
        ["done-restarted"] = Unavailable(ProposalStatus.Succeeded),
        ["awaiting-rollback"] = CrashLoop(ProposalStatus.AwaitingApproval),
        ["done-rolled-back"] = CrashLoop(ProposalStatus.Succeeded),
    }.Select(c => KeyValuePair.Create<string, Func<JsonObject>>($"deployment-{c.Key}", () => ReviewCard.Render(c.Value)));

    private static CardModel Unavailable(ProposalStatus status) => RunbookSamples.Of(status, "KubeDeploymentReplicasMismatch", Operation("rollout restart deployments.apps/web"), Signal("available", "unavailable"), before: 0, after: 1, new(
        Conclusion.Sick, "shop/web", "shop/web is unavailable since 02:43 UTC: 0 of 3 pods are ready, and all of them run", "shop/web was unavailable",
        [
            new("Deployment", "0 of 3 pods available, revision 7, rollout complete at 03:03 UTC"),
            new("Pods", "web-7d9c8f6b5-b7c9d Running, not ready since 02:43; web-7d9c8f6b5-q5w8z Running, not ready since 02:43; web-7d9c8f6b5-x2x4k Running, not ready since 02:44"),
            new("Revisions", "7 since 2026-11-21 09:12; 6 in service 2026-11-14 10:00 to 2026-11-21 09:12"),
        ],
        new("Pod health", 0, "", Sample.Fired), Sample.Fired.AddMinutes(1))) with { Permission = "the cluster grants get deployments.apps, patch deployments.apps for 'web' in shop; kubectl has no dry run of it, and the object is there" };

    private static CardModel CrashLoop(ProposalStatus status) => RunbookSamples.Of(status, "KubePodCrashLooping", Operation("rollout undo deployments.apps/web --to-revision 6"), Signal("running steadily", "crash looping"), before: 0, after: 1, new(
        Conclusion.Sick, "shop/web", "1 of 3 pods of shop/web crash again and again since its rollout at 02:22 UTC (revision 7)", "shop/web crashed again and again after a rollout",
        [
            new("Deployment", "2 of 3 pods available, revision 7, rollout stuck at 03:03 UTC"),
            new("Pods", "web-7d9c8f6b5-x2x4k CrashLoopBackOff, 11 restarts, last end 03:01 with 1; web-5c4b7f9d8-b7c9d ready since 2026-11-21 09:14; web-5c4b7f9d8-q5w8z ready since 2026-11-21 09:14"),
            new("Revisions", "7 since 02:22; 6 in service 2026-11-21 09:12 to 02:22, 2 pods ready; 5 in service 2026-11-14 10:00 to 2026-11-21 09:12"),
            new("Changed since revision 6", "image registry.contoso.example/shop:1.7 → registry.contoso.example/shop:1.8, env of container app"),
        ],
        new("Pod health", 0, "", Sample.Fired), Sample.Fired.AddMinutes(1))) with { Permission = "the cluster grants get deployments.apps, patch deployments.apps, list replicasets.apps for 'web' in shop; dry run on the server: deployment.apps/web rolled back (server dry run)" };

    private static Operation.ToolCall Operation(string words)
    {
        var read = (CommandReading.Understood)Reader.Read($"{words} --context prod --namespace shop");
        Precondition Seen(string label, string member, string value) => new(label, Web.Id, Web.Kind.Canonical, member, value);
        return Bot.Proposals.Operation.ToolCall.Of(read, Sample.Azure) with
        {
            DependsOn = [Seen("object", "uid", "5a1c0f8e-8f0e-4e0b-9a5e-0d3c3a7e1f11"), Seen("revision", "revision", "7"), Seen("rollout", "rollout", "not paused")],
        };
    }

    private static RecoverySignal Signal(string normal, string otherwise) => RecoverySignal.OfState("Pod health", ClusterSteadiness.Of(Web), "") with { InWords = new(normal, otherwise) };
}
