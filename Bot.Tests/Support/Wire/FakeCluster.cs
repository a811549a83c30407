using System.Globalization;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>A pod of the deployment. Times are minutes ago.</summary>
/// <param name="Turned">When it became ready, or ceased to be.</param>
/// <param name="Ended">When its container ended last; null: it never did.</param>
internal sealed record FakePod(string Name, string Set, bool Ready, double Created, double Turned)
{
    public int Restarts { get; init; }
    public string Waiting { get; init; } = "";
    public double? Ended { get; init; }
    public string Phase { get; init; } = "Running";
    public string? Unscheduled { get; init; }
    public bool Deleting { get; init; }
}

/// <summary>A revision of the deployment.</summary>
internal sealed record FakeRevision(string Set, int Number, double Created, string Image)
{
    public bool BroughtBack { get; init; }
    public double? Restarted { get; init; }
    public string Command { get; init; } = "serve";
}

/// <summary>One deployment, shop/web, as its cluster describes it. The cluster's two words about it come with their times in minutes ago.</summary>
internal sealed record FakeDeployment
{
    public int Wanted { get; init; } = 3;
    public int Updated { get; init; } = 3;
    public int There { get; init; } = 3;
    public int Available { get; init; } = 3;
    public bool Paused { get; init; }
    public bool Deleting { get; init; }
    public long Generation { get; init; } = 9;
    public long Observed { get; init; } = 9;
    public string? Revision { get; init; } = "7";
    public string Uid { get; init; } = "5a1c0f8e-8f0e-4e0b-9a5e-0d3c3a7e1f11";
    public (bool Is, double Since)? IsAvailable { get; init; } = (true, 4000);
    public (string Status, string Reason)? Rollout { get; init; } = ("True", "NewReplicaSetAvailable");
    public string? Failure { get; init; }
    public string? Mark { get; init; }
    public IReadOnlyList<FakeRevision> Revisions { get; init; } = [];
    public IReadOnlyList<FakePod> Pods { get; init; } = [];

