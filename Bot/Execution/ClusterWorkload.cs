using System.Globalization;
using System.Text.Json;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>One of the conditions that a cluster keeps about an object: "Available", False, since when, and its reason in one word.</summary>
internal sealed record ClusterCondition(string Type, string Status, string Reason, DateTimeOffset? Since)
{
    /// <summary>The cluster's words, with names that anybody may have given.</summary>
    public string Message { get; init; } = "";

    public bool Is(string type, string status) => Type == type && Status == status;
}

/// <summary>What a cluster says of a deployment, a stateful set or a daemon set: strictly read, because operations are bound to it.</summary>
/// <param name="Revision">Of its pods' template, and only where the cluster has taken up the last change of it; null: it does not say.</param>
/// <param name="Labels">By which it knows its pods.</param>
internal sealed record ClusterWorkload(KubernetesObject Is, string Uid, long Generation, long Observed, string? Revision, bool Paused, bool Deleting, IReadOnlyDictionary<string, string> Labels)
{
    /// <summary>Pods: wanted, there, of the current revision, available.</summary>
    public int Wanted { get; init; }
    public int There { get; init; }
    public int Updated { get; init; }
    public int Available { get; init; }
    public IReadOnlyList<ClusterCondition> Conditions { get; init; } = [];

    /// <summary>The last change was taken up; before that the rest of the status is about what was.</summary>
    public bool IsTakenUp => Observed >= Generation;

    public ClusterCondition? Condition(string type) => Conditions.FirstOrDefault(c => c.Type == type);

    /// <summary>As a precondition names it; null: it cannot be told.</summary>
    public string? Say(string member) => member switch
    {
        "uid" => Uid,
        "revision" => Revision,
        "replicas" => Wanted.ToString(CultureInfo.InvariantCulture),
        "rollout" => Paused ? "paused" : "not paused",
        _ => null,
    };

    /// <returns>Null: the answer is about something else, or lacks what every such object has.</returns>
    public static ClusterWorkload? Of(KubernetesObject it, JsonElement body)
    {
        var (about, spec, status) = (body.Member("metadata") ?? default, body.Member("spec") ?? default, body.Member("status") ?? default);
        if (about.Text("name") != it.Name || about.Text("namespace") != it.Namespace || !it.Kind.Called.Contains(body.Text("kind")?.ToLowerInvariant(), StringComparer.Ordinal)
            || about.Text("uid") is not { Length: > 0 and <= 64 } uid || !uid.All(c => char.IsAsciiHexDigit(c) || c == '-') || Count(about, "generation") is not { } generation || status.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var observed = Count(status, "observedGeneration") ?? 0;
        return new(it, uid, generation, observed, observed >= generation ? RevisionOf(about, status, generation) : null, spec.Member("paused") is { ValueKind: JsonValueKind.True }, about.Member("deletionTimestamp") is not null, Matched(spec))
        {
            Wanted = (int)(Count(spec, "replicas") ?? Count(status, "desiredNumberScheduled") ?? 1), There = (int)(Count(status, "replicas") ?? 0), Updated = (int)(Count(status, "updatedReplicas") ?? 0),
            Available = (int)(Count(status, "availableReplicas") ?? 0), Conditions = ConditionsOf(status),
        };
    }

    public static IReadOnlyList<ClusterCondition> ConditionsOf(JsonElement status) =>
        [.. (status.Items("conditions") ?? []).Select(c => new ClusterCondition(c.Text("type") ?? "", c.Text("status") ?? "", c.Text("reason") ?? "", At(c, "lastTransitionTime")) { Message = c.Text("message") ?? "" })];

    public static DateTimeOffset? At(JsonElement at, string member) =>
        DateTimeOffset.TryParse(at.Text(member), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    public static IReadOnlyDictionary<string, string> Texts(JsonElement at, string member) =>
        at.Member(member) is not { ValueKind: JsonValueKind.Object } map ? new Dictionary<string, string>()
        : map.EnumerateObject().Where(p => p.Value.ValueKind == JsonValueKind.String).ToDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal);

    public static long? Count(JsonElement at, string member) =>
        at.Member(member) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var count) && count is >= 0 and <= int.MaxValue ? count : null;

    /// <summary>A daemon set keeps no number of its own, and nothing but people changes it.</summary>
    private static string? RevisionOf(JsonElement about, JsonElement status, long generation) =>
        (Texts(about, "annotations").GetValueOrDefault("deployment.kubernetes.io/revision") ?? status.Text("updateRevision")
            ?? (Count(status, "desiredNumberScheduled") is null ? null : generation.ToString(CultureInfo.InvariantCulture))) is { Length: > 0 and <= 253 } revision
        && revision.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.') ? revision : null;

    /// <summary>Whatever it selects by besides can only make it fewer, and owners are looked at.</summary>
    private static IReadOnlyDictionary<string, string> Matched(JsonElement spec) => Texts(spec.Member("selector") ?? default, "matchLabels");
}
