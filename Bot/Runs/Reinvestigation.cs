using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>A person asks for a further run of an incident. What it proposes asks first in every mode, and supersedes what the incident offered before.</summary>
internal sealed class Reinvestigation(RunTables tables, RunQueue queue, TimeProvider clock)
{
    private const int All = 10_000;
    private const int MostOpenPerPerson = 3;
    private static readonly TimeSpan DenyHolds = TimeSpan.FromHours(24);

    /// <returns>Null when it was queued; else why not.</returns>
    public async Task<string?> Begin(ITransaction transaction, IncidentId id, Who person, bool isAdministrator)
    {
        await transaction.Lock($"person/{person.TenantId}/{person.ObjectId}");
        if (await tables.Incidents.Find(transaction, id) is not { } incident)
        {
            return "The incident of this card is not known any more.";
        }

        if (await queue.SituationOf(transaction, id) == Situation.InProgress)
        {
            return "A run of this incident is under way already. Its result comes in this thread.";
        }

        var latest = (await tables.Proposals.OfIncident(transaction, id)).LastOrDefault();
        if (!isAdministrator && latest is { Status: ProposalStatus.Denied, Proposal.Decision: { } deny } && clock.GetUtcNow() - deny.At < DenyHolds)
        {
            return $"{deny.By.Name} denied this at {deny.At:u}. Within 24 hours only an Administrator can have it investigated again.";
        }

        var open = await tables.Proposals.InStatus(transaction, [ProposalStatus.AwaitingApproval, ProposalStatus.Blocked, ProposalStatus.Approved], All);
        if (open.Count(p => p.Proposal.StartedBy?.ObjectId == person.ObjectId) >= MostOpenPerPerson)
        {
            return $"{MostOpenPerPerson} proposals that you started are still open. Please have them decided first.";
        }

        incident = incident with { Attempts = incident.Attempts + 1, State = IncidentState.Open };
        if (!await tables.Incidents.Update(transaction, incident, incident.Version))
        {
            return "The incident changed a moment ago. Please try again.";
        }

        var plan = incident.Plan is { } name ? await tables.Plans.Find(transaction, name.ToLowerInvariant()) : null;
        var mode = Gate.RunModes.Resolve(plan?.Mode, plan?.Name, null, null, (await tables.Plans.ReadControl(transaction)).DefaultMode);
        await queue.EnqueueFor(transaction, new RunRequest(incident, mode, $"{person.Name} asked for it, and what a person starts asks first in every mode.", "Investigate again."), person);
        return null;
    }
}
