using System.Collections.Frozen;

namespace RunModes.Bot.Proposals;

internal enum ProposalStatus
{
    Refused = 0,
    Blocked,
    AwaitingApproval,
    Cleared,
    Approved,
    Denied,
    Executing,
    Succeeded,
    Failed,
    Indeterminate,
    Expired,
    Superseded,
    Withdrawn,
}

internal enum ProposalEvent
{
    None = 0,
    GateRefuses,
    GateBlocks,
    GateAsks,
    GateProceeds,
    Approve,
    Deny,
    DeadlinePasses,
    PlanOrTargetGone,
    NewerProposal,
    FactsChanged,
    RecoveredByItself,
    ApproverNoLongerAdministrator,
    FactsCannotBeTold,
    PlanTightened,
    EmergencyStop,
    Claimed,
    ResultSucceeded,
    ResultFailed,
    ResultUnknown,
    WorkerLost,
}

/// <param name="NextRevision">What was shown is no longer what would run, or why: a new card asks again.</param>
/// <param name="VoidsDecision">An approval given before does not survive the step.</param>
internal sealed record Step(ProposalStatus To, bool NextRevision = false, bool VoidsDecision = false);

/// <summary>The whole life of a proposal as one table. What is not in it is illegal.</summary>
internal static class ProposalLifecycle
{
    private static readonly Step AskAgain = new(ProposalStatus.AwaitingApproval, NextRevision: true, VoidsDecision: true);
    private static readonly Step Block = new(ProposalStatus.Blocked, VoidsDecision: true);

