using RunModes.Bot.Audit;
using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Storage;

internal sealed class WaitTable : IWaits
{
    public async Task<IReadOnlyList<ProposalId>> Unplanned(ITransaction transaction, int most) => Ids(await transaction.Unit().Many<string>(
        // A card has a deadline once its delivery is confirmed.
        """
        SELECT p.id FROM proposals p WHERE p.status = 'AwaitingApproval' AND NOT EXISTS (SELECT 1 FROM waits w
          WHERE w.proposal_id = p.id AND w.revision = p.revision AND w.step = CASE WHEN p.due_at IS NULL THEN 'Deliver' ELSE 'Look' END)
        ORDER BY p.created_at LIMIT @most
        """,
        new { most }));

    public Task Plan(ITransaction transaction, Wait wait) => transaction.Unit().Execute(
        """
        INSERT INTO waits (proposal_id, step, revision, due_at) VALUES (@id, @step, @revision, @due)
        ON CONFLICT (proposal_id, step) DO UPDATE SET revision = excluded.revision, due_at = excluded.due_at WHERE waits.revision < excluded.revision
        """,
        Values(wait));

    public Task Replan(ITransaction transaction, Wait wait) => transaction.Unit().Execute(
        """
        INSERT INTO waits (proposal_id, step, revision, due_at) VALUES (@id, @step, @revision, @due)
        ON CONFLICT (proposal_id, step) DO UPDATE SET revision = excluded.revision, due_at = excluded.due_at
        """,
        Values(wait));

    public async Task<IReadOnlyList<Wait>> Due(ITransaction transaction, DateTimeOffset now, int most) =>
        [.. (await transaction.Unit().Many<Row>(
            "SELECT proposal_id, step, revision, due_at FROM waits WHERE due_at <= @now ORDER BY due_at LIMIT @most", new { now = now.Ms(), most })).Select(r => r.Wait())];

    public async Task<bool> Take(ITransaction transaction, Wait due, DateTimeOffset? next) => await transaction.Unit().Execute(
        "UPDATE waits SET due_at = @next WHERE proposal_id = @id AND step = @step AND revision = @revision AND due_at = @due",
        new { id = due.Proposal.Value, step = due.Step.ToString(), revision = due.Revision, due = due.DueAt.Ms(), next = next?.Ms() }) == 1;

    public async Task<IReadOnlyList<ProposalId>> Over(ITransaction transaction, int most) => Ids(await transaction.Unit().Many<string>(
        "SELECT DISTINCT w.proposal_id FROM waits w JOIN proposals p ON p.id = w.proposal_id WHERE p.status <> 'AwaitingApproval' LIMIT @most", new { most }));

    public async Task<bool> Clear(ITransaction transaction, ProposalId proposal) => await transaction.Unit().Execute(
        "DELETE FROM waits WHERE proposal_id = @id AND EXISTS (SELECT 1 FROM proposals p WHERE p.id = waits.proposal_id AND p.status <> 'AwaitingApproval')", new { id = proposal.Value }) > 0;

    private static object Values(Wait wait) => new { id = wait.Proposal.Value, step = wait.Step.ToString(), revision = wait.Revision, due = wait.DueAt.Ms() };

    private static List<ProposalId> Ids(IReadOnlyList<string> ids) => [.. ids.Select(i => new ProposalId(i))];

    private sealed record Row(string Proposal_Id, string Step, long Revision, long Due_At)
    {
        public Wait Wait() => new(new(Proposal_Id), Enum.Parse<WaitStep>(Step), (int)Revision, Due_At.Time());
    }
}
