using RunModes.Bot.Audit;
using RunModes.Bot.Incidents;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

internal sealed partial class TaskRuns
{
    /// <summary>
    /// What a run that looked at many resources leads to, before it ends: each that something would help gets a run of its own. Where something is open for it
    /// already there would only be a second card. Writes nothing.
    /// </summary>
    /// <param name="task">As <see cref="Hold"/> gave it; null: nobody's, and nothing follows.</param>
    /// <returns>With a report that promises no more than will be begun.</returns>
    public async Task<Investigated> Following(ITransaction transaction, ScheduledTask? task, Investigated investigated)
    {
        var follow = new List<FollowUp>();
        foreach (var next in investigated.FollowUps)
        {
            if (await WhyNot(transaction, task, next) is not { } why)
            {
                follow.Add(next);
            }
            else if (investigated.Report is { Health: { } health } report)
            {
                LookedAt[] looks = [.. health.Looks.Select(l => l.Resource.Equals(next.Resource) ? l with { Words = $"{l.Words.TrimEnd('.')}; {why}", Offers = null } : l)];
                investigated = investigated with { Report = report with { Health = health with { Looks = looks } } };
            }
        }

        return investigated with { FollowUps = follow };
    }

    /// <summary>In the transaction that ended <paramref name="run"/>.</summary>
    /// <param name="following">As <see cref="Following"/> left them.</param>
    public async Task FollowUp(ITransaction transaction, ScheduledTask task, Run run, IReadOnlyList<FollowUp> following)
    {
        foreach (var (resource, _) in following)
        {
            var incident = TaskIncident.Open(task, resource, run.StartedBy, clock.GetUtcNow());
            await tables.Incidents.Insert(transaction, incident);
            if (task.SameThread && await tables.Outbox.ThreadOf(transaction, $"incident/{run.Incident}") is { } thread)
            {
                await tables.Outbox.RememberThread(transaction, incident.Subject, thread);
            }

            await queue.EnqueueOfTask(
                transaction,
                new RunRequest(incident, await ModeOfNext(transaction, task, run), run.ModeWhy, $"The health check of {task.Name} found it, {run.Subject}.") { Task = task.Name, TaskRevision = run.TaskRevision, ScheduledFor = run.ScheduledFor },
                run.StartedBy);
        }
    }

    /// <summary>A no holds for its day: asking again with every tick would only wear people out.</summary>
    private async Task<string?> WhyNot(ITransaction transaction, ScheduledTask? task, FollowUp next)
    {
        if (task is not { Enabled: true, Failed: false })
        {
            return "the task was paused meanwhile";
        }

        var others = await tables.Proposals.Contesting(transaction, null, next.Operation.TargetKey);
        return others.Any(p => p.Status != ProposalStatus.Denied) ? "what is proposed for it already is not over"
            : others.FirstOrDefault(p => Denials.Holds(p.Proposal, next.Operation, clock.GetUtcNow()))?.Proposal.Decision is { } deny ? $"{deny.By.Name} denied {next.Operation.Title} at {deny.At:u}, which holds for 24 hours"
            : null;
    }
}
