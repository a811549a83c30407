using RunModes.Bot.Audit;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>What is due while proposals wait for people: planned as rows with a due time, taken by whoever moves it first, however many look.</summary>
internal sealed class Vigil(RunTables tables, ProposalWatch watch, Silence silence, Undelivered undelivered, TimeProvider clock)
{
    private const int Most = 100;

    /// <returns>What to do now, each with a name under which it is not done twice at once.</returns>
    public async Task<IReadOnlyList<(string Key, Func<CancellationToken, Task> Do)>> Due(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var (unplanned, over, due) = await tables.Ledger.Read(
            async t => (await tables.Waits.Unplanned(t, Most), await tables.Waits.Over(t, Most), await tables.Waits.Due(t, now, Most)), cancellation);
        if (unplanned.Count > 0 || over.Count > 0)
        {
            await tables.Ledger.Write(DurableStep.WaitsPlanned, t => Keep(t, unplanned, over, now), cancellation);
        }

        return [.. due.Select(w => ($"{w.Step}/{w.Proposal}", (Func<CancellationToken, Task>)(c => Do(w, c))))];
    }

    private Task Do(Wait due, CancellationToken cancellation) => due.Step switch
    {
        WaitStep.Look => watch.Look(due, cancellation),
        WaitStep.Remind or WaitStep.Escalate => silence.Nudge(due, cancellation),
        WaitStep.Deliver => undelivered.Look(due, cancellation),
        _ => tables.Ledger.Write(DurableStep.WaitOver, t => tables.Waits.Take(t, due, null), cancellation),
    };

    private async Task Keep(ITransaction transaction, IReadOnlyList<ProposalId> unplanned, IReadOnlyList<ProposalId> over, DateTimeOffset now)
    {
        foreach (var id in unplanned)
        {
            if (await tables.Proposals.Find(transaction, id) is { Status: ProposalStatus.AwaitingApproval, Proposal: var proposal })
            {
                await Plan(transaction, proposal, now);
            }
        }

        foreach (var id in over)
        {
            await tables.Waits.Clear(transaction, id);
        }
    }

    private async Task Plan(ITransaction transaction, Proposal proposal, DateTimeOffset now)
    {
        if (proposal.DeliveredAt is not { } delivered)
        {
            await tables.Waits.Plan(transaction, new(proposal.Id, WaitStep.Deliver, proposal.Revision, now + Undelivered.Patience));
            return;
        }

        if (proposal.Deadline is { } deadline)
        {
            await tables.Waits.Plan(transaction, new(proposal.Id, WaitStep.Remind, proposal.Revision, Silence.RemindAt(delivered, deadline)));
            await tables.Waits.Plan(transaction, new(proposal.Id, WaitStep.Escalate, proposal.Revision, Silence.EscalateAt(delivered, deadline)));
        }

        await tables.Waits.Plan(transaction, new(proposal.Id, WaitStep.Look, proposal.Revision, delivered + (ProposalWatch.Interval / 2)));
    }
}
