using RunModes.Bot.Audit;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>Where to ask after an operation, as the store may keep it: encrypted, and good for one claim of one proposal.</summary>
internal sealed class PollSeals(AuditKey key, ArmPolling azure)
{
    public string Seal(Proposal proposal, Poll poll) => key.SealText(AuditPurpose.Polling, poll.Reveal(), Row(proposal));

    /// <returns>Null: it was altered, moved, sealed with another key, or leads to another Azure than the configured one.</returns>
    public Poll? Open(Proposal proposal, string sealedText) => Poll.Of(key.OpenText(AuditPurpose.Polling, sealedText, Row(proposal)), azure.Endpoint);

    private static string[] Row(Proposal proposal) => [proposal.Id.Value, proposal.Execution?.Claim.Value ?? ""];
}
