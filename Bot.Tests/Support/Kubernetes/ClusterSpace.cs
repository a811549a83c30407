using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Support.Kubernetes;

/// <summary>A namespace of one test's own in the shared cluster, and a user who may do in it what the test grants; that user is the agent.</summary>
internal sealed class ClusterSpace
{
    public const string Cluster = $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.ContainerService/managedClusters/aks1";

    /// <summary>An image by its digest, as a command has to name it.</summary>
    public const string Newer = "registry.example/web@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly ControlPlane _plane;
    private IReadOnlyList<string> _granted = [];

    private ClusterSpace(ControlPlane plane, string name, ClusterUser user)
    {
        (_plane, Name, User) = (plane, name, user);
        KubeConfig = plane.Keys.KubeConfig(plane.Address, "agent", new JsonObject { ["token"] = user.Token });
    }

    public string Name { get; }

    public ClusterUser User { get; }

    public string KubeConfig { get; }

    public ControlPlane Plane => _plane;

    public ClusterApi Api => _plane.Api;

    public static async Task<ClusterSpace> Make(ControlPlane plane, string name)
    {
        await plane.Api.Create("/api/v1/namespaces", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name } });
        return new ClusterSpace(plane, name, plane.Keys.NewUser());
    }

    /// <summary>Of the bot: this namespace and this user.</summary>
    public Dictionary<string, string?> Settings(string? kubectl = null, string? kubeConfig = null) => new()
    {
        ["Commands:Kubectl"] = kubectl ?? ControlPlane.Kubectl, ["Commands:Clusters:0:Name"] = "prod", ["Commands:Clusters:0:ResourceId"] = Cluster, ["Commands:Clusters:0:Context"] = "agent",
        ["Commands:Clusters:0:KubeConfig"] = kubeConfig ?? KubeConfig, ["Commands:Clusters:0:Namespaces:0"] = Name,
    };

    /// <summary>Each as "get,patch deployments.apps/scale". What was granted before is no longer.</summary>
    public async Task Grant(params string[] rights)
    {
        await Withdraw();
        _granted = rights;
        JsonNode[] rules = [.. rights.Select(r =>
        {
            var (verbs, resource) = (r.Split(' ')[0], r.Split(' ')[1]);
            var (whole, sub) = (resource.Split('/')[0], resource.Contains('/', StringComparison.Ordinal) ? $"/{resource.Split('/')[1]}" : "");
            var plural = whole.Split('.', 2);
            return (JsonNode)new JsonObject
            {
                ["apiGroups"] = new JsonArray(plural.ElementAtOrDefault(1) ?? ""), ["resources"] = new JsonArray(plural[0] + sub), ["verbs"] = new JsonArray([.. verbs.Split(',').Select(v => (JsonNode)v)]),
            };
        })];
        await Api.Create($"{Rbac}/roles", new JsonObject { ["metadata"] = new JsonObject { ["name"] = "agent" }, ["rules"] = new JsonArray(rules) });
        await Api.Create($"{Rbac}/rolebindings", new JsonObject
        {
            ["metadata"] = new JsonObject { ["name"] = "agent" },
            ["roleRef"] = new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "Role", ["name"] = "agent" },
            ["subjects"] = new JsonArray(new JsonObject { ["apiGroup"] = "rbac.authorization.k8s.io", ["kind"] = "User", ["name"] = User.Name }),
        });
        foreach (var right in rights)
        {
            await Until(() => May(right), $"{User.Name} may {right}");
        }
    }

    /// <summary>The user may do nothing from now on.</summary>
    public async Task Withdraw()
    {
        await Api.Delete($"{Rbac}/rolebindings/agent");
        await Api.Delete($"{Rbac}/roles/agent");
        foreach (var right in _granted)
        {
            await Until(async () => !await May(right), $"{User.Name} may no longer {right}");
        }
    }

    /// <summary>The server looks at its rules a moment after it has stored them.</summary>
    private async Task<bool> May(string right)
    {
        var (resource, sub) = (right.Split(' ')[1].Split('/')[0], right.Split('/').ElementAtOrDefault(1) ?? "");
        var review = await Api.Create("/apis/authorization.k8s.io/v1/subjectaccessreviews", new JsonObject
        {
            ["spec"] = new JsonObject
            {
                ["user"] = User.Name,
                ["resourceAttributes"] = new JsonObject
                {
                    ["namespace"] = Name, ["verb"] = right.Split(' ')[0].Split(',')[^1], ["resource"] = resource.Split('.', 2)[0], ["group"] = resource.Split('.', 2).ElementAtOrDefault(1) ?? "", ["subresource"] = sub,
                },
            },
        });
        return review["status"]!["allowed"]!.GetValue<bool>();
    }

    private string Rbac => $"/apis/rbac.authorization.k8s.io/v1/namespaces/{Name}";

    private string Apps => $"/apis/apps/v1/namespaces/{Name}";

    /// <summary>Everything that somebody on call would be given.</summary>
    public Task GrantAll() => Grant(
        "get,list,watch,patch,update deployments.apps", "get,list,watch,patch statefulsets.apps", "get,list,watch,patch daemonsets.apps", "get,patch,update deployments.apps/scale", "get,list,watch replicasets.apps",
        "get,list,watch pods", "get pods/log", "list events", "list controllerrevisions.apps");

    /// <summary>A deployment "web" with one container "app", or another kind of it, and waits until it is whole.</summary>
    public async Task Deploy(string name = "web", int replicas = 2, string image = "registry.example/web:1", string kind = "deployments", bool wait = true)
    {
        var labels = new JsonObject { ["app"] = name };
        var spec = new JsonObject
        {
            ["selector"] = new JsonObject { ["matchLabels"] = labels.DeepClone() },
            ["template"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["labels"] = labels },
                ["spec"] = new JsonObject { ["terminationGracePeriodSeconds"] = 0, ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = image }) },
            },
        };
        if (kind != "daemonsets")
        {
            spec["replicas"] = replicas;
        }

        await Api.Create($"{Apps}/{kind}", new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = spec });
        await (wait ? Settled(name, kind) : Task.CompletedTask);
    }

    public Task<JsonNode> Of(string name = "web", string kind = "deployments") => Api.Get($"{Apps}/{kind}/{name}");

    public async Task<string> Image(string name = "web", string kind = "deployments") => (await Of(name, kind))["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!.GetValue<string>();

    /// <summary>As somebody else changes it.</summary>
    public async Task SetImage(string image, string name = "web", string kind = "deployments", bool wait = true)
    {
        await Api.Patch($"{Apps}/{kind}/{name}", new JsonObject
        {
            ["spec"] = new JsonObject { ["template"] = new JsonObject { ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = image }) } } },
        });
        await (wait ? Settled(name, kind) : Task.CompletedTask);
    }

    /// <summary>Its controllers have seen the latest, and all of its pods are of it and ready.</summary>
    public Task Settled(string name = "web", string kind = "deployments") => Until(async () =>
    {
        var it = await Of(name, kind);
        var wanted = kind == "daemonsets" ? 1 : Number(it["spec"]!["replicas"]);
        var (ready, updated) = kind == "daemonsets" ? ("numberReady", "updatedNumberScheduled") : ("readyReplicas", "updatedReplicas");
        return Number(it["status"]?["observedGeneration"]) >= Number(it["metadata"]!["generation"]) && Number(it["status"]?[ready]) == wanted && Number(it["status"]?[updated]) == wanted
            && (kind != "deployments" || Number(it["status"]?["replicas"]) == wanted);
    }, $"{kind}/{name} settled");

    public static async Task Until(Func<Task<bool>> so, string what)
    {
        for (var beginning = TimeProvider.System.GetTimestamp(); !await so(); await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, TestContext.Current.CancellationToken))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(beginning) < Patience, $"Never: {what}.");
        }
    }

    private static long Number(JsonNode? node) => node?.GetValue<long>() ?? 0;
}