    private static readonly FrozenDictionary<ProposalEvent, Step> Created = new Dictionary<ProposalEvent, Step>
    {
        [ProposalEvent.GateRefuses] = new(ProposalStatus.Refused),
        [ProposalEvent.GateBlocks] = new(ProposalStatus.Blocked),
        [ProposalEvent.GateAsks] = new(ProposalStatus.AwaitingApproval),
        [ProposalEvent.GateProceeds] = new(ProposalStatus.Cleared),
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<(ProposalStatus, ProposalEvent), Step> Table = new Dictionary<(ProposalStatus, ProposalEvent), Step>
    {
        // A re-check runs the whole gate again, and whatever it says a person is asked: never Cleared.
        [(ProposalStatus.Blocked, ProposalEvent.GateRefuses)] = new(ProposalStatus.Refused),
        [(ProposalStatus.Blocked, ProposalEvent.GateBlocks)] = new(ProposalStatus.Blocked),
        [(ProposalStatus.Blocked, ProposalEvent.GateAsks)] = AskAgain,
        [(ProposalStatus.Blocked, ProposalEvent.GateProceeds)] = AskAgain,
        [(ProposalStatus.Blocked, ProposalEvent.DeadlinePasses)] = new(ProposalStatus.Expired),
        [(ProposalStatus.Blocked, ProposalEvent.PlanOrTargetGone)] = new(ProposalStatus.Withdrawn),
        [(ProposalStatus.Blocked, ProposalEvent.NewerProposal)] = new(ProposalStatus.Superseded),
        [(ProposalStatus.Blocked, ProposalEvent.EmergencyStop)] = new(ProposalStatus.Blocked),

        [(ProposalStatus.AwaitingApproval, ProposalEvent.Approve)] = new(ProposalStatus.Approved),
        [(ProposalStatus.AwaitingApproval, ProposalEvent.Deny)] = new(ProposalStatus.Denied),
        [(ProposalStatus.AwaitingApproval, ProposalEvent.DeadlinePasses)] = new(ProposalStatus.Expired),
        [(ProposalStatus.AwaitingApproval, ProposalEvent.GateRefuses)] = new(ProposalStatus.Refused),
        [(ProposalStatus.AwaitingApproval, ProposalEvent.GateBlocks)] = Block,
        [(ProposalStatus.AwaitingApproval, ProposalEvent.PlanOrTargetGone)] = new(ProposalStatus.Withdrawn),
        [(ProposalStatus.AwaitingApproval, ProposalEvent.NewerProposal)] = new(ProposalStatus.Superseded),
        [(ProposalStatus.AwaitingApproval, ProposalEvent.FactsChanged)] = AskAgain,
        [(ProposalStatus.AwaitingApproval, ProposalEvent.RecoveredByItself)] = AskAgain,
        // A stop leaves the card where it is: its clicks are refused while the stop holds.
        [(ProposalStatus.AwaitingApproval, ProposalEvent.EmergencyStop)] = new(ProposalStatus.AwaitingApproval),

        [(ProposalStatus.Approved, ProposalEvent.DeadlinePasses)] = new(ProposalStatus.Expired, VoidsDecision: true),
        [(ProposalStatus.Approved, ProposalEvent.GateRefuses)] = new(ProposalStatus.Refused, VoidsDecision: true),
        [(ProposalStatus.Approved, ProposalEvent.GateBlocks)] = Block,
        [(ProposalStatus.Approved, ProposalEvent.EmergencyStop)] = Block,
        [(ProposalStatus.Approved, ProposalEvent.PlanOrTargetGone)] = new(ProposalStatus.Withdrawn, VoidsDecision: true),
        [(ProposalStatus.Approved, ProposalEvent.FactsChanged)] = AskAgain,
        [(ProposalStatus.Approved, ProposalEvent.RecoveredByItself)] = AskAgain,
        [(ProposalStatus.Approved, ProposalEvent.ApproverNoLongerAdministrator)] = AskAgain,
        [(ProposalStatus.Approved, ProposalEvent.PlanTightened)] = AskAgain,
        [(ProposalStatus.Approved, ProposalEvent.FactsCannotBeTold)] = new(ProposalStatus.Approved),
        [(ProposalStatus.Approved, ProposalEvent.Claimed)] = new(ProposalStatus.Executing),

        [(ProposalStatus.Cleared, ProposalEvent.DeadlinePasses)] = new(ProposalStatus.Expired),
        [(ProposalStatus.Cleared, ProposalEvent.GateRefuses)] = new(ProposalStatus.Refused),
        [(ProposalStatus.Cleared, ProposalEvent.GateBlocks)] = Block,
        [(ProposalStatus.Cleared, ProposalEvent.GateAsks)] = AskAgain,
        [(ProposalStatus.Cleared, ProposalEvent.EmergencyStop)] = Block,
        [(ProposalStatus.Cleared, ProposalEvent.PlanOrTargetGone)] = new(ProposalStatus.Withdrawn),
        [(ProposalStatus.Cleared, ProposalEvent.PlanTightened)] = AskAgain,
        [(ProposalStatus.Cleared, ProposalEvent.RecoveredByItself)] = new(ProposalStatus.Withdrawn),
        [(ProposalStatus.Cleared, ProposalEvent.Claimed)] = new(ProposalStatus.Executing),

        [(ProposalStatus.Executing, ProposalEvent.ResultSucceeded)] = new(ProposalStatus.Succeeded),
        [(ProposalStatus.Executing, ProposalEvent.ResultFailed)] = new(ProposalStatus.Failed),
        [(ProposalStatus.Executing, ProposalEvent.ResultUnknown)] = new(ProposalStatus.Indeterminate),
        [(ProposalStatus.Executing, ProposalEvent.WorkerLost)] = new(ProposalStatus.Indeterminate),

        // Only the same claim's late answer ends doubt; a person's "done / not done" annotates and changes nothing.
        [(ProposalStatus.Indeterminate, ProposalEvent.ResultSucceeded)] = new(ProposalStatus.Succeeded),
        [(ProposalStatus.Indeterminate, ProposalEvent.ResultFailed)] = new(ProposalStatus.Failed),
    }.ToFrozenDictionary();

    /// <param name="from">Null: the proposal is being created.</param>
    /// <returns>Null when the pair is illegal.</returns>
    public static Step? Next(ProposalStatus? from, ProposalEvent happened) =>
        from is { } status ? Table.GetValueOrDefault((status, happened)) : Created.GetValueOrDefault(happened);

    /// <summary>The states an event may come from: what a guarded UPDATE names in its WHERE clause.</summary>
    public static IReadOnlyList<ProposalStatus> Sources(ProposalEvent happened) =>
        [.. Table.Keys.Where(k => k.Item2 == happened).Select(k => k.Item1).Order()];

    public static bool IsFinal(ProposalStatus status) => status is ProposalStatus.Refused or ProposalStatus.Denied or ProposalStatus.Succeeded
        or ProposalStatus.Failed or ProposalStatus.Expired or ProposalStatus.Superseded or ProposalStatus.Withdrawn;
}
