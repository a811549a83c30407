using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Incidents;

/// <summary>Incidents and their firings as stored. Port to the store.</summary>
internal interface IIncidents
{
    Task<Incident?> Find(ITransaction transaction, IncidentId id);

    /// <summary>Everything delivered before under <see cref="Alert.SourceKey"/>.</summary>
    Task<IReadOnlyList<Firing>> FiringsOf(ITransaction transaction, string sourceKey);

    /// <summary>
    /// The newest incident of rule and target, whatever its state. Never asked without a target. Where several may write at once, nobody
    /// else gets past this call for the same rule and target until the transaction ends: otherwise two firings open two incidents.
    /// </summary>
    Task<Incident?> FindLatest(ITransaction transaction, Platform platform, string ruleKey, string targetKey);

    /// <summary>
    /// The incident that last took in something under the source's own id. Whoever else asks for the same id waits until the transaction ends, as
    /// above; the two are asked in this order: first by the id, then by rule and target.
    /// </summary>
    Task<Incident?> FindByAlert(ITransaction transaction, Platform platform, string alertId);

    Task Insert(ITransaction transaction, Incident incident);

    /// <summary>Writes <paramref name="incident"/> if the stored row still has <paramref name="version"/>; the stored version becomes <c>version + 1</c>.</summary>
    /// <returns>False when somebody else was first; nothing was written.</returns>
    Task<bool> Update(ITransaction transaction, Incident incident, long version);

    Task AddFiring(ITransaction transaction, Firing firing);

    Task<IReadOnlyList<Firing>> FiringsOf(ITransaction transaction, IncidentId incident, int most);

    /// <summary>Resources whose id ends in <paramref name="name"/> (a last segment, in lower case), of incidents since then; each once.</summary>
    Task<IReadOnlyList<ResourceId>> TargetsNamed(ITransaction transaction, string name, DateTimeOffset since, int most);

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<Incident>> List(ITransaction transaction, int most);

    /// <summary>Those without a plan that are not closed, newest first.</summary>
    Task<IReadOnlyList<Incident>> Unmatched(ITransaction transaction, int most);
}

/// <summary>Where the incident's latest run and proposal stand: what a further firing means depends on it.</summary>
internal enum Situation
{
    /// <summary>Queued, investigating, acting, verifying, or waiting for people (approval, or a blocked operation).</summary>
    InProgress = 0,

    /// <summary>No run was ever started.</summary>
    NeverRun,

    /// <summary>The bot measured the recovery.</summary>
    Recovered,
    NotRecovered,
    NoActionNeeded,

    /// <summary>An Administrator said no in this incident.</summary>
    Denied,
    Expired,
    Failed,
    Indeterminate,
    CouldNotInvestigate,
}

/// <summary>What people should see of a firing that starts nothing.</summary>
internal enum IncidentNews
{
    /// <summary>One more firing: refresh what is shown.</summary>
    Counted = 0,

    /// <summary>It fired again after a Deny: a visible notice with "Investigate again".</summary>
    FiredAfterDeny,

    /// <summary>The attempts are used up: people take over.</summary>
    HandedOver,
}

/// <param name="ModeWhy">Why the mode is stricter than the plan's own, when it is.</param>
/// <param name="Reason">Why there is another run of the incident; null for the first.</param>
internal sealed record RunRequest(Incident Incident, EffectiveMode Mode, string? ModeWhy, string? Reason)
{
    /// <summary>The task that begins it; null: a plan, or a person.</summary>
    public string? Task { get; init; }

    /// <summary>Of a task that runs literal steps: those to do, the run's own first.</summary>
    public IReadOnlyList<string>? Steps { get; init; }

    /// <summary>Of the task, as it is when the run begins.</summary>
    public long? TaskRevision { get; init; }

    /// <summary>When it should have begun; null: now.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }
}

/// <summary>What an incident asks of the runs, in the transaction that stores the firing. Port to whoever runs them.</summary>
internal interface IRunQueue
{
    Task<Situation> SituationOf(ITransaction transaction, IncidentId incident);

    Task Enqueue(ITransaction transaction, RunRequest request);

    /// <summary>The source says it is over: measure again, believe nothing.</summary>
    Task Remeasure(ITransaction transaction, Incident incident);

    Task Tell(ITransaction transaction, Incident incident, IncidentNews news);
}
