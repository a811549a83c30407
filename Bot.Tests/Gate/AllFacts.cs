using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Gate;

/// <summary>Every combination of what the gate can be told, and the page's own table to judge them by.</summary>
internal static class AllFacts
{
    public static GateFacts Good { get; } = new()
    {
        Guardrails = [],
        Effect = Effect.Mutating,
        Hook = new(HookOpinion.None),
        Stop = new(StopState.Running),
        Lock = new(LockState.None),
        Permission = new(PermissionState.Granted),
        Mode = new(RunMode.Autonomous, ModeSource.Plan, "staging-web"),
        Provenance = Provenance.Runbook,
        Contest = new(Contest.Free),
        Starter = new(Starter.Trigger),
        Budget = new(Budget.Left),
        StartedLate = false,
        Symptom = Symptom.MeasuredByBot,
    };

    /// <summary>One fact each: its name and every value it can have, given the other facts.</summary>
    public static IReadOnlyList<(string Fact, IReadOnlyList<(string Value, Func<GateFacts, GateFacts> Set)> Values)> Facts { get; } =
    [
        ("Guardrails", [("none", f => f with { Guardrails = [] }), ("refused", f => f with { Guardrails = ["Deletions are refused."] })]),
        Fact<Effect>("Effect", (f, v) => f with { Effect = v }),
        Fact<HookOpinion>("Hook", (f, v) => f with { Hook = new(v) }),
        Fact<StopState>("Stop", (f, v) => f with { Stop = new(v) }),
        Fact<LockState>("Lock", (f, v) => f with { Lock = new(v) }),
        Fact<PermissionState>("Permission", (f, v) => f with { Permission = new(v) }),
        Fact<RunMode>("Mode", (f, v) => f with { Mode = new(v, ModeSource.Plan, "staging-web") }),
        Fact<Provenance>("Provenance", (f, v) => f with { Provenance = v }),
        Fact<Contest>("Contest", (f, v) => f with { Contest = new(v) }),
        Fact<Starter>("Starter", (f, v) => f with { Starter = new(v) }),
        Fact<Budget>("Budget", (f, v) => f with { Budget = new(v) }),
        ("StartedLate", [("no", f => f with { StartedLate = false }), ("yes", f => f with { StartedLate = true })]),
        Fact<Symptom>("Symptom", (f, v) => f with { Symptom = v }),
    ];

    /// <summary>DESIGN §5 as it stands there: the first row that applies wins.</summary>
    public static IReadOnlyList<(string Row, Func<GateFacts, bool> Applies, VerdictKind Verdict)> Rows { get; } =
    [
        ("1 a guardrail refuses it, or it reads secrets", f => f.Guardrails.Count > 0 || f.Effect is Effect.SecretRead, VerdictKind.Refuse),
        ("2 a hook blocks", f => f.Hook.State is HookOpinion.Block, VerdictKind.Refuse),
        ("3 a read, and no hook asks", f => f.Effect is Effect.ReadOnly && f.Hook.State is HookOpinion.None, VerdictKind.Proceed),
        ("4 emergency stop on, or it cannot be read", f => f.Stop.State is StopState.Stopped or StopState.CouldNotTell, VerdictKind.Blocked),
        ("5 a lock, or a missing or unknown permission", f =>
            f.Lock.State is LockState.Forbids or LockState.CouldNotTell || f.Permission.State is PermissionState.Missing or PermissionState.CouldNotTell, VerdictKind.Blocked),
        ("6 something asks", f => f.Mode.Mode is RunMode.Review || f.Hook.State is HookOpinion.Ask || f.Effect is Effect.Unknown || f.Provenance is Provenance.Untrusted
            || f.Contest.State is Contest.Contested or Contest.CouldNotTell || f.Starter.State is Starter.UnconfirmedPerson || f.Budget.State is Budget.UsedUp
            || f.StartedLate || f.Symptom is Symptom.NotMeasured, VerdictKind.AskFirst),
        ("7 mode Autonomous", f => f.Mode.Mode is RunMode.Autonomous, VerdictKind.Proceed),
    ];

    public static IEnumerable<GateFacts> Combinations(int fact = 0, GateFacts? so = null) => fact == Facts.Count
        ? [so!]
        : Facts[fact].Values.SelectMany(value => Combinations(fact + 1, value.Set(so ?? Good)));

    private static (string, IReadOnlyList<(string, Func<GateFacts, GateFacts>)>) Fact<T>(string name, Func<GateFacts, T, GateFacts> set) where T : struct, Enum =>
        (name, [.. Enum.GetValues<T>().Select(v => (v.ToString(), (Func<GateFacts, GateFacts>)(f => set(f, v))))]);
}
