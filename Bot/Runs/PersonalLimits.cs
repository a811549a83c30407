using RunModes.Bot.Audit;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>How much one person may have under way, however they start it. What will become a proposal counts too: nobody is faster than the investigation.</summary>
internal sealed class PersonalLimits(RunTables tables)
{
    public const int MostOpen = 3;
    private const int All = 10_000;

    /// <summary>One request of a person after the other, whichever replica hears it.</summary>
    public static Task Hold(ITransaction transaction, Who person) => transaction.Lock($"person/{person.TenantId}/{person.ObjectId}");

    /// <returns>Null while there is room, else why there is none.</returns>
    public async Task<string?> Reached(ITransaction transaction, Who person)
    {
        var open = await tables.Proposals.InStatus(transaction, [ProposalStatus.AwaitingApproval, ProposalStatus.Blocked, ProposalStatus.Approved], All);
        var count = open.Select(p => p.Proposal.StartedBy).Concat((await Unproposed(transaction)).Select(r => r.StartedBy)).Count(by => by?.ObjectId == person.ObjectId);
        return count >= MostOpen ? $"{MostOpen} proposals that you started are still open. Please have them decided first." : null;
    }

    /// <summary>A run on the target that they asked for and that has not proposed yet: the same message that came twice, or impatience.</summary>
    public async Task<bool> IsUnderWay(ITransaction transaction, Who person, ResourceId target)
    {
        foreach (var run in (await Unproposed(transaction)).Where(r => r.Trigger == Trigger.Chat && r.StartedBy?.ObjectId == person.ObjectId))
        {
            if (await tables.Incidents.Find(transaction, run.Incident) is { Target: { } other } && other.Equals(target))
            {
                return true;
            }
        }

        return false;
    }

    private async Task<IEnumerable<Run>> Unproposed(ITransaction transaction) =>
        (await tables.Runs.InState(transaction, RunState.Queued, DateTimeOffset.MaxValue, All)).Concat(await tables.Runs.InState(transaction, RunState.Investigating, DateTimeOffset.MaxValue, All));
}
