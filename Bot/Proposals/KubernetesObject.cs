using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Proposals;

/// <summary>
/// An object in a Kubernetes cluster, named by an id below its cluster: …/managedClusters/aks1/namespaces/shop/deployments/web. With it incidents, plans and
/// proposals name a deployment as they name an app. Azure knows no such resource and is never asked for one; kubectl is.
/// </summary>
/// <param name="Kind">As the catalogue of kubectl calls it: "deployments.apps".</param>
internal sealed record KubernetesObject(ResourceId Cluster, string Namespace, ObjectKind Kind, string Name)
{
    public const string ClusterType = "Microsoft.ContainerService/managedClusters";
    private const string Spaces = "namespaces";
    private static readonly string[] ClusterTypes = [ClusterType, "Microsoft.Kubernetes/connectedClusters"];
    private static readonly CommandValue.ObjectName Grammar = new();

    public ResourceId Id => ResourceId.Parse($"{Cluster}/{Spaces}/{Namespace}/{Kind.Called[0]}/{Name}");

    /// <summary>"shop/web".</summary>
    public string Says => $"{Namespace}/{Name}";

    /// <summary>Where its operations happen, as <see cref="Operation.TargetKey"/> has it.</summary>
    public string Key => KeyOf(Cluster, $"{Namespace}/{Kind.Canonical}/{Name}");

    public static string KeyOf(ResourceId cluster, string place) => $"{cluster.Key}/kubernetes/{place.ToLowerInvariant()}";

    public static bool IsCluster(ResourceId id) => ClusterTypes.Any(id.IsOfType);

    /// <returns>Null: it is no object in a cluster.</returns>
    public static KubernetesObject? Of(ResourceId id) => id.Parent is { Parent: { } cluster } space && IsCluster(cluster) && space.IsOfType($"{cluster.ResourceType}/{Spaces}")
        ? Of(cluster, space.Name, id.ResourceType![(space.ResourceType!.Length + 1)..], id.Name)
        : null;

    /// <param name="kind">"deployments".</param>
    /// <returns>Null: Kubernetes gives no such names, or has no such kind in a namespace.</returns>
    public static KubernetesObject? Of(ResourceId cluster, string space, string kind, string name) =>
        KubectlCatalogue.Kinds.FirstOrDefault(k => k.Called[0] == kind) is { Everywhere: false } known && IsName(space) && IsName(name) ? new(cluster, space, known, name) : null;

    /// <summary>What Azure knows of it: of an object in a cluster the cluster.</summary>
    public static ResourceId InAzure(ResourceId id) => Of(id)?.Cluster ?? id;

    private static bool IsName(string text) => text.Length > 0 && Grammar.Objection(text) is null;
}
