using System.Text.Json;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Incidents;

/// <summary>
/// Which object of a cluster an alert is about: a Prometheus rule says so by its labels, others by their dimensions. Names only, by the grammar of Kubernetes;
/// whether there is such an object in a namespace that the bot may look into, the cluster and the settings say.
/// </summary>
internal static class AlertedObject
{
    /// <summary>Of what the random ends of a pod's name are made: no vowels, and nothing that looks like one.</summary>
    private const string Random = "bcdfghjklmnpqrstvwxz2456789";

    private static readonly string[] Names = ["namespace", "deployment", "pod"];

    /// <returns>The cluster itself where nothing in it is named.</returns>
    public static (ResourceId? Target, string? Problem) Of(ResourceId cluster, JsonElement context)
    {
        if (!KubernetesObject.IsCluster(cluster))
        {
            return (cluster, null);
        }

        List<(string Name, string Value)> said = [.. Labels(context), .. AlertTarget.Dimensions(context, Names)];
        var (spaces, deployments, pods) = (Values("namespace"), Values("deployment"), Values("pod"));
        var named = deployments.Count > 0 ? deployments : pods;
        if (spaces.Count == 0 || named.Count == 0)
        {
            return (cluster, null);
        }

        if (spaces.Count > 1 || named.Count > 1)
        {
            return (null, "The alert names several objects in the cluster; one is needed: split the rule by namespace and deployment.");
        }

        var it = deployments.Count > 0 ? KubernetesObject.Of(cluster, spaces[0], "deployments", deployments[0])
            : DeploymentOf(pods[0]) is { } deployment ? KubernetesObject.Of(cluster, spaces[0], "deployments", deployment)
            : KubernetesObject.Of(cluster, spaces[0], "pods", pods[0]);
        return it is null ? (null, "The alert names an object that Kubernetes has no such names for.") : (it.Id, null);

        List<string> Values(string name) => [.. said.Where(s => s.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(s => s.Value).Distinct(StringComparer.Ordinal)];
    }

    /// <summary>"web" of "web-7d9c8f6b5-x2x4k", so that the pods of one deployment are one incident; null: its name is not made like that.</summary>
    public static string? DeploymentOf(string pod) => pod.Split('-') is [.. { Length: > 0 } name, { Length: >= 6 and <= 10 } hash, { Length: 5 } end] && (hash + end).All(c => Random.Contains(c, StringComparison.Ordinal))
        ? string.Join('-', name)
        : null;

    private static IEnumerable<(string, string)> Labels(JsonElement context)
    {
        if (context.Member("labels") is not { ValueKind: JsonValueKind.Object } labels)
        {
            yield break;
        }

        foreach (var name in Names)
        {
            if (labels.OptionalKey(name, $"data.alertContext.labels.{name}") is { } value)
            {
                yield return (name, value);
            }
        }
    }
}
