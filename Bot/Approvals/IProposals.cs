using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Approvals;

/// <summary>Proposals as stored. Every change is one conditional statement on the version that was read. Port to the store.</summary>
internal interface IProposals
{
    Task Insert(ITransaction transaction, GatedProposal proposal);

    /// <summary>In a write, the proposal stays as it was found until the transaction ends.</summary>
    Task<GatedProposal?> Find(ITransaction transaction, ProposalId id);

    /// <summary>
    /// Writes <paramref name="after"/> if the stored row still has <paramref name="before"/>'s version and status; the stored version rises by one.
    /// </summary>
    /// <returns>False when somebody else was first.</returns>
    Task<bool> Move(ITransaction transaction, GatedProposal before, GatedProposal after);

    Task<IReadOnlyList<GatedProposal>> InStatus(ITransaction transaction, IReadOnlyList<ProposalStatus> statuses, int most);

    Task<IReadOnlyList<GatedProposal>> OfRun(ITransaction transaction, RunId run);

    Task<IReadOnlyList<GatedProposal>> OfIncident(ITransaction transaction, IncidentId incident);

    /// <summary>Newest first; all plans when <paramref name="plan"/> is null.</summary>
    Task<IReadOnlyList<GatedProposal>> History(ITransaction transaction, string? plan, int most);

    /// <summary>Created since then, newest first; all plans when <paramref name="plan"/> is null.</summary>
    Task<IReadOnlyList<GatedProposal>> Since(ITransaction transaction, string? plan, DateTimeOffset since, int most);

    /// <summary>Past their deadline (delivered) or use-by.</summary>
    Task<IReadOnlyList<GatedProposal>> Overdue(ITransaction transaction, DateTimeOffset now, int most);

    /// <summary>Executed, with a verification that is due to measure.</summary>
    Task<IReadOnlyList<GatedProposal>> Watched(ITransaction transaction, DateTimeOffset now, int most);

    /// <summary>Asks for another measurement of what waits in the incident.</summary>
    Task Remeasure(ITransaction transaction, IncidentId incident);

    Task<IReadOnlyList<GatedProposal>> ToRemeasure(ITransaction transaction, int most);

    Task Remeasured(ITransaction transaction, ProposalId id);

    /// <summary>Other proposals on the target, its parents or its children that are open or were denied, and what was claimed there since <paramref name="measured"/>; what is open comes first.</summary>
    Task<IReadOnlyList<GatedProposal>> Contesting(ITransaction transaction, ProposalId? self, string targetKey, DateTimeOffset? measured = null);

    /// <summary>Long-running operations that are due to be asked after, with where.</summary>
    Task<IReadOnlyList<FollowedProposal>> ToPoll(ITransaction transaction, DateTimeOffset now, int most);

    /// <summary>Whoever gets true asks, and nobody else before <paramref name="until"/>.</summary>
    Task<bool> TakePoll(ITransaction transaction, FollowedProposal followed, DateTimeOffset until);

    /// <summary>The clock was set by <paramref name="jump"/>: Azure is asked when it would have been.</summary>
    Task PullPolls(ITransaction transaction, TimeSpan jump, DateTimeOffset now);

    /// <summary>Where and when to ask next, under the claim that executed; null: never again.</summary>
    Task SetPoll(ITransaction transaction, ProposalId id, ClaimId claim, StoredPoll? poll);

    Task<AutonomyUse> AutonomyUsed(ITransaction transaction, string targetKey, string intentKey, string? plan, DateTimeOffset now);
}

/// <param name="Sealed">Where to ask, encrypted: it is a secret.</param>
internal sealed record StoredPoll(string Sealed, DateTimeOffset NextAt, DateTimeOffset Until);

internal sealed record FollowedProposal(GatedProposal Gated, StoredPoll Poll)
{
    public ClaimId Claim => Gated.Proposal.Execution?.Claim ?? default;
}

/// <summary>Executions without asking in the last hour, and how often the same intent ran on the target in the last day.</summary>
internal sealed record AutonomyUse(int OnTarget, int OfPlan, int OfBot, int SameIntentToday)
{
    /// <summary>The third time the same remedy is wanted within a day it is not one.</summary>
    private const int SameIntentLimit = 2;

    /// <returns>Null while there is budget left, else why there is none.</returns>
    public string? Exceeded(AutonomyBudget budget) =>
        OnTarget >= budget.PerTargetPerHour ? $"{OnTarget} operations ran on this target without asking within the last hour."
        : OfPlan >= budget.PerPlanPerHour ? $"{OfPlan} operations of this plan ran without asking within the last hour."
        : OfBot >= budget.PerBotPerHour ? $"{OfBot} operations ran without asking within the last hour."
        : SameIntentToday >= SameIntentLimit ? $"The same operation ran on this target {SameIntentToday} times within 24 hours and it needs it again."
        : null;
}
