using System.Globalization;
using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Investigation;

/// <param name="IsSo">What the command sets is set.</param>
/// <param name="Words">"2 replicas", as the cluster says.</param>
internal sealed record StepStanding(bool IsSo, string Words);

/// <summary>The object that a change in a cluster is about: how it is looked at, and whether it is already as the command would leave it.</summary>
/// <param name="Name">"deployment web/shop".</param>
/// <param name="Look">A read, through the same catalogue as any.</param>
internal sealed record StepObject(CommandReading.Understood Change, string Name, CommandReading.Understood Look)
{
    private const string Revision = "deployment.kubernetes.io/revision";

    /// <returns>Null: the catalogue would not read it.</returns>
    public static StepObject? Of(CommandReading.Understood change, CommandReaders readers)
    {
        if (change.Object.Split('/') is not [var space, var kind, var name] || readers.Clusters.FirstOrDefault(c => c.Id.Equals(change.Target)) is not { } cluster)
        {
            return null;
        }

        return readers.Read(CommandTool.Kubectl, $"get {kind} {name} --namespace {space} --context {cluster.Name} --output json") is CommandReading.Understood { Command.Effect: Proposals.Effect.ReadOnly } look
            ? new(change, $"{KubectlCatalogue.KindOf(kind)?.Label ?? kind} {space}/{name}", look)
            : null;
    }

    /// <returns>Null: it is no answer about that object.</returns>
    public StepStanding? Standing(string answer)
    {
        if (ArmJson.Parse(System.Text.Encoding.UTF8.GetBytes(answer)) is not { ValueKind: JsonValueKind.Object } body || body.Text("metadata", "name") != Change.Object.Split('/')[2])
        {
            return null;
        }

        var spec = body.Child("spec");
        var (replicas, paused, image) = (spec.Number("replicas"), spec.Child("paused").ValueKind == JsonValueKind.True, Image(spec));
        var revision = body.Child("metadata").Child("annotations").Text(Revision);
        var so = Change.Command.Words switch
        {
            "scale" => replicas is { } count && count.ToString(CultureInfo.InvariantCulture) == Change.Values.GetValueOrDefault("--replicas"),
            "rollout pause" => paused,
            "rollout resume" => !paused,
            "rollout undo" => revision is not null && revision == Change.Values.GetValueOrDefault("--to-revision"),
            "set image" => image is not null && Change.Arguments.Contains(image, StringComparer.Ordinal),
            _ => false,
        };
        List<string> words =
        [
            .. replicas is { } pods ? [string.Create(CultureInfo.InvariantCulture, $"{pods} {(pods == 1 ? "replica" : "replicas")}")] : (string[])[],
            .. paused ? ["its rollout is paused"] : (string[])[], .. revision is not null ? [$"revision {revision.Plain(12)}"] : (string[])[], .. image is not null ? [image.Plain(260)] : (string[])[],
        ];
        return new(so, words.Count == 0 ? "it is there" : string.Join(", ", words));
    }

    /// <summary>"web=registry/shop@sha256:…", of the container that the command names.</summary>
    private string? Image(JsonElement spec)
    {
        var named = Change.Arguments.FirstOrDefault(a => a.Contains("@sha256:", StringComparison.Ordinal))?.Split('=')[0];
        return named is null ? null : spec.Child("template").Child("spec").Items("containers").FirstOrDefault(c => c.Text("name") == named).Text("image") is { } image ? $"{named}={image}" : null;
    }
}
