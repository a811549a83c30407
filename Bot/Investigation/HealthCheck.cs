using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>
/// A task that checks a resource group. What is sick and has a runbook is looked at by it; where that would propose something, the resource gets a run of its
/// own, so that of many sick ones each is proposed, gated and verified like after an alert.
/// </summary>
internal sealed partial class HealthCheck(GroupHealthReader reader, IInvestigator investigator, TimeProvider clock, ILogger<HealthCheck> log)
{
    private const int MostLooks = 5;

    public TaskWork Work => new(Does.HealthCheck, Look);

    private Task<Investigated> Look(TaskPassage passage, CancellationToken cancellation) => passage.Incident.Target switch
    {
        { IsResource: true } => investigator.Investigate(passage.Incident, null, cancellation),
        { Group: not null } group => Check(passage.Incident, group, cancellation),
        _ => Task.FromResult(new Investigated(Finding(Conclusion.CouldNotTell, passage.Task.Name, $"task {passage.Task.Name} names no resource group to check"), Remedy: null)),
    };

    private async Task<Investigated> Check(Incident incident, ResourceId group, CancellationToken cancellation)
    {
        var health = await reader.Of(group, cancellation);
        var looks = new List<LookedAt>();
        var followUps = new List<FollowUp>();
        foreach (var resource in Sick(health).Where(r => investigator.WouldLook(incident with { Target = r }, null).Count > 0).Take(MostLooks))
        {
            var found = await Closer(incident with { Target = resource }, resource, cancellation);
            looks.Add(new(resource, found.Finding.Present, found.Remedy?.Operation.Title));
            if (found.Remedy is { } remedy)
            {
                followUps.Add(new(resource, remedy.Operation));
            }
        }

        // Unhealthy is a finding like another; only what could not be read fails the task.
        var conclusion = health.Verdict == GroupVerdict.CouldNotTell && health.Gaps.Count > 0 ? Conclusion.CouldNotTell : Conclusion.NeverSick;
        return new(Finding(conclusion, group.Name, health.InWords), Remedy: null) { Report = new(Health: health with { Looks = looks }), FollowUps = followUps };
    }

    /// <summary>One runbook that breaks must not take the report of all others with it.</summary>
    private async Task<Investigated> Closer(Incident incident, ResourceId resource, CancellationToken cancellation)
    {
        try
        {
            return await investigator.Investigate(incident, null, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LookFailed(log, resource.Value, e);
            return new(Finding(Conclusion.CouldNotTell, resource.Name, $"{resource.NameInFull} could not be looked at: an unexpected error, which is in the log"), Remedy: null);
        }
    }

    [LoggerMessage(LogLevel.Error, "A health check could not look at {resource}")]
    private static partial void LookFailed(ILogger log, string resource, Exception e);

    /// <summary>By Azure's opinion or by an alert, once each; what somebody stopped is left alone.</summary>
    private static IEnumerable<ResourceId> Sick(GroupHealth health) => health.NotAvailable.Where(r => r.State != Availability.StoppedByPeople).Select(r => r.Resource)
        .Concat(health.Alerts.Select(a => a.Target).OfType<ResourceId>().Where(t => t.IsResource && health.Group.Contains(t))).Distinct();

    private Finding Finding(Conclusion conclusion, string subject, string words) => new(conclusion, subject, words, $"that {words}", [], Symptom: null, clock.GetUtcNow());
}
