using RunModes.Bot.Audit;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>What a source is told. In this order, where several are due.</summary>
internal enum WriteBackKind
{
    Nothing = 0,

    /// <summary>Somebody is at it: a person approved, or an operation was begun without asking.</summary>
    Acknowledge,
    Note,

    /// <summary>Only after recovery was measured.</summary>
    Resolve,

    /// <summary>What the bot acknowledged by itself and could not mend calls people again.</summary>
    HandBack,
}

internal enum WriteBackState { GivenUp = 0, Pending, Done, NotNeeded }

/// <summary>One thing to tell about one alert because of one run. The row names it; what is said is made up from the present when it is sent.</summary>
internal sealed record WriteBack(RunId Run, WriteBackKind What, string Alert, WriteBackState State, int Attempts, DateTimeOffset NextAt, DateTimeOffset CreatedAt, string? Problem)
{
    public string Subject => $"write-back/{Run}/{What}";
}

/// <summary>Write-backs as stored. Port to the store.</summary>
internal interface IWriteBacks
{
    /// <summary>Once, however often it is planned.</summary>
    Task Plan(ITransaction transaction, RunId run, WriteBackKind what, string alert, DateTimeOffset now);

    /// <summary>Runs whose operation was approved or begun, on incidents of these sources, that nobody has planned an acknowledgement for.</summary>
    Task<IReadOnlyList<RunId>> Unacknowledged(ITransaction transaction, IReadOnlyList<Platform> platforms, int most);

    Task<IReadOnlyList<WriteBack>> Due(ITransaction transaction, DateTimeOffset now, int most);

    Task<WriteBack?> Find(ITransaction transaction, RunId run, WriteBackKind what, string alert);

    /// <summary>Whoever moves the due time does it, and nobody else before <paramref name="until"/>.</summary>
    /// <returns>The row as it is now the caller's; null when somebody else was first.</returns>
    Task<WriteBack?> Take(ITransaction transaction, WriteBack due, DateTimeOffset until);

    /// <returns>False when it is somebody else's by now.</returns>
    Task<bool> Record(ITransaction transaction, WriteBack taken, WriteBackState state, DateTimeOffset nextAt, string? problem);

    /// <summary>The clock was set by <paramref name="jump"/>: what waits, waits as long as it would have.</summary>
    Task PullAlong(ITransaction transaction, TimeSpan jump, DateTimeOffset now);

    /// <summary>Nothing that waits is told any more: what it rests on belongs to another history. What is owed from now on is planned anew.</summary>
    Task Void(ITransaction transaction, string why);

    /// <summary>What waits after a failure, and what was given up since then; newest first.</summary>
    Task<IReadOnlyList<WriteBack>> Troubled(ITransaction transaction, DateTimeOffset since, int most);
}

/// <summary>What is said, about which alert of which incident.</summary>
internal sealed record Telling(WriteBackKind What, string Alert, Incident Incident, string Text, string Mark);

/// <summary>First the one that is tried again: nobody knows what arrived.</summary>
internal enum Told { TryAgain = 0, Refused, AlreadySo, Done }

/// <param name="Why">One plain sentence.</param>
internal sealed record SourceAnswer(Told Told, string Why, TimeSpan? After = null)
{
    public static SourceAnswer TryAgain(string why, TimeSpan? after = null) => new(Told.TryAgain, why, after);

    public static SourceAnswer Refused(string why) => new(Told.Refused, why);

    public static SourceAnswer AlreadySo(string why) => new(Told.AlreadySo, why);

    public static SourceAnswer Done(string why) => new(Told.Done, why);
}

/// <summary>Where alerts come from and may be answered.</summary>
internal interface IAlertSource
{
    Platform Platform { get; }

    /// <summary>Settings say that this source is written back to.</summary>
    bool IsOn { get; }

    /// <summary>It takes words, not only states.</summary>
    bool TakesNotes { get; }

    /// <summary>
    /// Reads the alert at its source first: only what is there, and is about the rule and the target of the incident, is written to; and what is so
    /// already is not written again, so that telling twice is telling once.
    /// </summary>
    Task<SourceAnswer> Tell(Telling telling, CancellationToken cancellation);
}
