namespace RunModes.Bot.Tests.Runs;

/// <summary>How runs begin: by an alert, or because a person asks again.</summary>
internal sealed partial class TargetModel
{
    public void Fire(int target, int rule, int severity)
    {
        var matched = Plans[target].Enabled;
        var latest = Incidents.FindLast(i => i.Target == target && i.Rule == rule);
        if (latest is null || Now > latest.First + 3 * Hour)
        {
            latest = new() { Target = target, Rule = rule, First = Now, Fired = Now, Severity = severity };
            Incidents.Add(latest);
            if (matched) Queue(latest, null);
            return;
        }

        var higher = severity < latest.Severity;
        (latest.Severity, latest.Fired) = (Math.Min(severity, latest.Severity), Now);
        var proposal = LatestRun(latest)?.Proposal;
        if (!matched || proposal?.Status == Is.Denied || (!higher && InProgress(latest)) || latest.Attempts >= 3) return;
        Queue(latest, null);
    }

    public void Resolve(int target, int rule)
    {
        var latest = Incidents.FindLast(i => i.Target == target && i.Rule == rule);
        foreach (var waiting in Proposals.Where(p => p.Run.Incident == latest && p.Status == Is.AwaitingApproval)) waiting.Remeasure = true;
    }

    /// <summary>A person asks for a further run: three open ones each, and a Deny holds for a day against all but Administrators.</summary>
    public void Again(string person, Proposal of)
    {
        var incident = of.Run.Incident;
        var denied = Proposals.Exists(p => p.Target == incident.Target && p.Status == Is.Denied && Now - p.DecidedAt < Day);
        var open = Proposals.Count(p => p.Run.Person == person && p.Status is Is.AwaitingApproval or Is.Blocked or Is.Approved) + Runs.Count(r => r.Person == person && r.State == Stage.Queued);
        if (InProgress(incident) || (denied && !Administrators.Contains(person)) || open >= 3) return;
        Queue(incident, person);
    }

    private void Queue(Incident incident, string? person)
    {
        (incident.Attempts, incident.Open) = (incident.Attempts + 1, true);
        Runs.Add(new() { Incident = incident, Person = person, Created = Now, Due = Now, Autonomous = Autonomous(incident.Target), FromDefault = Plans[incident.Target].Autonomous is null });
    }

    private Run? LatestRun(Incident incident) => Runs.FindLast(r => r.Incident == incident);

    private bool InProgress(Incident incident) => LatestRun(incident) is { } run && run.State != Stage.Ended
        && run.Proposal?.Status is not (Is.Denied or Is.Expired or Is.Failed or Is.Indeterminate);
}
