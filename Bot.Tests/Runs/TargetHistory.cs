using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Runs;

/// <summary>
/// What must be true of every history, whatever was done in which order: read from the audit, whose rows stand in the order in which their
/// transactions committed, and from the requests that arrived at Azure. Needs no model, so it also judges deeds done at the same time.
/// </summary>
internal static class TargetHistory
{
    private static readonly HashSet<string> Approvers = [People.Ada.ObjectId, People.Ben.ObjectId];
    private static readonly HashSet<string> Ends = ["Refused", "Denied", "Succeeded", "Failed", "Expired", "Superseded", "Withdrawn"];

    /// <returns>Null when nothing is wrong.</returns>
    public static string? Objection(
        IReadOnlyList<AuditRow> audit, IReadOnlyList<GatedProposal> proposals, IReadOnlyList<(string Path, string Claim)> posts, bool?[] modes, bool? byDefault, int decisions)
    {
        var rows = proposals.ToDictionary(p => p.Proposal.Subject);
        var now = new State(modes.Zip(TargetWorld.PlanNames).ToDictionary(m => m.Second, m => m.First), byDefault);
        foreach (var entry in audit.Select(row => row.Entry))
        {
            if (Follow(now, entry, rows.GetValueOrDefault(entry.Subject.ToString())?.Proposal) is { } wrong) return $"{wrong} ({entry.Kind} {entry.Subject}: {entry.Before} → {entry.After}, {entry.Detail})";
        }

        var recorded = audit.Count(row => row.Entry.Kind == AuditKind.DecisionMade);
        return recorded != decisions ? $"{decisions} decisions were answered, {recorded} are in the audit" : proposals.Select(p => OfRow(now, p.Proposal)).Concat(posts.Select(Unpermitted)).FirstOrDefault(o => o is not null)
            ?? (posts.GroupBy(p => p.Claim).Any(g => g.Count() > 1) ? "one claim sent twice" : null);

        string? Unpermitted((string Path, string Claim) post) => proposals.SingleOrDefault(p => p.Proposal.Execution?.Claim.Value == post.Claim)?.Proposal is not { } p ? $"a request of no claim arrived: {post}"
            : p.Operation.Match(arm => arm.Target.Value) != post.Path ? $"{p.Subject} was approved for another target than {post.Path}"
            : !now.Rightful.Contains(p.Subject) ? $"{p.Subject} was sent without an Administrator's approval of it, or a clear verdict in Autonomous mode"
            : null;

        string? OfRow(State state, Proposal p) =>
            state.Status.GetValueOrDefault(p.Subject) is var told && told != p.Status.ToString() && !IsForged(p) ? $"{p.Subject} is {p.Status}, the audit says {told}"
            : p.Status == ProposalStatus.Superseded && !proposals.Any(o => o.Proposal.Incident == p.Incident && o.Proposal.Id != p.Id && o.Proposal.CreatedAt >= p.CreatedAt) ? $"{p.Subject} was superseded, and not by its incident"
            : null;
    }

    private static string? Follow(State now, AuditEntry entry, Proposal? proposal)
    {
        var subject = entry.Subject.ToString();
        switch (entry.Kind)
        {
            case AuditKind.StopChanged:
                now.Stopped = entry.After == "Stopped";
                return null;
            case AuditKind.ModeChanged:
                bool? autonomous = entry.After!.StartsWith("Autonomous", StringComparison.Ordinal);
                if (entry.Subject.Kind == "plan") now.Modes[entry.Subject.Id] = autonomous;
                else now.ByDefault = autonomous;
                return null;
            case AuditKind.PlanChanged when entry.After == "State: paused":
                now.Paused.Add(entry.Subject.Id);
                return null;
            case AuditKind.PlanChanged:
                now.Paused.Remove(entry.Subject.Id);
                return null;
            case AuditKind.Annotated:
                now.InDoubt.Remove(subject);
                return null;
            case AuditKind.DecisionMade when now.Stopped:
                return "a decision was recorded while the stop was on";
            case AuditKind.DecisionMade when !Approvers.Contains(entry.Actor.ObjectId!) || !Same(proposal!).Any(hex => entry.Detail!.Contains(hex, StringComparison.Ordinal)):
                return "somebody decided who may not, or decided something else";
            case AuditKind.DecisionMade:
                now.Decided[subject] = Same(proposal!).Single(hex => entry.Detail!.Contains(hex, StringComparison.Ordinal));
                return Moved(now, entry, subject);
            case AuditKind.ExecutionStarted:
                return Claimed(now, entry, proposal!) ?? Moved(now, entry, subject);
            case AuditKind.VerdictGiven or AuditKind.ProposalChanged:
                return Moved(now, entry, subject);
            default:
                return null;
        }
    }

    private static string? Claimed(State now, AuditEntry entry, Proposal proposal)
    {
        var target = Array.IndexOf(TargetWorld.Paths, proposal.Operation.Match(arm => arm.Target.Value));
        if (now.Stopped) return "it was claimed after a stop was answered";
        if (now.Paused.Contains(proposal.Plan!)) return "it was claimed after its plan was paused";
        if (entry.Before == "Cleared" && !(now.Modes[proposal.Plan!] ?? now.ByDefault ?? false)) return "it was claimed without asking after its plan was set to Review";
        if (entry.Before == "Approved" && !IsForged(proposal) && !entry.Detail!.Contains(now.Decided.GetValueOrDefault(proposal.Subject, "nothing"), StringComparison.Ordinal)) return "it was claimed as something else than was approved";
        if (now.InDoubt.Values.Any(other => TargetModel.Overlap(other, target))) return "it was claimed while another execution on its target was in flight or in doubt";
        now.InDoubt[proposal.Subject] = target;
        // The audit told of an approval, or of a clear verdict, and of nothing since that made it void.
        if (now.Status.GetValueOrDefault(proposal.Subject) == entry.Before) now.Rightful.Add(proposal.Subject);
        return null;
    }

    private static bool IsForged(Proposal proposal) => proposal.Decision?.Seal.Trim('0').Length == 0;

    /// <summary>The operation in each size its target may have had.</summary>
    private static IEnumerable<string> Same(Proposal proposal) => proposal.Operation is not Operation.ArmCall arm ? [] :
        Enumerable.Range(0, 2).Select(size => Fingerprint.Of(arm with { DependsOn = [.. arm.DependsOn!.Select(d => d with { Value = TargetWire.SizeOf(size) })] }).Hex);

    private static string? Moved(State now, AuditEntry entry, string subject)
    {
        var before = now.Status.GetValueOrDefault(subject);
        now.Status[subject] = entry.After!;
        if (Ends.Contains(entry.After!)) now.InDoubt.Remove(subject);
        return before is not null && Ends.Contains(before) ? $"it had ended as {before}" : null;
    }

    private sealed class State(Dictionary<string, bool?> modes, bool? byDefault)
    {
        public bool Stopped { get; set; }
        public Dictionary<string, bool?> Modes { get; } = modes;
        public HashSet<string> Paused { get; } = [];
        public bool? ByDefault { get; set; } = byDefault;
        public Dictionary<string, string> Status { get; } = [];
        public Dictionary<string, int> InDoubt { get; } = [];
        public HashSet<string> Rightful { get; } = [];
        public Dictionary<string, string> Decided { get; } = [];
    }
}
