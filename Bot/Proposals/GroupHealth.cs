using System.Globalization;
using System.Text.Json.Serialization;

namespace RunModes.Bot.Proposals;

/// <summary>What may be said of a group as a whole. "Healthy" has to be shown; silence shows nothing.</summary>
internal enum GroupVerdict { CouldNotTell = 0, Unhealthy, Healthy }

/// <summary>Azure's opinion of one resource. What somebody stopped is not sick.</summary>
internal enum Availability { Unknown = 0, Unavailable, Degraded, StoppedByPeople, Available }

internal sealed record ResourceState(ResourceId Resource, Availability State, string Summary, DateTimeOffset? Since);

/// <summary>How many resources are in which state, all of them.</summary>
internal sealed record ResourceTally(int Available, int Unavailable, int Degraded, int StoppedByPeople, int Unknown)
{
    [JsonIgnore]
    public int Sick => Unavailable + Degraded;

    [JsonIgnore]
    public int All => Sick + Available + StoppedByPeople + Unknown;
}

/// <summary>Alerts of one rule on one resource.</summary>
/// <param name="Target">Null: it concerns no resource that could be read.</param>
/// <param name="Since">The first of them; null: Azure does not say.</param>
/// <param name="Acknowledged">By somebody, every one of them.</param>
internal sealed record FiringAlert(string Rule, string Severity, ResourceId? Target, DateTimeOffset? Since, int Times, bool Acknowledged);

/// <param name="Times">The same done to the same resource by the same caller; <paramref name="At"/> is the last.</param>
internal sealed record GroupChange(DateTimeOffset At, string Resource, string What, string By, int Times);

/// <summary>What a runbook made of a sick resource.</summary>
/// <param name="Words">Completes "it found that …".</param>
/// <param name="Offers">The operation that it proposes in a run of its own, in words; null: none.</param>
internal sealed record LookedAt(ResourceId Resource, string Words, string? Offers);

/// <summary>What was read about a resource group. Of long lists the worst or newest are kept, beside how many there are.</summary>
internal sealed record GroupHealth(ResourceId Group, DateTimeOffset At)
{
    public static readonly TimeSpan ChangesSpan = TimeSpan.FromHours(24);

    /// <summary>Null: resource health was not read.</summary>
    public ResourceTally? Tally { get; init; }

    /// <summary>Whatever is not available, the worst first.</summary>
    public IReadOnlyList<ResourceState> NotAvailable { get; init; } = [];

    /// <summary>Null: the alerts were not read.</summary>
    public int? Firing { get; init; }

    /// <summary>The most severe first.</summary>
    public IReadOnlyList<FiringAlert> Alerts { get; init; } = [];

    /// <summary>Different rules and resources among them.</summary>
    public int AlertKinds { get; init; }

    /// <summary>Still firing, but a person closed them.</summary>
    public int Closed { get; init; }

    /// <summary>Null: the activity log was not read.</summary>
    public int? Changed { get; init; }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<GroupChange> Changes { get; init; } = [];

    /// <summary>What could not be read of health and alerts, or not be understood: with any of it the group is not called healthy.</summary>
    public IReadOnlyList<string> Gaps { get; init; } = [];

    /// <summary>Why the changes are not known, which says nothing about health.</summary>
    public string? ChangesGap { get; init; }

    public IReadOnlyList<LookedAt> Looks { get; init; } = [];

    [JsonIgnore]
    public GroupVerdict Verdict => Tally?.Sick > 0 || Firing > 0 ? GroupVerdict.Unhealthy
        : Tally?.Available > 0 && Firing is 0 && Gaps.Count == 0 ? GroupVerdict.Healthy
        : GroupVerdict.CouldNotTell;

    /// <summary>One line, without what it rests on.</summary>
    [JsonIgnore]
    public string InWords => Verdict switch
    {
        GroupVerdict.Healthy => $"{Group.Name} is healthy",
        GroupVerdict.Unhealthy => $"{Group.Name} is not well: {string.Join(", ", Troubles)}",
        _ => $"whether {Group.Name} is well is not known{(Gaps.Count == 0 ? "" : $": {Gaps[0]}")}",
    };

    private IEnumerable<string> Troubles => new[]
    {
        Tally is { Sick: > 0 } tally ? $"{Number(tally.Sick)} of {Number(tally.All)} {(tally.All == 1 ? "resource" : "resources")} unhealthy" : null,
        Firing is > 0 and var firing ? $"{Number(firing)} {(firing == 1 ? "alert" : "alerts")} firing" : null,
    }.OfType<string>();

    private static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
