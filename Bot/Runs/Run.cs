using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

internal enum RunState { Ended = 0, Queued, Investigating, Acting, Verifying }

internal enum RunOutcome { Unknown = 0, Resolved, NotResolved, NoActionNeeded, Denied, Expired, Blocked, Failed, CouldNotInvestigate }

internal enum Trigger { Unknown = 0, Incident, Schedule, Chat }

internal enum RunEvent { None = 0, Start, Found, NothingToDo, CouldNotInvestigate, Executed, Recovered, NotRecovered, CouldNotTell, Denied, Expired, Blocked, Refused, Failed, Indeterminate, Withdrawn, Lost }

/// <summary>One passage of one trigger. Its plan and mode are pinned when it starts; loosening never touches a run in flight.</summary>
internal sealed record Run
{
    public required RunId Id { get; init; }
    public required IncidentId Incident { get; init; }
    public required Trigger Trigger { get; init; }
    public string? Plan { get; init; }

    /// <summary>The task that began it; never together with a plan.</summary>
    public string? Task { get; init; }

    /// <summary>Of a task that runs literal steps: those still to do, this run's own first.</summary>
    public IReadOnlyList<string>? Steps { get; init; }

    /// <summary>Of the task, when its run began.</summary>
    public long? TaskRevision { get; init; }

    /// <summary>When it should have begun; null: when it was created.</summary>
    public DateTimeOffset? ScheduledFor { get; init; }
    public required EffectiveMode Mode { get; init; }

    /// <summary>Why the mode is stricter than the plan's own, when it is.</summary>
    public string? ModeWhy { get; init; }
    public Who? StartedBy { get; init; }

    /// <summary>Conversation where a finding without an operation is told, when it is not the incident's thread: a person asked in private.</summary>
    public string? ReportTo { get; init; }
    public required int Attempt { get; init; }

    /// <summary>Why there is another run of the incident.</summary>
    public string? Reason { get; init; }
    public required RunState State { get; init; }
    public RunOutcome? Outcome { get; init; }
    public Finding? Finding { get; init; }

    /// <summary>What is told in place of the finding.</summary>
    public TaskReport? Report { get; init; }
    public required DateTimeOffset CreatedAt { get; init; }
    public required DateTimeOffset DueAt { get; init; }
    public DateTimeOffset? StartedAt { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>What its next span hangs below; null: nobody collects traces.</summary>
    public string? Span { get; init; }
    public required long Version { get; init; }

    public string Subject => $"run/{Id}";
}

/// <summary>Runs as stored. Port to the store.</summary>
internal interface IRuns
{
    Task Insert(ITransaction transaction, Run run);

    Task<Run?> Find(ITransaction transaction, RunId id);

    /// <summary>Guarded by the version and state of <paramref name="before"/>.</summary>
    Task<bool> Move(ITransaction transaction, Run before, Run after);

    Task<IReadOnlyList<Run>> InState(ITransaction transaction, RunState state, DateTimeOffset dueBy, int most);

    /// <summary>Runs whose proposal has come to an end that they have not followed yet.</summary>
    Task<IReadOnlyList<Run>> ToSettle(ITransaction transaction, int most);

    Task<IReadOnlyList<Run>> OfIncident(ITransaction transaction, IncidentId incident);
}

/// <summary>The whole life of a run as one table; what is not in it is illegal.</summary>
internal static class RunLifecycle
{
    public static (RunState To, RunOutcome? Outcome)? Next(RunState from, RunEvent happened) => (from, happened) switch
    {
        (RunState.Queued, RunEvent.Start) => (RunState.Investigating, null),
        // A crash while reading loses nothing: reading again is harmless.
        (RunState.Investigating, RunEvent.Lost) => (RunState.Queued, null),
        (RunState.Investigating, RunEvent.Found) => (RunState.Acting, null),
        (RunState.Investigating, RunEvent.NothingToDo) => (RunState.Ended, RunOutcome.NoActionNeeded),
        (RunState.Investigating, RunEvent.CouldNotInvestigate) => (RunState.Ended, RunOutcome.CouldNotInvestigate),
        (RunState.Investigating or RunState.Acting, RunEvent.Refused) => (RunState.Ended, RunOutcome.Blocked),
        (RunState.Acting, RunEvent.Executed) => (RunState.Verifying, null),
        (RunState.Acting, RunEvent.Denied) => (RunState.Ended, RunOutcome.Denied),
        (RunState.Acting, RunEvent.Expired) => (RunState.Ended, RunOutcome.Expired),
        (RunState.Acting, RunEvent.Blocked) => (RunState.Ended, RunOutcome.Blocked),
        (RunState.Acting, RunEvent.Withdrawn) => (RunState.Ended, RunOutcome.NoActionNeeded),
        (RunState.Acting, RunEvent.Failed) => (RunState.Ended, RunOutcome.Failed),
        (RunState.Acting, RunEvent.Indeterminate) => (RunState.Ended, RunOutcome.Unknown),
        (RunState.Verifying, RunEvent.Recovered) => (RunState.Ended, RunOutcome.Resolved),
        (RunState.Verifying, RunEvent.NotRecovered) => (RunState.Ended, RunOutcome.NotResolved),
        (RunState.Verifying, RunEvent.CouldNotTell) => (RunState.Ended, RunOutcome.Unknown),
        _ => null,
    };
}
