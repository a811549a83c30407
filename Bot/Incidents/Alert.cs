using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Incidents;

internal enum AlertCondition
{
    /// <summary>A note of the source: kept, and starts nothing.</summary>
    Unknown = 0,
    Fired,
    Resolved,

    /// <summary>The source says how urgent it is, later than that it fired.</summary>
    Reprioritised,
}

/// <summary>One alert as it came in, after authentication and parsing. A hint: everything in it is text that somebody else wrote.</summary>
/// <param name="Caller">Who was authenticated ("key", the Entra app, "signature"): part of the dedupe key.</param>
/// <param name="AlertId">The alert's, or of a source that has incidents of its own, the incident's.</param>
/// <param name="Rule">Alert rule id, else its name.</param>
/// <param name="Severity">Empty when the source gives none.</param>
/// <param name="Target">Null when no usable target could be read; <paramref name="TargetProblem"/> says why.</param>
/// <param name="ContentHash">Of everything that came: the same id with other content is another incident.</param>
internal sealed record Alert(
    Platform Platform,
    string Caller,
    string AlertId,
    string Rule,
    string Title,
    AlertCondition Condition,
    string Severity,
    string SignalType,
    DateTimeOffset FiredAt,
    DateTimeOffset? ResolvedAt,
    ResourceId? Target,
    string? TargetProblem,
    string Description,
    string ContentHash)
{
    /// <summary>Where <see cref="AlertId"/> names an incident of the source, which holds many events together whatever they say: the event's own id.</summary>
    public string? EventId { get; init; }

    /// <summary>Compares rules: Azure names ignore case.</summary>
    public string RuleKey => Rule.ToLowerInvariant();

    /// <summary>Empty when there is no usable target; such alerts never merge.</summary>
    public string TargetKey => Target?.Key ?? "";

    /// <summary>One firing at its source, whatever it says: platform, authenticated caller, id, condition and fired time.</summary>
    public string SourceKey => Digest.Of(Platform.ToString(), Caller, EventId ?? AlertId, Condition.ToString(), FiredAt.UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>The firing and what it concerns. A forged copy about another rule or target cannot pass for it, nor swallow it.</summary>
    public string DedupeKey => Digest.Of(SourceKey, Digest.Of(RuleKey, TargetKey));

    /// <summary>Delivered before, word for word.</summary>
    public bool Repeats(Firing firing) => firing.DedupeKey == DedupeKey && firing.ContentHash == ContentHash;
}

/// <summary>One delivery that was taken in, as stored. Unique by <see cref="DedupeKey"/> and <see cref="ContentHash"/>.</summary>
/// <param name="Became">What the firing led to, in words.</param>
internal sealed record Firing(
    IncidentId Incident,
    string SourceKey,
    string DedupeKey,
    string ContentHash,
    string AlertId,
    AlertCondition Condition,
    string Severity,
    DateTimeOffset FiredAt,
    DateTimeOffset ReceivedAt,
    string Became,
    string? EventId = null);

internal enum IncidentState { Open = 0, Investigating, Closed }

/// <summary>Rule and target at a source, with its firings. Merged by both, never by rule alone.</summary>
internal sealed record Incident
{
    public required IncidentId Id { get; init; }
    public required Platform Platform { get; init; }
    public required string Rule { get; init; }
    public required string Title { get; init; }
    public required string Severity { get; init; }
    public required string SignalType { get; init; }
    public ResourceId? Target { get; init; }
    public string? TargetProblem { get; init; }
    public string Description { get; init; } = "";

    /// <summary>The source's id of the latest firing.</summary>
    public string AlertId { get; init; } = "";

    /// <summary>Name of the plan that matched; null: unmatched, stored and listed, never acted on.</summary>
    public string? Plan { get; init; }

    /// <summary>Why this plan, or why none.</summary>
    public required string PlanWhy { get; init; }
    public required DateTimeOffset FirstFiredAt { get; init; }
    public required DateTimeOffset LastFiredAt { get; init; }

    /// <summary>Fixed from the first firing.</summary>
    public required DateTimeOffset MergeUntil { get; init; }
    public required int Firings { get; init; }

    /// <summary>Investigations asked for so far.</summary>
    public required int Attempts { get; init; }
    public IncidentState State { get; init; }

    /// <summary>When people were told that the attempts are used up; later firings are counted only.</summary>
    public DateTimeOffset? HandedOverAt { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }

    /// <summary>The first span of its trace; null: nobody collected traces when it began.</summary>
    public string? RootSpan { get; init; }
    public required long Version { get; init; }

    /// <summary>The command that a person typed; null: nobody did.</summary>
    [System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    public RequestedCommand? Command { get; init; }

    public string RuleKey => Rule.ToLowerInvariant();

    public string TargetKey => Target?.Key ?? "";

    public string Subject => $"incident/{Id}";
}
