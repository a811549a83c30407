using RunModes.Bot.Audit;
using RunModes.Bot.Plans;
using RunModes.Bot.Incidents;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>A person asks for a further run of an incident. What it proposes asks first in every mode, and supersedes what the incident offered before.</summary>
internal sealed class Reinvestigation(RunTables tables, RunQueue queue, PersonalLimits limits, TimeProvider clock)
{
    /// <returns>Null when it was queued; else why not.</returns>
    public async Task<string?> Begin(ITransaction transaction, IncidentId id, Who person, bool isAdministrator)
    {
        await PersonalLimits.Hold(transaction, person);
        if (await tables.Incidents.Find(transaction, id) is not { } incident)
        {
            return "The incident of this card is not known any more.";
        }

        if (await queue.SituationOf(transaction, id) == Situation.InProgress)
        {
            return "A run of this incident is under way already. Its result comes in this thread.";
        }

        if (!isAdministrator && await Denied(transaction, incident) is { } deny)
        {
            return $"{deny.By.Name} denied this at {deny.At:u}. Within 24 hours only an Administrator can have it investigated again.";
        }

        if (await limits.Reached(transaction, person) is { } reached)
        {
            return reached;
        }

        incident = incident with { Attempts = incident.Attempts + 1, State = IncidentState.Open };
        if (!await tables.Incidents.Update(transaction, incident, incident.Version))
        {
            return "The incident changed a moment ago. Please try again.";
        }

        // A task's run is done again as the task's; a plan may have taken the incident over meanwhile.
        var last = (await tables.Runs.OfIncident(transaction, id)).LastOrDefault();
        var mandate = new Mandate(incident.Plan is { } name ? await tables.Plans.Find(transaction, name.ToLowerInvariant()) : null,
            last?.Task is { } task ? await tables.Tasks.Find(transaction, task.ToLowerInvariant()) : null);
        var mode = mandate.ModeUnder(await tables.Plans.ReadControl(transaction));
        await queue.EnqueueFor(transaction, new RunRequest(incident, mode, $"{person.Name} asked for it, and what a person starts asks first in every mode.", "Investigate again.") { Task = last?.Task, Steps = last?.Steps, TaskRevision = last?.TaskRevision }, person);
        return null;
    }

    /// <summary>
    /// In this incident or another: what an Administrator refused for a target does not come back by way of the next alert. Which operation
    /// the investigation will want is not known yet, so every denial that may be of the same one counts.
    /// </summary>
    private async Task<Decision?> Denied(ITransaction transaction, Incident incident)
    {
        var now = clock.GetUtcNow();
        var ours = await tables.Proposals.OfIncident(transaction, incident.Id);
        var elsewhere = incident.Target is { } target ? await tables.Proposals.Contesting(transaction, null, KubernetesObject.Of(target)?.Key ?? target.Key) : [];
        var wanted = ours.LastOrDefault()?.Proposal.Operation;
        return ours.TakeLast(1).Concat(elsewhere).Select(p => p.Proposal).Where(p => Denials.Holds(p, wanted ?? p.Operation, now)).Select(p => p.Decision).FirstOrDefault();
    }
}
