using RunModes.Bot.Audit;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

internal enum WaitStep { None = 0, Deliver, Look, Remind, Escalate }

/// <summary>Something to do while a revision of a proposal waits for people.</summary>
/// <param name="DueAt">As it was read: whoever moves it from there does the step.</param>
internal sealed record Wait(ProposalId Proposal, WaitStep Step, int Revision, DateTimeOffset DueAt);

/// <summary>What is to be done while proposals wait, as stored. Port to the store.</summary>
internal interface IWaits
{
    /// <summary>Proposals that await approval and whose present revision has nothing planned: just delivered, or left by an earlier version.</summary>
    Task<IReadOnlyList<ProposalId>> Unplanned(ITransaction transaction, int most);

    /// <summary>Written unless the step of this revision, or a later one, is planned or done.</summary>
    Task Plan(ITransaction transaction, Wait wait);

    /// <summary>Written whatever was planned or done: somebody gave it more time.</summary>
    Task Replan(ITransaction transaction, Wait wait);

    Task<IReadOnlyList<Wait>> Due(ITransaction transaction, DateTimeOffset now, int most);

    /// <summary>Moves the due time, or ends the step when <paramref name="next"/> is null.</summary>
    /// <returns>False when somebody else was first: then it is theirs to do.</returns>
    Task<bool> Take(ITransaction transaction, Wait due, DateTimeOffset? next);

    /// <summary>Proposals that wait no longer and still have steps.</summary>
    Task<IReadOnlyList<ProposalId>> Over(ITransaction transaction, int most);

    /// <returns>False when somebody else did.</returns>
    Task<bool> Clear(ITransaction transaction, ProposalId proposal);
}
