using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Plans;

/// <summary>What a task does. Names are stored; a version that does not run one says so and counts a failure.</summary>
internal enum Does { Unknown = 0, PendingReminder, Steps, HealthCheck, CostReport, Insights }

/// <summary>Something to do at set times: what was written of it, and how it went so far.</summary>
internal sealed record ScheduledTask
{
    public required string Name { get; init; }

    /// <summary>Five fields or one of the English phrases, as <see cref="Schedule"/> reads them.</summary>
    public required string Cron { get; init; }
    public Does Does { get; init; }
    public string Scope { get; init; } = "";
    public IReadOnlyList<string> Steps { get; init; } = [];

    /// <summary>Shown; not interpreted until a model investigates.</summary>
    public string Instructions { get; init; } = "";

    /// <summary>Null: none stored, the agent's default applies.</summary>
    public RunMode? Mode { get; init; }

    /// <summary>Conversation id; null goes where the agent posts by default.</summary>
    public string? Channel { get; init; }
    public int? RunLimit { get; init; }

    /// <summary>Nothing runs at or after it.</summary>
    public DateTimeOffset? Until { get; init; }
    public bool Enabled { get; init; } = true;

    /// <summary>Every run replies below the first instead of posting anew.</summary>
    public bool SameThread { get; init; }

    // How it went.

    /// <summary>Runs by the clock; what somebody ran by hand does not count towards the limit.</summary>
    public int Runs { get; init; }
    public int FailuresInARow { get; init; }

    /// <summary>It failed too often in a row, and stays off until it is resumed.</summary>
    public bool Failed { get; init; }
    public TaskRun? LastRun { get; init; }

    /// <summary>Of the latest run that was one: while it is not over, no other begins.</summary>
    public IncidentId? LastIncident { get; init; }

    /// <summary>Null: never again by itself.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Counts guarded writes, of which a tick is one.</summary>
    public long Version { get; init; }

    /// <summary>Counts what people changed: whoever edits names the one they saw, and what began under another asks.</summary>
    public long Revision { get; init; }

    /// <summary>Null: as it was created from settings.</summary>
    public PlanEditor? Edited { get; init; }

    /// <summary>It may propose operations, and not only post.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public bool HasOperations => Does is not (Does.PendingReminder or Does.CostReport or Does.Insights);

    public string Key => Name.ToLowerInvariant();

    public string Subject => $"task/{Name}";

    /// <summary>When it runs next by itself, seen from <paramref name="after"/>; several that were missed are one.</summary>
    public DateTimeOffset? NextDue(Schedule schedule, DateTimeOffset after) =>
        Enabled && !Failed && !(Runs >= RunLimit) && schedule.Next(after, 1) is [var next] && !(next >= Until) ? next : null;
}

internal sealed record TaskRun(DateTimeOffset At, string What, bool Failed);

/// <summary>Scheduled tasks as stored. Port to the store.</summary>
internal interface ITasks
{
    /// <summary>In the order of their names.</summary>
    Task<IReadOnlyList<ScheduledTask>> All(ITransaction transaction);

    Task<ScheduledTask?> Find(ITransaction transaction, string key);

    /// <summary>For whoever acts on what it says: it is changed after this transaction, not before it ends. After the control row.</summary>
    Task<ScheduledTask?> Share(ITransaction transaction, string key);

    /// <summary>For whoever changes or runs it. After the control row, like a plan.</summary>
    Task<ScheduledTask?> Hold(ITransaction transaction, string key);

    /// <returns>False when a task or a plan of that name is there, or the task was deleted: nothing was written.</returns>
    Task<bool> Insert(ITransaction transaction, ScheduledTask task);

    /// <summary>For a person who wants a name that was deleted: what settings cannot revive, an Administrator can.</summary>
    /// <returns>False when a task or a plan of that name is there.</returns>
    Task<bool> Create(ITransaction transaction, ScheduledTask task);

    /// <summary>Leaves a tombstone: the name does not come back through settings. Guarded like <see cref="Move"/>.</summary>
    Task<bool> Delete(ITransaction transaction, ScheduledTask task);

    /// <summary>Writes <paramref name="after"/> if the stored row still has the version and the due time of <paramref name="before"/>.</summary>
    /// <returns>False when somebody else was first: then it is theirs to do.</returns>
    Task<bool> Move(ITransaction transaction, ScheduledTask before, ScheduledTask after);

    Task<IReadOnlyList<ScheduledTask>> Due(ITransaction transaction, DateTimeOffset now, int most);
}
