using System.Globalization;
using System.Text.Json;
using RunModes.Bot.Execution;

namespace RunModes.Bot.Investigation;

/// <summary>A revision of a deployment, by the replica set that the cluster keeps of it.</summary>
/// <param name="Set">The replica set's name, by which its pods name it.</param>
/// <param name="Spec">Of its pods: images, settings, limits; without labels and annotations.</param>
/// <param name="BroughtBack">Somebody went back to it: since when it runs does not stand anywhere.</param>
internal sealed record DeploymentRevision(string Set, int Number, DateTimeOffset Created, JsonElement Spec, bool BroughtBack, DateTimeOffset? RestartedAt)
{
    private const string Revision = "deployment.kubernetes.io/revision";

    public bool RunsTheSame(DeploymentRevision other) => JsonElement.DeepEquals(Spec, other.Spec);

    /// <summary>What this one has that the other has not, in words; of settings only that they differ, because they may hold what nobody should read here.</summary>
    public string Against(DeploymentRevision other)
    {
        List<string> words = [];
        foreach (var mine in Spec.Items("containers"))
        {
            var name = mine.Text("name") ?? "";
            var theirs = other.Spec.Items("containers").FirstOrDefault(c => c.Text("name") == name);
            if (theirs.ValueKind != JsonValueKind.Object)
            {
                words.Add($"container {name.Plain(40)} is new");
                continue;
            }

            words.AddRange(Differing(mine, theirs).Select(member => member == "image"
                ? $"image {theirs.Text("image")?.Plain(120)} → {mine.Text("image")?.Plain(120)}"
                : $"{member.Plain(30)} of container {name.Plain(40)}"));
        }

        words.AddRange(Differing(Spec, other.Spec).Where(member => member != "containers").Select(member => member.Plain(30)));
        return words.Count == 0 ? "the order or number of its containers" : string.Join(", ", words.Take(5));
    }

    /// <returns>Null: it is not of this deployment, or lacks what its revisions have.</returns>
    public static DeploymentRevision? Of(JsonElement body, string deployment)
    {
        var about = body.Child("metadata");
        var template = body.Child("spec", "template");
        return about.Items("ownerReferences").Any(owner => owner.Text("kind") == "Deployment" && owner.Text("uid") == deployment) && about.Text("name") is { } name
            && int.TryParse(about.Text("annotations", Revision), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && about.Time("creationTimestamp") is { } created
            && template.Child("spec").ValueKind == JsonValueKind.Object
                ? new(name, number, created, template.Child("spec"), about.Text("annotations", $"{Revision}-history") is not null, template.Time("metadata", "annotations", "kubectl.kubernetes.io/restartedAt"))
                : null;
    }

    private static IEnumerable<string> Differing(JsonElement one, JsonElement other) => one.EnumerateObject().Select(p => p.Name).Union(other.EnumerateObject().Select(p => p.Name))
        .Where(name => !(one.TryGetProperty(name, out var mine) && other.TryGetProperty(name, out var theirs) && JsonElement.DeepEquals(mine, theirs)));
}

/// <summary>All that was asked about one deployment.</summary>
/// <param name="KeptBy">Who would undo what is changed here: "Argo CD"; null: nobody who says so.</param>
internal sealed record DeploymentReadings(ClusterWorkload Now, IReadOnlyList<DeploymentRevision> Revisions, IReadOnlyList<ClusterPod> Pods, string? KeptBy, DateTimeOffset At)
{
    public string Name => Now.Is.Says;

    public DeploymentRevision? Current => Revisions.FirstOrDefault(r => r.Number.ToString(CultureInfo.InvariantCulture) == Now.Revision);

    public IReadOnlyList<ClusterPod> Crashing => [.. Pods.Where(p => p.Crashing is not null)];

    public IEnumerable<ClusterPod> PodsOf(DeploymentRevision revision) => Pods.Where(p => p.Owner == revision.Set);

    /// <summary>How long it was the current one; null: that does not stand anywhere.</summary>
    public (DateTimeOffset From, DateTimeOffset To)? Served(DeploymentRevision revision) =>
        Revisions.Where(r => r.Number > revision.Number).MinBy(r => r.Number) is { BroughtBack: false } next && !revision.BroughtBack && next.Created > revision.Created ? (revision.Created, next.Created) : null;
}
