using RunModes.Bot.Proposals;

namespace RunModes.Bot.Gate;

// Every fact has a first member that means "nobody knows", and that member never proceeds.

internal enum HookOpinion { Block = 0, Ask, None }

internal enum StopState { CouldNotTell = 0, Stopped, Running }

internal enum LockState { CouldNotTell = 0, Forbids, None }

internal enum PermissionState { CouldNotTell = 0, Missing, Granted }

internal enum Contest { CouldNotTell = 0, Contested, Free }

internal enum Starter { UnconfirmedPerson = 0, ConfirmedAdministrator, Trigger }

internal enum Budget { UsedUp = 0, Left }

internal enum Symptom { NotMeasured = 0, MeasuredByBot }

/// <summary>What the gate knows of one fact: the state it decides by and the words a person needs.</summary>
internal readonly record struct Fact<T>(T State, string Words = "") where T : struct, Enum;

/// <summary>All that the gate looks at. Collected by whoever asks; the gate itself asks nobody.</summary>
internal sealed record GateFacts
{
    /// <summary>Guardrails that refuse the operation, in words; empty when none does.</summary>
    public required IReadOnlyList<string> Guardrails { get; init; }
    public required Effect Effect { get; init; }
    public required Fact<HookOpinion> Hook { get; init; }
    public required Fact<StopState> Stop { get; init; }
    public required Fact<LockState> Lock { get; init; }
    public required Fact<PermissionState> Permission { get; init; }
    public required EffectiveMode Mode { get; init; }
    public required Provenance Provenance { get; init; }
    public required Fact<Contest> Contest { get; init; }
    public required Fact<Starter> Starter { get; init; }
    public required Fact<Budget> Budget { get; init; }
    public required bool StartedLate { get; init; }
    public required Symptom Symptom { get; init; }
}
