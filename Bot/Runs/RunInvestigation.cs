using RunModes.Bot.Audit;
using RunModes.Bot.Incidents;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>Has a run's resource looked at, by the runbooks or by what its task does, between the hooks that govern reads.</summary>
internal sealed partial class RunInvestigation(RunInvestigation.Ways ways, OperationHooks hooks, TimeProvider clock, ILogger<RunInvestigation> log)
{
    internal sealed record Ways(IInvestigator Runbooks, TaskInvestigator Tasks, IncidentTools Tools);

    public async Task<Investigated> Look(Run run, Incident incident, Mandate mandate, CancellationToken cancellation)
    {
        try
        {
            if (await hooks.OfRead(run, incident, result: null, cancellation) is { } denied)
            {
                return new(denied, null);
            }

            var investigated = await (run.Task is null ? ways.Runbooks.Investigate(incident, mandate.Plan, cancellation) : ways.Tasks.Investigate(incident, mandate.Task, run.Steps ?? [], cancellation));
            return await hooks.OfRead(run, incident, investigated.Finding, cancellation) is { } withheld ? new(withheld, null) : investigated;
        }
        catch (Exception e) when (e is not (OperationCanceledException or StoreUnavailableException))
        {
            // A broken investigation still ends in something people see.
            InvestigationFailed(log, incident.Subject, e);
            var subject = incident.Target?.Name ?? incident.Title;
            var words = $"{subject} could not be investigated: an unexpected error, which is in the log under {incident.Subject}";
            return new(new Finding(Conclusion.CouldNotTell, subject, words, words, [], null, clock.GetUtcNow()), null);
        }
    }

    /// <summary>The tools of the plan, once it is known what was found. What goes wrong with them takes nothing from that.</summary>
    public async Task<Investigated> Tell(Run run, ResponsePlan? plan, Investigated investigated, CancellationToken cancellation)
    {
        if (run.Task is not null || plan is not { Tools.Count: > 0 })
        {
            return investigated;
        }

        try
        {
            return await ways.Tools.Use(run, plan, investigated, cancellation);
        }
        catch (Exception e) when (e is not (OperationCanceledException or StoreUnavailableException))
        {
            InvestigationFailed(log, run.Subject, e);
            return investigated with { Finding = investigated.Finding with { Evidence = [.. investigated.Finding.Evidence, new("Not done", $"the tools of plan {plan.Name}: an unexpected error, which is in the log under {run.Subject}")] } };
        }
    }

    [LoggerMessage(LogLevel.Error, "The investigation of {subject} failed")]
    private static partial void InvestigationFailed(ILogger log, string subject, Exception e);
}