    public JsonObject Body(DateTimeOffset now)
    {
        JsonArray conditions = [];
        if (IsAvailable is var (available, since))
        {
            conditions.Add(new JsonObject { ["type"] = "Available", ["status"] = available ? "True" : "False", ["reason"] = available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable", ["lastTransitionTime"] = Ago(now, since) });
        }

        if (Rollout is var (status, reason))
        {
            conditions.Add(new JsonObject { ["type"] = "Progressing", ["status"] = status, ["reason"] = reason, ["lastTransitionTime"] = Ago(now, 50) });
        }

        if (Failure is not null)
        {
            conditions.Add(new JsonObject { ["type"] = "ReplicaFailure", ["status"] = "True", ["reason"] = "FailedCreate", ["message"] = Failure, ["lastTransitionTime"] = Ago(now, 20) });
        }

        JsonObject about = new()
        {
            ["name"] = "web", ["namespace"] = "shop", ["uid"] = Uid, ["generation"] = Generation, ["creationTimestamp"] = Ago(now, 50_000), ["resourceVersion"] = "48213",
            ["annotations"] = Revision is null ? new JsonObject() : new JsonObject { ["deployment.kubernetes.io/revision"] = Revision },
            ["labels"] = Mark is null ? new JsonObject() : new JsonObject { [Mark] = "web" },
        };
        if (Deleting)
        {
            about["deletionTimestamp"] = Ago(now, 1);
        }

        JsonObject spec = new() { ["replicas"] = Wanted, ["selector"] = new JsonObject { ["matchLabels"] = new JsonObject { ["app"] = "web" } } };
        if (Paused)
        {
            spec["paused"] = true;
        }

        return new()
        {
            ["apiVersion"] = "apps/v1", ["kind"] = "Deployment", ["metadata"] = about, ["spec"] = spec,
            ["status"] = new JsonObject { ["observedGeneration"] = Observed, ["replicas"] = There, ["updatedReplicas"] = Updated, ["availableReplicas"] = Available, ["readyReplicas"] = Available, ["conditions"] = conditions },
        };
    }

    public JsonObject Sets(DateTimeOffset now) => List(Revisions.Select(r =>
    {
        JsonObject marks = new() { ["deployment.kubernetes.io/revision"] = r.Number.ToString(CultureInfo.InvariantCulture) };
        if (r.BroughtBack)
        {
            marks["deployment.kubernetes.io/revision-history"] = "3";
        }

        JsonObject template = new()
        {
            ["metadata"] = new JsonObject { ["annotations"] = r.Restarted is { } ago ? new JsonObject { ["kubectl.kubernetes.io/restartedAt"] = Ago(now, ago) } : new JsonObject() },
            ["spec"] = new JsonObject { ["containers"] = new JsonArray(new JsonObject { ["name"] = "app", ["image"] = r.Image, ["command"] = new JsonArray(r.Command) }) },
        };
        return new JsonObject
        {
            ["kind"] = "ReplicaSet", ["spec"] = new JsonObject { ["template"] = template },
            ["metadata"] = new JsonObject { ["name"] = r.Set, ["creationTimestamp"] = Ago(now, r.Created), ["annotations"] = marks, ["ownerReferences"] = new JsonArray(new JsonObject { ["kind"] = "Deployment", ["name"] = "web", ["uid"] = Uid }) },
        };
    }));

    public JsonObject PodList(DateTimeOffset now) => List(Pods.Select(p =>
    {
        JsonObject about = new() { ["name"] = p.Name, ["creationTimestamp"] = Ago(now, p.Created), ["ownerReferences"] = new JsonArray(new JsonObject { ["kind"] = "ReplicaSet", ["name"] = p.Set }) };
        if (p.Deleting)
        {
            about["deletionTimestamp"] = Ago(now, 1);
        }

        JsonArray conditions = [new JsonObject { ["type"] = "Ready", ["status"] = p.Ready ? "True" : "False", ["lastTransitionTime"] = Ago(now, p.Turned) }];
        if (p.Unscheduled is not null)
        {
            conditions.Add(new JsonObject { ["type"] = "PodScheduled", ["status"] = "False", ["reason"] = "Unschedulable", ["message"] = p.Unscheduled });
        }

        JsonObject container = new() { ["name"] = "app", ["restartCount"] = p.Restarts, ["state"] = p.Waiting.Length > 0 ? new JsonObject { ["waiting"] = new JsonObject { ["reason"] = p.Waiting } } : new JsonObject { ["running"] = new JsonObject() } };
        if (p.Ended is { } ended)
        {
            container["lastState"] = new JsonObject { ["terminated"] = new JsonObject { ["exitCode"] = 1, ["reason"] = "Error", ["startedAt"] = Ago(now, ended + 0.1), ["finishedAt"] = Ago(now, ended) } };
        }

        return new JsonObject { ["kind"] = "Pod", ["metadata"] = about, ["status"] = new JsonObject { ["phase"] = p.Phase, ["conditions"] = conditions, ["containerStatuses"] = new JsonArray(container) } };
    }));

    private static JsonObject List(IEnumerable<JsonObject> items) => new() { ["apiVersion"] = "v1", ["kind"] = "List", ["items"] = new JsonArray([.. items.Select(i => (JsonNode)i)]) };

    private static string Ago(DateTimeOffset now, double minutes) => (now - TimeSpan.FromMinutes(minutes)).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}

/// <summary>kubectl as a script that answers from files: what the test writes there is what the cluster says, and a change makes it say something else.</summary>
internal sealed class FakeCluster : IDisposable
{
    /// <summary>Where settings name it.</summary>
    public const string Id = $"/subscriptions/{Known.Subscription}/resourceGroups/rg-aks/providers/Microsoft.ContainerService/managedClusters/aks1";

    public const string Web = $"{Id}/namespaces/shop/deployments/web";

    private const string Body = """
        d="$(dirname "$0")"
        answer() {
          if [ -f "$d/$1.error" ]; then cat "$d/$1.error" >&2; exit 1; fi
          if [ -f "$d/$1.json" ]; then cat "$d/$1.json"; exit 0; fi
          echo "Error from server (NotFound): $1 not found" >&2; exit 1
        }
        case "$*" in
          "auth can-i"*) if [ -f "$d/forbids" ]; then echo no; exit 1; fi; echo yes; exit 0;;
          *--dry-run=server*) echo "deployment.apps/web (server dry run)"; exit 0;;
          *"--output jsonpath={.spec.paused}"*) grep -qs '"paused":true' "$d/deployment.json" && printf true; exit 0;;
        esac
        case "$1 $2" in
          "get deployments.apps/web") answer deployment;;
          "get deployments.apps/"*) echo 'Error from server (NotFound): not found' >&2; exit 1;;
          "get replicasets.apps") answer replicasets;;
          "get pods") answer pods;;
          rollout*|scale*) if [ -f "$d/change.error" ]; then cat "$d/change.error" >&2; exit 1; fi; for f in "$d"/after-*; do [ -f "$f" ] && mv "$f" "$d/${f##*/after-}"; done; echo done; exit 0;;
        esac
        echo "error: nobody taught this kubectl '$*'" >&2; exit 1
        """;

    public FakeProgram Kubectl { get; } = new("kubectl", Body);

    public IReadOnlyDictionary<string, string?> Settings => new Dictionary<string, string?>
    {
        ["Commands:Kubectl"] = Kubectl.Executable, ["Commands:Clusters:0:Name"] = "prod", ["Commands:Clusters:0:ResourceId"] = Id, ["Commands:Clusters:0:Context"] = "admin",
        ["Commands:Clusters:0:KubeConfig"] = Kubectl.Config, ["Commands:Clusters:0:Namespaces:0"] = "shop",
    };

    public IEnumerable<string> Changes => Kubectl.Calls.Where(c => c[0] is "rollout" or "scale" && !c.Contains("--dry-run=server")).Select(c => string.Join(' ', c));

    /// <param name="after">The cluster says it once something was changed there.</param>
    public void Says(FakeDeployment deployment, DateTimeOffset now, bool after = false)
    {
        foreach (var (name, body) in ((string, JsonObject)[])[("deployment", deployment.Body(now)), ("replicasets", deployment.Sets(now)), ("pods", deployment.PodList(now))])
        {
            var written = Path.Combine(Kubectl.Folder, $"{name}.new");
            File.WriteAllText(written, body.ToJsonString());
            File.Move(written, Path.Combine(Kubectl.Folder, $"{(after ? "after-" : "")}{name}.json"), overwrite: true);
        }
    }

    /// <param name="what">"deployment", "replicasets", "pods", "change".</param>
    public void Fails(string what, string errors) => File.WriteAllText(Path.Combine(Kubectl.Folder, $"{what}.error"), errors);

    public void Raw(string what, string output) => File.WriteAllText(Path.Combine(Kubectl.Folder, $"{what}.json"), output);

    public void Dispose() => Kubectl.Dispose();

    /// <summary>Powered on and deaf: everything runs, and no pod is ready for twenty minutes.</summary>
    public static FakeDeployment Deaf { get; } = new()
    {
        Available = 0, IsAvailable = (false, 20),
        Revisions = [new("web-7d9c8f6b5", 7, 4000, "shop:1.8"), new("web-5c4b7f9d8", 6, 9000, "shop:1.7")],
        Pods = [.. ((string[])["x2x4k", "b7c9d", "q5w8z"]).Select(end => new FakePod($"web-7d9c8f6b5-{end}", "web-7d9c8f6b5", false, 4000, 20))],
    };

    /// <summary>Rolled out forty minutes ago; the new pod crashes since, and two old ones still serve.</summary>
    public static FakeDeployment Broken { get; } = new()
    {
        Updated = 1, There = 3, Available = 2, Rollout = ("False", "ProgressDeadlineExceeded"),
        Revisions = [new("web-7d9c8f6b5", 7, 40, "shop:1.8"), new("web-5c4b7f9d8", 6, 4000, "shop:1.7"), new("web-4b3c6d7f9", 5, 9000, "shop:1.6")],
        Pods =
        [
            new("web-7d9c8f6b5-x2x4k", "web-7d9c8f6b5", false, 40, 40) { Restarts = 11, Waiting = "CrashLoopBackOff", Ended = 2 },
            new("web-5c4b7f9d8-b7c9d", "web-5c4b7f9d8", true, 4000, 4000), new("web-5c4b7f9d8-q5w8z", "web-5c4b7f9d8", true, 4000, 4000),
        ],
    };

    public static FakeDeployment Well { get; } = Deaf with
    {
        Available = 3, IsAvailable = (true, 4000), Pods = [.. Deaf.Pods.Select(p => p with { Ready = true, Turned = 3000 })],
    };
}
