using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Plans;

/// <summary>What became of the question. Nobody: it still waits, or was taken back before anybody had to answer.</summary>
internal enum Answered { Nobody = 0, Denied, Expired, Approved, NotAsked }

/// <summary>What the bot measured afterwards. Only its own measurement says that something helped.</summary>
internal enum Effectiveness { NotRun = 0, NotMeasuredYet, CouldNotTell, Failed, NotRecovered, Recovered }

/// <summary>One proposal, as far as it tells how a plan does.</summary>
/// <param name="Intent">Action and target.</param>
/// <param name="Decider">Whoever decided; null when nobody did.</param>
/// <param name="Took">From the delivery of the card to the decision.</param>
/// <param name="ByPerson">A person had asked for it: it says nothing about the triggers of the plan.</param>
internal sealed record Experience(
    string Intent, string Title, DateTimeOffset At, Answered Answer, Who? Decider, TimeSpan? Took, Effectiveness Effect, bool ByPerson)
{
    /// <summary>It ran, and nobody can say that it helped.</summary>
    public bool WentWrong => Effect is Effectiveness.Failed or Effectiveness.NotRecovered or Effectiveness.CouldNotTell;

    public static Experience Of(GatedProposal gated)
    {
        var p = gated.Proposal;
        var answer = p switch
        {
            { Decision.Kind: DecisionKind.Approve } => Answered.Approved,
            { Decision.Kind: DecisionKind.Deny } => Answered.Denied,
            { Status: ProposalStatus.Expired, IsAutonomous: false } => Answered.Expired,
            { IsAutonomous: true, Execution: not null } => Answered.NotAsked,
            _ => Answered.Nobody,
        };
        return new(
            Fingerprint.IntentKey(p.Operation), p.Operation.Title, p.CreatedAt, answer, p.Decision?.By,
            p.Decision is { } decision && p.DeliveredAt is { } delivered && decision.At >= delivered ? decision.At - delivered : null, Measured(p), p.StartedBy is not null);
    }

    private static Effectiveness Measured(Proposal p) => p.Status switch
    {
        ProposalStatus.Executing => Effectiveness.NotMeasuredYet,
        ProposalStatus.Failed => Effectiveness.Failed,
        ProposalStatus.Indeterminate => Effectiveness.CouldNotTell,
        // Asked for literally, done, and nothing there to be measured: no evidence for anything.
        ProposalStatus.Succeeded when p is { Recovery: null, Finding.Asked: true } => Effectiveness.NotMeasuredYet,
        ProposalStatus.Succeeded => p.Verification?.State switch
        {
            VerificationState.Recovered => Effectiveness.Recovered,
            VerificationState.NotRecovered => Effectiveness.NotRecovered,
            VerificationState.Watching => Effectiveness.NotMeasuredYet,
            _ => Effectiveness.CouldNotTell,
        },
        _ => Effectiveness.NotRun,
    };
}
