using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Approvals;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Telemetry;

namespace RunModes.Bot.Runs;

/// <summary>
/// Read this first. A run: trigger (<see cref="RunQueue"/>) → investigate → propose → gate → ask (a card, <see cref="DecisionHandler"/>) or
/// execute (<see cref="Executions"/>) → verify (<see cref="Verifier"/>) → report. Every step is a guarded write; whoever is killed between two
/// of them leaves a row that the next pass of <see cref="RunWorker"/> goes on from.
/// </summary>
internal sealed class RunFlow(RunTables tables, RunInvestigation investigation, FactCollector facts, ProposalWriter proposals, RunFlow.Surroundings around)
{
    /// <summary>How long to wait for a sample that is newer than the alert before asking a person instead of acting alone.</summary>
    private static readonly TimeSpan WaitForNewerSample = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(10);

    public sealed record Surroundings(SelfDemotion Demotion, WriteBacks Sources, TaskRuns TaskRuns, TimeProvider Clock, ClockSkew Skew);

    public async Task Investigate(Run queued, CancellationToken cancellation)
    {
        if (await Start(queued, cancellation) is not var (run, incident, mandate))
        {
            return;
        }

        using var span = Traces.Begin("investigate", run.Incident, run.Span);
        Traces.Note("run", run.Id.Value);
        Traces.Note("mode", run.Mode.Mode.ToString());
        var investigated = await investigation.Look(run, incident, mandate, cancellation);
        Traces.Note("conclusion", investigated.Finding.Conclusion.ToString());
        var waiting = around.Clock.GetUtcNow() - run.CreatedAt < WaitForNewerSample;
        // What a person started asks anyway.
        if (investigated.Remedy is not null && run.StartedBy is null && run.Mode.Mode == RunMode.Autonomous && investigated.Finding.Gap is null && !FactCollector.IsNewerThan(investigated.Finding, incident) && waiting)
        {
            await Move(run, RunEvent.Lost, r => r with { DueAt = around.Clock.GetUtcNow() + LookAgainAfter }, cancellation);
            return;
        }

        investigated = await investigation.Tell(run, mandate.Plan, investigated, cancellation);
        if (investigated.Remedy is not { } remedy)
        {
            await EndWithoutOperation(run, investigated, cancellation);
            return;
        }

        var known = await facts.Collect(new Candidate(remedy.Operation, remedy.Provenance, run, investigated.Finding), cancellation);
        await Propose(run, mandate.Plan, investigated, remedy, known, cancellation);
    }

    /// <summary>An investigation whose task is gone, in this process or an earlier one, is done again: reading twice harms nothing.</summary>
    public Task Requeue(Run lost, CancellationToken cancellation) => Move(lost, RunEvent.Lost, r => r with { DueAt = around.Clock.GetUtcNow() + LookAgainAfter }, cancellation);

    /// <summary>The run follows its proposal: a decision, an expiry or a verification ends it, in whatever order they were noticed.</summary>
    public Task Settle(Run run, CancellationToken cancellation) => tables.Ledger.Write(DurableStep.RunSettled,
        async t =>
        {
            if ((await tables.Proposals.OfRun(t, run.Id)).LastOrDefault() is not { } proposal || EventOf(run.State, proposal.Proposal) is not { } happened)
            {
                return;
            }

            var (to, outcome) = RunLifecycle.Next(run.State, happened) ?? throw new InvalidOperationException($"{happened} is illegal for a run that is {run.State}.");
            var now = around.Clock.GetUtcNow();
            var ended = to == RunState.Ended;
            var task = ended ? await around.TaskRuns.Hold(t, run) : null;
            var after = run with { State = to, Outcome = outcome, EndedAt = ended ? now : null };
            if (!await tables.Runs.Move(t, run, after))
            {
                return;
            }

            await around.Sources.Owe(t, after, proposal.Proposal);
            if (!ended)
            {
                return;
            }

            await t.Append(AuditEntry.OfBot(now, AuditKind.RunEnded, run.Subject, run.State.ToString(), outcome.ToString(), $"proposal/{proposal.Proposal.Id}; trace {Correlation.Of(run.Incident)}"));
            if (proposal.Status != ProposalStatus.Superseded)
            {
                // Superseded: a newer run of the incident goes on, and a Deny in it must find the incident open.
                await Over(t, run, task, outcome, run.Finding, proposal.Proposal.Operation.Title);
            }

            if (proposal.Proposal.IsAutonomous)
            {
                await around.Demotion.Note(t, run, proposal, outcome);
                await Report(t, run, now);
                if (proposal.Proposal.MayBeUndone)
                {
                    // A button needs a card: after the report, where there is something to take back.
                    await tables.Outbox.Enqueue(t, new OutboxItem(Shown.Proposal, proposal.Proposal.Subject, Urgency.Result, proposal.Proposal.Thread), now);
                }
            }
        },
        cancellation);

