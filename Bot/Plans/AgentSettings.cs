using RunModes.Bot.Gate;

namespace RunModes.Bot.Plans;

internal sealed record AgentSettings
{
    public string Name { get; init; } = "SRE bot";
    public TimeSpan ApprovalExpiry { get; init; } = TimeSpan.FromHours(1);
    public string TimeZone { get; init; } = "UTC";
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
