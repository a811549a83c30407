using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>What an incident asks of the runs, in the transaction that stores its firing.</summary>
internal sealed class RunQueue(IRuns runs, Approvals.IProposals proposals, IOutbox outbox, AgentSettings agent, TimeProvider clock) : IRunQueue
{
    public async Task<Situation> SituationOf(ITransaction transaction, IncidentId incident)
    {
        if ((await runs.OfIncident(transaction, incident)).LastOrDefault() is not { } run)
        {
            return Situation.NeverRun;
        }

        // The proposal may be decided before the run has caught up.
        var proposal = (await proposals.OfRun(transaction, run.Id)).LastOrDefault();
        return (run.State, run.Outcome, proposal?.Status) switch
        {
            (_, _, ProposalStatus.Denied) => Situation.Denied,
            (_, _, ProposalStatus.Expired) => Situation.Expired,
            (_, _, ProposalStatus.Failed) => Situation.Failed,
            (_, _, ProposalStatus.Indeterminate) => Situation.Indeterminate,
            (not RunState.Ended, _, _) => Situation.InProgress,
            (_, RunOutcome.Resolved, _) => Situation.Recovered,
            (_, RunOutcome.NotResolved or RunOutcome.Unknown, _) => Situation.NotRecovered,
            (_, RunOutcome.CouldNotInvestigate, _) => Situation.CouldNotInvestigate,
            _ => Situation.NoActionNeeded,
        };
    }

    public async Task Enqueue(ITransaction transaction, RunRequest request) => await Insert(transaction, request, Trigger.Incident, null);

    /// <summary>A person asked: always AskFirst, whatever the plan's mode.</summary>
    /// <param name="reportTo">Where a finding without an operation is told; null: in the incident's thread.</param>
    public Task<RunId> EnqueueFor(ITransaction transaction, RunRequest request, Who person, string? reportTo = null) => Insert(transaction, request, Trigger.Chat, person, reportTo);

    /// <summary>A tick of a task, or an Administrator who runs it by hand, who asks first like anybody.</summary>
    public Task<RunId> EnqueueOfTask(ITransaction transaction, RunRequest request, Who? person) => Insert(transaction, request, Trigger.Schedule, person);

    /// <summary>A verification under way measures anyway; what waits for a person is measured again, so that the card says how it is now.</summary>
    public async Task Remeasure(ITransaction transaction, Incident incident)
    {
        await proposals.Remeasure(transaction, incident.Id);
        await Refresh(transaction, incident);
    }

    public async Task Tell(ITransaction transaction, Incident incident, IncidentNews news)
    {
        var now = clock.GetUtcNow();
        switch (news)
        {
            case IncidentNews.FiredAfterDeny when (await proposals.OfIncident(transaction, incident.Id)).LastOrDefault(p => p.Status == ProposalStatus.Denied) is { } denied:
                var card = DeniedAgainNotice.Render(denied.Proposal, new(incident.Title, incident.Severity, incident.Firings), incident.LastFiredAt, agent.Sandbox);
                await Notice(transaction, incident, $"fired-after-deny/{incident.Id}/{incident.Firings}", new($"It fires again after a Deny: {incident.Title}", card.ToJsonString()), Urgency.Approval, now);
                break;
            case IncidentNews.HandedOver:
                await Notice(transaction, incident, $"handed-over/{incident.Id}", new(ReportText.HandedOver(incident.Target?.Name ?? incident.Title, incident.Attempts, agent.Sandbox)), Urgency.Approval, now);
                break;
            default:
                await Refresh(transaction, incident);
                break;
        }
    }

    private async Task<RunId> Insert(ITransaction transaction, RunRequest request, Trigger trigger, Who? person, string? reportTo = null)
    {
        var now = clock.GetUtcNow();
        var run = new Run
        {
            Id = new(Guid.CreateVersion7(now).ToString("N")), Incident = request.Incident.Id, Trigger = trigger, Plan = request.Incident.Plan, Task = request.Task, Steps = request.Steps, TaskRevision = request.TaskRevision, ScheduledFor = request.ScheduledFor, Mode = request.Mode, ModeWhy = request.ModeWhy,
            StartedBy = person, ReportTo = reportTo, Attempt = request.Incident.Attempts, Reason = request.Reason, State = RunState.Queued, CreatedAt = now, DueAt = now,
            Span = request.Incident.RootSpan, Version = 1,
        };
        await runs.Insert(transaction, run);
        await transaction.Append(AuditEntry.Of(now, AuditKind.RunStarted, person is null ? AuditActor.Bot : AuditActor.Person(person.TenantId, person.ObjectId, person.Name), run.Subject,
            after: run.Mode.ToString(), detail: $"incident/{run.Incident}, {(run.Task is { } task ? $"task {task}" : $"plan {run.Plan}")}, attempt {run.Attempt}. {run.ModeWhy} {run.Reason} Trace {Correlation.Of(run.Incident)}"));
        return run.Id;
    }

    private async Task Refresh(ITransaction transaction, Incident incident)
    {
        if ((await proposals.OfIncident(transaction, incident.Id)).LastOrDefault() is { Proposal.IsAutonomous: false } shown && !ProposalLifecycle.IsFinal(shown.Status))
        {
            await outbox.Enqueue(transaction, new OutboxItem(Shown.Proposal, shown.Proposal.Subject, Urgency.Cosmetic, shown.Proposal.Thread), clock.GetUtcNow());
        }
    }

    private async Task Notice(ITransaction transaction, Incident incident, string subject, Payload payload, Urgency urgency, DateTimeOffset now)
    {
        var thread = (await proposals.OfIncident(transaction, incident.Id)).LastOrDefault()?.Proposal.Thread ?? incident.Subject;
        await outbox.Enqueue(transaction, new OutboxItem(Shown.Notice, subject, urgency, thread, Payload: payload), now);
    }
}
