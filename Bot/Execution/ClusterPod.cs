using System.Text.Json;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>How a container ended the last time.</summary>
internal sealed record ContainerEnd(int? ExitCode, string Reason, DateTimeOffset? Started, DateTimeOffset? At);

/// <param name="Waiting">Why it does not run, in the cluster's one word: "CrashLoopBackOff"; empty: it runs, or is over.</param>
internal sealed record ClusterContainer(string Name, int Restarts, string Waiting, ContainerEnd? Last)
{
    /// <summary>kubectl's word for a container that ended again and again; or one that did and is up for the moment.</summary>
    public bool IsCrashing(bool podIsReady) => Restarts > 0 && (Waiting == "CrashLoopBackOff" || (!podIsReady && Restarts >= 3 && Last is not null));
}

/// <param name="Owner">Name of the replica set that made it.</param>
internal sealed record ClusterPod(string Name, string Owner, string Phase, DateTimeOffset Created, bool Deleting, IReadOnlyList<ClusterCondition> Conditions, IReadOnlyList<ClusterContainer> Containers)
{
    public bool IsReady => Conditions.Any(c => c.Is("Ready", "True"));

    public DateTimeOffset? ReadySince => Conditions.FirstOrDefault(c => c.Type == "Ready")?.Since;

    public bool IsUnscheduled => Conditions.Any(c => c.Is("PodScheduled", "False"));

    /// <summary>The container that ends again and again; null: none does.</summary>
    public ClusterContainer? Crashing => Containers.Where(c => c.IsCrashing(IsReady)).MaxBy(c => c.Restarts);

    /// <returns>Null: it lacks what every pod of a replica set has.</returns>
    public static ClusterPod? Of(JsonElement body)
    {
        var (about, status) = (body.Member("metadata") ?? default, body.Member("status") ?? default);
        return about.Text("name") is { Length: > 0 } name && ClusterWorkload.At(about, "creationTimestamp") is { } created && status.Text("phase") is { } phase
            && (about.Items("ownerReferences") ?? []).FirstOrDefault(o => o.Text("kind") == "ReplicaSet") is { ValueKind: JsonValueKind.Object } owner && owner.Text("name") is { } set
                ? new(name, set, phase, created, about.Member("deletionTimestamp") is not null, ClusterWorkload.ConditionsOf(status),
                    [.. (status.Items("initContainerStatuses") ?? []).Concat(status.Items("containerStatuses") ?? []).Select(Container)])
                : null;
    }

    private static ClusterContainer Container(JsonElement it)
    {
        var now = it.Member("state") ?? default;
        // One that has just ended again has its end there, until it waits for the next start.
        var last = (now.Member("terminated") ?? it.Member("lastState")?.Member("terminated")) is { } ended
            ? new ContainerEnd(ended.Member("exitCode") is { ValueKind: JsonValueKind.Number } code && code.TryGetInt32(out var number) ? number : null, ended.Text("reason") ?? "",
                ClusterWorkload.At(ended, "startedAt"), ClusterWorkload.At(ended, "finishedAt"))
            : null;
        return new(it.Text("name") ?? "", (int)(ClusterWorkload.Count(it, "restartCount") ?? 0), now.Member("waiting")?.Text("reason") ?? "", last);
    }
}

/// <summary>Whether a deployment's pods run steadily: the one signal by which it is found well again.</summary>
internal static class ClusterSteadiness
{
    public const string View = "pods";
    public const string Member = "steady";

    /// <summary>A pod that will crash is up for a moment, too.</summary>
    private static readonly TimeSpan LongEnough = TimeSpan.FromMinutes(1);

    public static Precondition Of(KubernetesObject it) => new("pods", it.Id, it.Kind.Canonical, Member, "true") { View = View };

    /// <returns>Null: it could not be read.</returns>
    public static async Task<string?> Read(ClusterReader clusters, KubernetesObject it, CancellationToken cancellation)
    {
        if (await clusters.Workload(it, cancellation) is not { Labels.Count: > 0 } workload
            || await clusters.Beside(it, Bot.Proposals.CommandLines.KubectlCatalogue.KindOf("pods")!, workload.Labels, cancellation) is not ArmAnswer.Found(var list))
        {
            return null;
        }

        var now = clusters.Clock.GetUtcNow();
        // A deployment's replica sets carry its name and a hash of letters and digits.
        var pods = list.EnumerateArray().Select(ClusterPod.Of).OfType<ClusterPod>()
            .Where(p => !p.Deleting && p.Owner.StartsWith($"{it.Name}-", StringComparison.Ordinal) && !p.Owner[(it.Name.Length + 1)..].Contains('-', StringComparison.Ordinal)).ToList();
        return Are(workload, pods, now) ? "true" : "false";
    }

    private static bool Are(ClusterWorkload workload, List<ClusterPod> pods, DateTimeOffset now) =>
        workload is { IsTakenUp: true, Wanted: > 0 } && workload.Updated >= workload.Wanted && workload.There <= workload.Updated && workload.Available >= workload.Wanted
        && pods.Count >= workload.Wanted && pods.All(p => p is { IsReady: true, Crashing: null } && p.ReadySince is { } since && now - since >= LongEnough);
}
