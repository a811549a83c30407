using System.Text;
using System.Text.Json;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Execution;

/// <summary>Reads objects of the clusters in the settings by kubectl. Which cluster and which namespaces these are, the settings say, whoever named the object.</summary>
internal sealed class ClusterReader(ToolReads reads, CommandSettings settings, TimeProvider clock)
{
    /// <summary>A few hundred pods; more is not read in part, because what is missing could be the point.</summary>
    private const int Most = 4 * 1024 * 1024;

    public TimeProvider Clock => clock;

    private KubectlReader Kubectl => new(settings.Readers.Clusters);

    public Task<ArmAnswer> Get(KubernetesObject it, CancellationToken cancellation) => Ask(
        it, cluster => Kubectl.Read($"get {it.Kind.Canonical}/{it.Name} --output json --context {cluster.Name} --namespace {it.Namespace}"), Body, cancellation);

    /// <summary>The objects of a kind that carry these labels, in the namespace of another object: an array.</summary>
    public Task<ArmAnswer> Beside(KubernetesObject it, ObjectKind kind, IReadOnlyDictionary<string, string> labels, CancellationToken cancellation) => Ask(
        it, cluster => Kubectl.Selected(cluster, it.Namespace, kind, labels), Items, cancellation);

    /// <summary>How a command on it is written; null: it is refused, or the cluster is none of the settings.</summary>
    public CommandReading.Understood? Command(KubernetesObject it, string words, string options = "") =>
        settings.Clusters.FirstOrDefault(c => c.Known.Id.Equals(it.Cluster))?.Known is { } cluster
            ? Kubectl.Read($"{words} {it.Kind.Canonical}/{it.Name} {options} --context {cluster.Name} --namespace {it.Namespace}") as CommandReading.Understood
            : null;

    /// <summary>What an operation on it may depend on; null: it could not be read, or nobody says.</summary>
    public async Task<ClusterWorkload?> Workload(KubernetesObject it, CancellationToken cancellation) =>
        await Get(it, cancellation) is ArmAnswer.Found(var body) ? ClusterWorkload.Of(it, body) : null;

    private async Task<ArmAnswer> Ask(KubernetesObject it, Func<KnownCluster, CommandReading> ask, Func<JsonElement, JsonElement?> read, CancellationToken cancellation)
    {
        if (settings.Clusters.FirstOrDefault(c => c.Known.Id.Equals(it.Cluster))?.Known is not { } cluster)
        {
            return new ArmAnswer.CouldNotRead($"{it.Cluster.Name} is none of the clusters that the bot may look into (Commands:Clusters).");
        }

        if (!ask(cluster).IsUnderstood(out var understood))
        {
            return new ArmAnswer.CouldNotRead($"{(ask(cluster) as CommandReading.Refused)?.Why ?? "it could not be asked for"}.");
        }

        var output = await reads.Read(understood, cancellation, Most);
        return output switch
        {
            { Failed: { } why, Code: "NotFound" } => new ArmAnswer.NotFound("NotFound", why),
            { Failed: { } why, Code: "Forbidden" } => new ArmAnswer.Forbidden("Forbidden", why),
            { Failed: { } why } => new ArmAnswer.CouldNotRead($"{why.TrimEnd('.')}."),
            { Text.Length: >= Most } => new ArmAnswer.CouldNotRead("The cluster's answer is longer than the bot reads."),
            _ => ArmJson.Parse(Encoding.UTF8.GetBytes(output.Text)) is { } json && read(json) is { } body ? new ArmAnswer.Found(body) : new ArmAnswer.CouldNotRead("The cluster's answer could not be understood."),
        };
    }

    private static JsonElement? Body(JsonElement json) => json.ValueKind == JsonValueKind.Object ? json : null;

    private static JsonElement? Items(JsonElement json) => json.Text("kind") == "List" && json.Member("items") is { ValueKind: JsonValueKind.Array } items ? items : null;
}
