using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Storage;

/// <summary>Long-running operations. The columns are written here alone, and by no move: a step of the proposal neither loses nor repeats a poll.</summary>
internal sealed partial class ProposalTable
{
    public async Task<IReadOnlyList<FollowedProposal>> ToPoll(ITransaction transaction, DateTimeOffset now, int most) =>
    [
        .. (await transaction.Unit().Many<PolledRow>(
            $"SELECT {Columns}, poll_sealed, poll_until FROM proposals WHERE poll_at <= @now AND status IN ('Executing', 'Indeterminate') ORDER BY poll_at LIMIT @most",
            new { now = now.Ms(), most })).Select(r => r.Followed()),
    ];

    public async Task<bool> TakePoll(ITransaction transaction, FollowedProposal followed, DateTimeOffset until) => await transaction.Unit().Execute(
        """
        UPDATE proposals SET poll_at = @until WHERE id = @id AND claim_id = @claim AND poll_at = @seen AND status IN ('Executing', 'Indeterminate')
        """,
        new { id = followed.Gated.Proposal.Id.Value, claim = followed.Claim.Value, seen = followed.Poll.NextAt.Ms(), until = until.Ms() }) == 1;

    public Task SetPoll(ITransaction transaction, ProposalId id, ClaimId claim, StoredPoll? poll) => transaction.Unit().Execute(
        "UPDATE proposals SET poll_sealed = @place, poll_at = @next, poll_until = @until WHERE id = @id AND claim_id = @claim",
        new { id = id.Value, claim = claim.Value, place = poll?.Sealed, next = poll?.NextAt.Ms(), until = poll?.Until.Ms() });

    private sealed record PolledRow(
        long Version, long Revision, string Status, string? Claim_Id, string Operation, string Fingerprint, string Document, long? Poll_At, string? Poll_Sealed, long? Poll_Until)
    {
        public FollowedProposal Followed() => new(
            new Row(Version, Revision, Status, Claim_Id, Operation, Fingerprint, Document, Poll_At).Proposal(),
            new StoredPoll(Poll_Sealed ?? "", (Poll_At ?? 0).Time(), (Poll_Until ?? 0).Time()));
    }
}