    private static RunEvent? EventOf(RunState state, Proposal proposal) => (state, proposal.Status) switch
    {
        (RunState.Acting, ProposalStatus.Denied) => RunEvent.Denied,
        (RunState.Acting, ProposalStatus.Expired) => RunEvent.Expired,
        (RunState.Acting, ProposalStatus.Refused) => RunEvent.Refused,
        (RunState.Acting, ProposalStatus.Failed) => RunEvent.Failed,
        (RunState.Acting, ProposalStatus.Indeterminate) => RunEvent.Indeterminate,
        (RunState.Acting, ProposalStatus.Withdrawn or ProposalStatus.Superseded) => RunEvent.Withdrawn,
        (RunState.Acting, ProposalStatus.Succeeded) => RunEvent.Executed,
        // What was asked for and done, and has no signal, is as well as anybody can tell.
        (RunState.Verifying, ProposalStatus.Succeeded) when proposal is { Recovery: null, Finding.Asked: true } => RunEvent.Recovered,
        (RunState.Verifying, ProposalStatus.Succeeded) => proposal.Verification?.State switch
        {
            VerificationState.Recovered => RunEvent.Recovered,
            VerificationState.NotRecovered => RunEvent.NotRecovered,
            VerificationState.Watching => null,
            _ => RunEvent.CouldNotTell,
        },
        _ => null,
    };

    private Task<(Run, Incident, Mandate)?> Start(Run queued, CancellationToken cancellation) => tables.Ledger.Write<(Run, Incident, Mandate)?>(DurableStep.InvestigationStarted,
        async t =>
        {
            if (around.Skew.IsTooGreat)
            {
                return null;
            }

            var started = queued with { State = RunState.Investigating, StartedAt = around.Clock.GetUtcNow() };
            if (!await tables.Runs.Move(t, queued, started) || await tables.Incidents.Find(t, queued.Incident) is not { } incident)
            {
                return null;
            }

            return (started with { Version = queued.Version + 1 }, incident, await tables.MandateOf(t, queued));
        },
        cancellation);

    private Task EndWithoutOperation(Run run, Investigated investigated, CancellationToken cancellation) => tables.Ledger.Write(
        DurableStep.NothingToDo, t => EndWithout(t, run, investigated), cancellation);

    private async Task EndWithout(ITransaction transaction, Run run, Investigated found, RunEvent? because = null)
    {
        var now = around.Clock.GetUtcNow();
        var investigated = await ToolPosts.Held(tables, transaction, found);
        var happened = because ?? (investigated.Finding.Conclusion == Conclusion.CouldNotTell ? RunEvent.CouldNotInvestigate : RunEvent.NothingToDo);
        var (to, outcome) = RunLifecycle.Next(run.State, happened)!.Value;
        var task = await around.TaskRuns.Hold(transaction, run);
        var (finding, follows) = (investigated.Finding, await around.TaskRuns.Following(transaction, task, investigated));
        var after = run with { State = to, Outcome = outcome, EndedAt = now, Finding = finding, Report = follows.Report, Span = Traces.Current ?? run.Span };
        if (!await tables.Runs.Move(transaction, run, after))
        {
            return;
        }

        await ToolPosts.Say(tables, transaction, run, investigated.Posts, now);
        if (task is not null)
        {
            await around.TaskRuns.FollowUp(transaction, task, run, follows.FollowUps);
        }

        await around.Sources.Owe(transaction, after, null);
        await transaction.Append(AuditEntry.OfBot(now, AuditKind.FindingMade, run.Subject, after: finding.Conclusion.ToString(), detail: finding.Present));
        await transaction.Append(AuditEntry.OfBot(now, AuditKind.RunEnded, run.Subject, run.State.ToString(), outcome.ToString(), $"incident/{run.Incident}; trace {Correlation.Of(run.Incident)}"));
        await Over(transaction, run with { Report = follows.Report }, task, outcome, finding, finding.Present);
        await Report(transaction, run, now);
    }

