using RunModes.Bot.Audit;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>An Administrator's no, while it counts.</summary>
internal static class Denials
{
    private static readonly TimeSpan Hold = TimeSpan.FromHours(24);

    /// <summary>By intent, so that an added flag does not escape it.</summary>
    public static bool Holds(Proposal proposal, Operation wanted, DateTimeOffset now) => Holds(proposal, Fingerprint.IntentKey(wanted), now);

    /// <summary>Who said no to the same intent within a day, in whatever incident: nobody else proposes it. The one who denied may think again.</summary>
    public static async Task<Decision?> Against(this RunTables tables, ITransaction transaction, string targetKey, string intent, Who proposer, DateTimeOffset now) =>
        (await tables.Proposals.Contesting(transaction, null, targetKey))
            .Where(p => Holds(p.Proposal, intent, now)).Select(p => p.Proposal.Decision).FirstOrDefault(d => d!.By.ObjectId != proposer.ObjectId || d.By.TenantId != proposer.TenantId);

    public static string Words(Decision deny) =>
        $"{deny.By.Name} denied this at {deny.At:u}{(deny.Reason is { Length: > 0 } reason ? $" ({reason})" : "")}. Within 24 hours nobody else can propose it.";

    private static bool Holds(Proposal proposal, string intent, DateTimeOffset now) => proposal is { Status: ProposalStatus.Denied, Decision: { } deny }
        && now - deny.At < Hold && Fingerprint.IntentKey(proposal.Operation) == intent;
}
