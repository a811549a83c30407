using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Storage;

/// <summary>Long-running operations. The columns are written here alone, and by no move: a step of the proposal neither loses nor repeats a poll.</summary>
internal sealed partial class ProposalTable
{
    public async Task<IReadOnlyList<FollowedProposal>> ToPoll(ITransaction transaction, DateTimeOffset now, int most)
    {
        var polls = await transaction.Unit().Many<PollRow>(
            "SELECT id, poll_sealed, poll_at, poll_until FROM proposals WHERE poll_at <= @now AND status IN ('Executing', 'Indeterminate') ORDER BY poll_at LIMIT @most",
            new { now = now.Ms(), most });
        List<FollowedProposal> followed = [];
        foreach (var poll in polls)
        {
            if (await Find(transaction, new(poll.Id)) is { } proposal)
            {
                followed.Add(new(proposal, new(poll.Poll_Sealed ?? "", poll.Poll_At.Time(), (poll.Poll_Until ?? 0).Time())));
            }
        }

        return followed;
    }

    public async Task<bool> TakePoll(ITransaction transaction, FollowedProposal followed, DateTimeOffset until) => await transaction.Unit().Execute(
        """
        UPDATE proposals SET poll_at = @until WHERE id = @id AND claim_id = @claim AND poll_at = @seen AND status IN ('Executing', 'Indeterminate')
        """,
        new { id = followed.Gated.Proposal.Id.Value, claim = followed.Claim.Value, seen = followed.Poll.NextAt.Ms(), until = until.Ms() }) == 1;

    public Task SetPoll(ITransaction transaction, ProposalId id, ClaimId claim, StoredPoll? poll) => transaction.Unit().Execute(
        "UPDATE proposals SET poll_sealed = @place, poll_at = @next, poll_until = @until WHERE id = @id AND claim_id = @claim",
        new { id = id.Value, claim = claim.Value, place = poll?.Sealed, next = poll?.NextAt.Ms(), until = poll?.Until.Ms() });

    public Task PullPolls(ITransaction transaction, TimeSpan jump, DateTimeOffset now) => transaction.Unit().Execute(
        "UPDATE proposals SET poll_at = CASE WHEN poll_at + @jump < @now THEN @now ELSE poll_at + @jump END WHERE poll_at > @now",
        new { jump = (long)jump.TotalMilliseconds, now = now.Ms() });

    private sealed record PollRow(string Id, string? Poll_Sealed, long Poll_At, long? Poll_Until);
}
