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
        if (await tables.Incidents.Find(transaction, id) is not { } incident)
        {
            return "The incident of this card is not known any more.";
        }

        if (await queue.SituationOf(transaction, id) == Situation.InProgress)
        {
            return "A run of this incident is under way already. Its result comes in this thread.";
        }

        if (!isAdministrator && await DenyThatHolds(transaction, incident) is { } deny)
        {
            return $"{deny.By.Name} denied this at {deny.At:u}. Within 24 hours only an Administrator can have it investigated again.";
        }

        if (await OpenOf(transaction, person) >= MostOpenPerPerson)
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

    /// <summary>What will become a proposal counts too: nobody is faster than the investigation.</summary>
    private async Task<int> OpenOf(ITransaction transaction, Who person)
    {
        var open = await tables.Proposals.InStatus(transaction, [ProposalStatus.AwaitingApproval, ProposalStatus.Blocked, ProposalStatus.Approved], All);
        var queued = await tables.Runs.InState(transaction, RunState.Queued, DateTimeOffset.MaxValue, All);
        var investigating = await tables.Runs.InState(transaction, RunState.Investigating, DateTimeOffset.MaxValue, All);
        return open.Select(p => p.Proposal.StartedBy).Concat(queued.Concat(investigating).Select(r => r.StartedBy)).Count(by => by?.ObjectId == person.ObjectId);
    }

    /// <summary>On this target, whichever incident it was denied in: another alert's card is no way round it.</summary>
    private async Task<Decision?> DenyThatHolds(ITransaction transaction, Incident incident)
    {
        var proposals = incident.Target is { } target
            ? (await tables.Proposals.Contesting(transaction, null, target.Key)).Where(p => p.Proposal.Operation.TargetKey == target.Key)
            : await tables.Proposals.OfIncident(transaction, incident.Id);
        return proposals.Where(p => p.Status == ProposalStatus.Denied).Select(p => p.Proposal.Decision).FirstOrDefault(d => d is not null && clock.GetUtcNow() - d.At < DenyHolds);
    }
}