    /// <summary>What a person asked for, and another said no to within a day, also while it was being looked into.</summary>
    private async Task<Decision?> Denied(ITransaction transaction, Run run, Remedy remedy, DateTimeOffset now) =>
        run.StartedBy is { } person && (await tables.Incidents.Find(transaction, run.Incident))?.Platform is Platform.Chat or Platform.Schedule
            ? await tables.Against(transaction, remedy.Operation.TargetKey, Fingerprint.IntentKey(remedy.Operation), person, now)
            : null;

    private async Task Propose(Run run, ResponsePlan? plan, Investigated found, Remedy remedy, Facts known, CancellationToken cancellation)
    {
        var (happened, verdict) = proposals.Judge(run, plan, found.Finding, remedy, known);
        await tables.Ledger.Write(DurableStep.Proposed,
            async t =>
            {
                var now = around.Clock.GetUtcNow();
                var investigated = await ToolPosts.Held(tables, t, found);
                var finding = investigated.Finding;
                if (await Denied(t, run, remedy, now) is { } deny)
                {
                    await EndWithout(t, run, new(finding with { Evidence = [new("Not proposed", $"{remedy.Operation.Title}: {Denials.Words(deny)}"), .. finding.Evidence] }, Remedy: null) { Posts = investigated.Posts });
                    return;
                }

                var retries = await Retries.Of(tables, t, run, remedy.Operation);
                if (retries.UsedUp(plan) is { } enough)
                {
                    await EndWithout(t, run, new(finding with { Evidence = [enough, .. finding.Evidence] }, Remedy: null) { Posts = investigated.Posts }, RunEvent.Refused);
                    return;
                }

                var told = finding with { Evidence = [.. retries.Told(), .. finding.Evidence] };
                if (!await tables.Runs.Move(t, run, run with { State = RunState.Acting, Finding = told, Span = Traces.Current ?? run.Span }))
                {
                    return;
                }

                await ToolPosts.Say(tables, t, run, investigated.Posts, now);
                await t.Append(AuditEntry.OfBot(now, AuditKind.FindingMade, run.Subject, after: finding.Conclusion.ToString(), detail: finding.Present));
                await proposals.Insert(t, run, plan, told, remedy, known, verdict, happened);
            },
            cancellation);
    }

    private Task<bool> Move(Run run, RunEvent happened, Func<Run, Run> change, CancellationToken cancellation) => tables.Ledger.Write(DurableStep.InvestigationRequeued,
        t => tables.Runs.Move(t, run, change(run with { State = RunLifecycle.Next(run.State, happened)!.Value.To })), cancellation);

    private async Task Over(ITransaction transaction, Run run, ScheduledTask? task, RunOutcome? outcome, Finding? finding, string about)
    {
        if (task is null || !await around.TaskRuns.Ended(transaction, task, run, outcome ?? RunOutcome.Unknown, finding, about))
        {
            await CloseIfOver(transaction, run.Incident, outcome);
        }
    }

    /// <summary>Closed is what the bot measured, never what a source says; and what a tick or a person in chat began, once it was answered.</summary>
    private async Task CloseIfOver(ITransaction transaction, IncidentId id, RunOutcome? outcome)
    {
        // A firing that joins at this moment is no reason to leave it open.
        while (await tables.Incidents.Find(transaction, id) is { } incident
            && (outcome is RunOutcome.Resolved or RunOutcome.NoActionNeeded || incident.Platform is Platform.Schedule or Platform.Chat)
            && !await tables.Incidents.Update(transaction, incident with { State = IncidentState.Closed }, incident.Version))
        {
        }
    }

    private Task Report(ITransaction transaction, Run run, DateTimeOffset now) =>
        tables.Outbox.Enqueue(
            transaction, new OutboxItem(Shown.RunReport, run.Subject, Urgency.Result, run.ReportTo is null ? $"incident/{run.Incident}" : null, run.ReportTo), now);
}
