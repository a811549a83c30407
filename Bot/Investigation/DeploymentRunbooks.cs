using System.Globalization;
using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Investigation;

/// <summary>
/// All that is known to go wrong with a deployment in a cluster. Where to look the alert said; that there is such a deployment in a namespace of the settings, and what is
/// wrong with it, the cluster says.
/// </summary>
internal sealed class DeploymentRunbooks(ClusterReader clusters, AzureContext agent)
{
    public const string Unavailable = "deployment-unavailable";
    public const string CrashLoop = "deployment-crash-loop";
    private const string Signal = "Pod health";
    private const string Deployments = "deployments.apps";

    /// <summary>What keeps objects as they stand in Git says so on them.</summary>
    private static readonly (string Mark, string Keeper)[] Keepers =
        [("argocd.argoproj.io/", "Argo CD"), ("kustomize.toolkit.fluxcd.io/", "Flux"), ("helm.toolkit.fluxcd.io/", "Flux"), ("config.k8s.io/owning-inventory", "Config Sync")];

    public IReadOnlyList<Runbook> All => [new(Unavailable, Fits, Investigate), new(CrashLoop, Fits, Investigate)];

    /// <summary>An alert on a whole cluster is answered, too: what it lacks can be told.</summary>
    private static bool Fits(Incident incident, ResourceId target) => KubernetesObject.Of(target) is not null || (KubernetesObject.IsCluster(target) && incident.Platform == Platform.AzureMonitor);

    private async Task<Investigated> Investigate(ResourceId target, Allowed allowed, CancellationToken cancellation)
    {
        if (KubernetesObject.Of(target) is not { } it)
        {
            return Ended(Conclusion.NoRunbook, target.Name, $"the alert names cluster {target.Name} and nothing in it: there is a runbook for deployments, which a rule names by its labels or dimensions 'namespace' and 'deployment' or 'pod'");
        }

        if (it.Kind.Canonical != Deployments)
        {
            return Ended(Conclusion.NoRunbook, it.Says, $"there is no runbook for a {it.Kind.Label}, and {it.Says} is not one that a deployment made");
        }

        return await (await clusters.Get(it, cancellation)).Match(
            body => About(it, body, allowed, cancellation),
            (_, _) => Task.FromResult(Ended(Conclusion.Gone, it.Says, $"deployment {it.Says} does not exist in cluster {it.Cluster.Name}")),
            (_, _) => Task.FromResult(Forbidden(it, Deployments)),
            why => Task.FromResult(Ended(Conclusion.CouldNotTell, it.Says, $"{it.Says} could not be looked at: {why.TrimEnd('.')}")));
    }

    private async Task<Investigated> About(KubernetesObject it, JsonElement body, Allowed allowed, CancellationToken cancellation)
    {
        if (ClusterWorkload.Of(it, body) is not { Labels.Count: > 0 } workload)
        {
            return Ended(Conclusion.CouldNotTell, it.Says, $"the cluster's answer about {it.Says} could not be understood");
        }

        if (workload.Deleting)
        {
            return Ended(Conclusion.Gone, it.Says, $"{it.Says} is being deleted");
        }

        var sets = clusters.Beside(it, KubectlCatalogue.KindOf("replicasets")!, workload.Labels, cancellation);
        var pods = clusters.Beside(it, KubectlCatalogue.KindOf("pods")!, workload.Labels, cancellation);
        return await (await sets).Match(
            async found => (await pods).Match(
                list => Judged(Read(workload, body, found, list), allowed),
                (_, _) => Ended(Conclusion.CouldNotTell, it.Says, $"the pods of {it.Says} could not be read"),
                (_, _) => Forbidden(it, "pods"),
                why => Ended(Conclusion.CouldNotTell, it.Says, $"the pods of {it.Says} could not be read: {why.TrimEnd('.')}")),
            (_, _) => Task.FromResult(Ended(Conclusion.CouldNotTell, it.Says, $"the revisions of {it.Says} could not be read")),
            (_, _) => Task.FromResult(Forbidden(it, "replicasets.apps")),
            why => Task.FromResult(Ended(Conclusion.CouldNotTell, it.Says, $"the revisions of {it.Says} could not be read: {why.TrimEnd('.')}")));
    }

    private DeploymentReadings Read(ClusterWorkload workload, JsonElement body, JsonElement sets, JsonElement pods)
    {
        List<DeploymentRevision> revisions = [.. sets.EnumerateArray().Select(set => DeploymentRevision.Of(set, workload.Uid)).OfType<DeploymentRevision>()];
        var about = body.Child("metadata");
        var marks = ClusterWorkload.Texts(about, "labels").Keys.Concat(ClusterWorkload.Texts(about, "annotations").Keys).ToList();
        return new(
            workload, revisions, [.. pods.EnumerateArray().Select(ClusterPod.Of).OfType<ClusterPod>().Where(p => !p.Deleting && revisions.Exists(r => r.Set == p.Owner))],
            Keepers.FirstOrDefault(k => marks.Exists(m => m.StartsWith(k.Mark, StringComparison.Ordinal))).Keeper, clusters.Clock.GetUtcNow());
    }

    private Investigated Judged(DeploymentReadings read, Allowed allowed)
    {
        var judgement = DeploymentJudgement.Of(read);
        if (judgement.Runbook is { } runbook && !allowed.Has(runbook))
        {
            judgement = DeploymentJudgement.Same(Conclusion.OtherCause, $"{judgement.Present}. The plan does not allow the runbook for that, {runbook}");
        }

        var remedy = judgement.Conclusion == Conclusion.Sick ? RemedyFor(read, judgement) : null;
        var symptom = remedy is null ? null : new Measurement(Signal, 0, "", read.At);
        return judgement.Conclusion == Conclusion.Sick && remedy is null
            ? Ended(Conclusion.CouldNotTell, read.Name, $"{judgement.Present}; the command that would help is none that this agent may write")
            : new(new(judgement.Conclusion, read.Name, judgement.Present, judgement.Past, DeploymentEvidence.Of(read, judgement), symptom, read.At), remedy);
    }

    private Remedy? RemedyFor(DeploymentReadings read, DeploymentJudgement judgement)
    {
        var command = judgement.Back is { } back
            ? clusters.Command(read.Now.Is, "rollout undo", string.Create(CultureInfo.InvariantCulture, $"--to-revision {back.Number}"))
            : clusters.Command(read.Now.Is, "rollout restart");
        var words = judgement.Back is null ? new SignalWords("available", "unavailable") : new SignalWords("running steadily", "crash looping");
        return command is null ? null : new(
            Operation.ToolCall.Of(command, agent) with { DependsOn = ClusterBinding.Seen(read.Now, command.Command.Words) }, Provenance.Runbook,
            RecoverySignal.OfState(Signal, ClusterSteadiness.Of(read.Now.Is), "") with { InWords = words });
    }

    private Investigated Forbidden(KubernetesObject it, string kind) => Ended(Conclusion.CouldNotTell, it.Says,
        $"the agent may not read {kind} in namespace {it.Namespace} of cluster {it.Cluster.Name}; grant it a Role there with get and list on deployments.apps, replicasets.apps and pods");

    private Investigated Ended(Conclusion conclusion, string subject, string words) =>
        new(new(conclusion, subject, words, words, [], Symptom: null, clusters.Clock.GetUtcNow()), Remedy: null);
}
