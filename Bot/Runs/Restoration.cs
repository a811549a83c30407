using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>
/// The store is not the one that the bot last worked on: it was moved, or an older copy was put back. What was decided there belongs to another
/// history. The generation rises, so that no seal of it verifies any more; what had been approved or cleared asks again; what was being executed
/// is not known. Blocked stays Blocked: nothing leads from there but the whole gate, and a person.
/// </summary>
internal sealed class Restoration(RunTables tables, IWriteBacks backs, ProposalSteps steps)
{
    private const int All = 100_000;

    /// <param name="whatWaitsToo">Of a copy that was put back: what it shows as waiting may have been decided since, so that asks anew as well.</param>
    /// <returns>How many ask again, and of how many nobody knows the result.</returns>
    public async Task<(int Asking, int Unknown)> Apply(ITransaction transaction, string why, bool whatWaitsToo = false)
    {
        await tables.Plans.RaiseGeneration(transaction);
        // An alert that fired again since then must not be resolved by what a copy remembers.
        await backs.Void(transaction, why);
        var verdict = new Verdict(VerdictKind.AskFirst, [why]);
        var waiting = whatWaitsToo ? await steps.TakeEach(transaction, await InStatus(transaction, ProposalStatus.AwaitingApproval), ProposalEvent.FactsChanged, why, verdict) : 0;
        var approved = await steps.TakeEach(transaction, await InStatus(transaction, ProposalStatus.Approved), ProposalEvent.FactsChanged, why, verdict);
        var cleared = await steps.TakeEach(transaction, await InStatus(transaction, ProposalStatus.Cleared), ProposalEvent.GateAsks, why, verdict);
        var unknown = await steps.TakeEach(transaction, await InStatus(transaction, ProposalStatus.Executing), ProposalEvent.WorkerLost, why);
        return (waiting + approved + cleared, unknown);
    }

    private Task<IReadOnlyList<GatedProposal>> InStatus(ITransaction transaction, ProposalStatus status) => tables.Proposals.InStatus(transaction, [status], All);
}
