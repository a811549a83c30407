namespace RunModes.Bot.Proposals.CommandLines;

/// <param name="Canonical">"deployments.apps", as a role names it.</param>
/// <param name="Called">Every word that means it; what is not among them is not accepted.</param>
/// <param name="Commands">Of those that not every kind has: "rollout restart".</param>
internal sealed record ObjectKind(string Canonical, string Label, IReadOnlyList<string> Called, IReadOnlyList<string> Commands)
{
    /// <summary>It belongs to the cluster.</summary>
    public bool Everywhere { get; init; }
}

/// <summary>The kubectl commands and kinds of object that were reviewed. Data-like on purpose.</summary>
internal static class KubectlCatalogue
{
    public static readonly CommandOption Namespace = new("--namespace", "-n", new CommandValue.ObjectName());
    public static readonly CommandOption Context = new("--context", null, new CommandValue.Name());

    private static readonly string[] Rollouts = ["rollout status", "rollout history", "rollout restart"];

    public static IReadOnlyList<ObjectKind> Kinds { get; } =
    [
        Kind("pods", "pod", ["pods", "pod", "po"], "logs", "top"),
        Kind("deployments.apps", "deployment", ["deployments", "deployment", "deploy", "deployments.apps", "deployment.apps"], [.. Rollouts, "logs", "scale", "rollout undo", "rollout pause", "rollout resume", "set image"]),
        Kind("replicasets.apps", "replica set", ["replicasets", "replicaset", "rs", "replicasets.apps", "replicaset.apps"]),
        Kind("statefulsets.apps", "stateful set", ["statefulsets", "statefulset", "sts", "statefulsets.apps", "statefulset.apps"], [.. Rollouts, "scale", "rollout undo", "set image"]),
        Kind("daemonsets.apps", "daemon set", ["daemonsets", "daemonset", "ds", "daemonsets.apps", "daemonset.apps"], [.. Rollouts, "rollout undo", "set image"]),
        Kind("jobs.batch", "job", ["jobs", "job", "jobs.batch", "job.batch"]), Kind("cronjobs.batch", "cron job", ["cronjobs", "cronjob", "cj", "cronjobs.batch", "cronjob.batch"]),
        Kind("services", "service", ["services", "service", "svc"]), Kind("endpoints", "endpoints", ["endpoints", "ep"]),
        Kind("ingresses.networking.k8s.io", "ingress", ["ingresses", "ingress", "ing"]), Kind("events", "event", ["events", "event", "ev"]),
        Kind("horizontalpodautoscalers.autoscaling", "pod autoscaler", ["horizontalpodautoscalers", "horizontalpodautoscaler", "hpa"]),
        Kind("poddisruptionbudgets.policy", "disruption budget", ["poddisruptionbudgets", "poddisruptionbudget", "pdb"]),
        Kind("networkpolicies.networking.k8s.io", "network policy", ["networkpolicies", "networkpolicy", "netpol"]),
        Kind("persistentvolumeclaims", "volume claim", ["persistentvolumeclaims", "persistentvolumeclaim", "pvc"]), Kind("resourcequotas", "quota", ["resourcequotas", "resourcequota", "quota"]),
        Kind("nodes", "node", ["nodes", "node", "no"], "top") with { Everywhere = true },
    ];

    /// <summary>Holds what must not be shown: secrets, and settings that hold some more often than not.</summary>
    private static readonly string[] Secret = ["secret", "secrets", "configmap", "configmaps", "cm"];

    public static IReadOnlyList<CatalogueCommand> All { get; } =
    [
        Read("get", "get", new CommandOption("--output", "-o", new CommandValue.OneOf("wide", "name", "yaml", "json"))), Read("describe", "get"),
        Read("logs", "get", new("--container", "-c", new CommandValue.ObjectName()), new("--tail", null, new CommandValue.Number(1, 1000)), new("--since", null, new CommandValue.Span("mhs")), new("--previous", "-p", null), new("--timestamps", null, null)),
        Read("top", "get"), Read("rollout status", "get"), Read("rollout history", "get", new CommandOption("--revision", null, new CommandValue.Number(1, 100_000))),
        Change("rollout restart") with
        {
            Label = "Restart", Short = "restart", Did = "restarted", Impact = "Its pods are replaced one after the other; requests in flight on a pod that goes may be lost.",
            Rollback = "A restart cannot be undone; image and settings stay as they are.",
        },
        Change("rollout undo", Needed("--to-revision", new CommandValue.Number(1, 100_000))) with
        {
            Label = "Roll back", Short = "roll back", Did = "rolled back", Impact = "Its pods are replaced by those of the revision that the command names.", OnlyAsSeen = true, Rollback = "Rolling back to the revision that is running now.",
        },
        Change("rollout pause") with
        {
            Label = "Pause the rollout of", Short = "pause the rollout of", Did = "paused", Impact = "Changes of it wait from then on; what runs goes on running.", Rollback = "Resuming the rollout.",
        },
        Change("rollout resume") with
        {
            Label = "Resume the rollout of", Short = "resume the rollout of", Did = "resumed", Impact = "What was changed while it was paused is rolled out.", Rollback = "Pausing the rollout, or rolling back to an earlier revision.",
        },
        // With the number that it has kubectl changes nothing where there is another by then.
        Change("scale", Needed("--replicas", new CommandValue.Number(1, 200)), new("--current-replicas", null, new CommandValue.Number(0, 100_000))) with
        {
            Label = "Scale", Short = "scale", Did = "scaled", Impact = "Pods are added, or taken away with what they were doing, until there are as many as the command says.", OnlyAsSeen = true, Rollback = "Scaling back to the number of pods it had.",
        },
        Change("set image") with
        {
            Label = "Change the image of", Short = "change the image of", Did = "given another image", Impact = "Its pods are replaced by pods of the image that the command names.", OnlyAsSeen = true, Rollback = "Rolling back to the revision before.",
        },
    ];

    public static CatalogueCommand? Find(string words) => All.FirstOrDefault(c => c.Words == words);

    public static ObjectKind? KindOf(string word) => Kinds.FirstOrDefault(k => k.Called.Contains(word, StringComparer.Ordinal));

    public static bool IsSecret(string word) => word.Split(',').Any(w => Secret.Contains(w.Split('.', '/')[0], StringComparer.OrdinalIgnoreCase));

    private static ObjectKind Kind(string canonical, string label, IReadOnlyList<string> called, params string[] commands) => new(canonical, label, called, commands);

    private static CommandOption Needed(string name, CommandValue value) => new(name, null, value) { IsNeeded = true };

    private static CatalogueCommand Read(string words, string verb, params CommandOption[] more) => new(CommandTool.Kubectl, words, Effect.ReadOnly, verb, [], more);

    private static CatalogueCommand Change(string words, params CommandOption[] more) => new(CommandTool.Kubectl, words, Effect.Mutating, "patch", [], more)
    {
        LeastRole = "a Role with 'get' and 'patch' on it",
    };
}
