using RunModes.Bot.Audit;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Approvals;

/// <summary>
/// The keyed seal of a decision, or of a verdict that asked nobody. It covers what was decided, what was shown, by whom and when, so that
/// a row written past the bot gives no permit.
/// </summary>
internal sealed class Seals(AuditKey key)
{
    public Decision Seal(Proposal proposal, long generation, DecisionKind kind, Who by, DateTimeOffset at, string? reason, string shownCardHash) =>
        new(kind, by, at, reason, shownCardHash, key.Mac(AuditPurpose.Decision, OfDecision(proposal, generation, kind, by, at, shownCardHash)));

    public string SealCleared(Proposal proposal, long generation) => key.Mac(AuditPurpose.Cleared, OfCleared(proposal, generation));

    /// <summary>Asked between the claim and the permit.</summary>
    public bool Verifies(Proposal proposal, long generation) => proposal switch
    {
        { Decision: { Kind: DecisionKind.Approve } d } =>
            key.Verify(AuditPurpose.Decision, d.Seal, OfDecision(proposal, generation, d.Kind, d.By, d.At, d.ShownCardHash)),
        { Decision: null, ClearedSeal: { } seal } => key.Verify(AuditPurpose.Cleared, seal, OfCleared(proposal, generation)),
        _ => false,
    };

    private static string[] OfDecision(Proposal p, long generation, DecisionKind kind, Who by, DateTimeOffset at, string shownCardHash) =>
        [.. OfCleared(p, generation), kind.ToString(), by.TenantId, by.ObjectId, Number(at.ToUnixTimeMilliseconds()), shownCardHash];

    private static string[] OfCleared(Proposal p, long generation) => [Number(generation), p.Id.Value, Number(p.Revision), p.Fingerprint.Hex];

    private static string Number(long number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
