using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Incidents;

internal enum AlertCondition { Unknown = 0, Fired, Resolved }

/// <summary>One alert as it came in, after authentication and parsing. A hint: everything in it is text that somebody else wrote.</summary>
/// <param name="Caller">Who was authenticated ("key", the Entra app, the signing secret's index): part of the dedupe key.</param>
/// <param name="Rule">Alert rule id, else its name.</param>
/// <param name="Target">Null when no usable target could be read; <paramref name="TargetProblem"/> says why.</param>
/// <param name="ContentHash">Of the raw body: the same id with other content is another incident.</param>
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
    string ContentHash);

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

    /// <summary>Name of the plan that matched; null: unmatched, stored and listed, never acted on.</summary>
    public string? Plan { get; init; }

    /// <summary>Why this plan, or why none.</summary>
    public required string PlanWhy { get; init; }
    public required DateTimeOffset FirstFiredAt { get; init; }
    public required DateTimeOffset LastFiredAt { get; init; }

    /// <summary>Fixed from the first firing.</summary>
    public required DateTimeOffset MergeUntil { get; init; }
    public required int Firings { get; init; }
    public required int Attempts { get; init; }
    public DateTimeOffset? ResolvedAt { get; init; }
    public required long Version { get; init; }
}
