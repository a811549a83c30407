using RunModes.Bot.Gate;

namespace RunModes.Bot.Plans;

internal sealed record AgentSettings
{
    public string Name { get; init; } = "SRE bot";

    /// <summary>Written into a new store; afterwards the store is the truth.</summary>
    public RunMode? DefaultRunMode { get; init; }
    public TimeSpan ApprovalExpiry { get; init; } = TimeSpan.FromHours(1);
    public string TimeZone { get; init; } = "UTC";

    /// <summary>UTC where this machine knows no such zone, which the start refuses.</summary>
    public TimeZoneInfo Zone => TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) ? zone : TimeZoneInfo.Utc;

    /// <summary>The practice world: nothing real is reachable, and everything said says so.</summary>
    public bool Sandbox { get; init; }
}

/// <summary>How an operation's effect is measured.</summary>
/// <param name="Settle">Samples that begin earlier than this after completion do not count.</param>
internal sealed record VerificationSettings(TimeSpan Settle, TimeSpan Interval, TimeSpan GiveUpAfter)
{
    public static VerificationSettings Default { get; } = new(TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10));
}

/// <summary>How many operations may proceed without asking, counted in the claim.</summary>
internal sealed record AutonomyBudget(int PerTargetPerHour, int PerPlanPerHour, int PerBotPerHour)
{
    public static AutonomyBudget Default { get; } = new(2, 20, 50);

    /// <summary>How many operations without asking may go wrong within <see cref="LapseWindow"/>; with the last of them the plan is set to Review.</summary>
    public int LapsesToReview { get; init; } = 2;
    public TimeSpan LapseWindow { get; init; } = TimeSpan.FromDays(7);
}

/// <summary>The one control row of a store: default mode, default channel and the emergency stop.</summary>
/// <param name="DefaultMode">Null: never set, which means Review.</param>
/// <param name="Generation">Raised when the store was restored or moved: seals of an older generation no longer verify.</param>
internal sealed record Control(
    long Version,
    long Generation,
    RunMode? DefaultMode,
    string? DefaultChannel,
    bool Stopped,
    string? StoppedBy,
    DateTimeOffset? StoppedAt);
