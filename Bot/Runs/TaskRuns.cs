using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Telemetry;

namespace RunModes.Bot.Runs;

/// <summary>
/// A tick, or an Administrator, opens an incident and a run of its task, in the transaction that moves the task on; the transaction that ends the run
/// tells the task. Azure is asked in between, by the run's investigation, like anybody's.
/// </summary>
internal sealed partial class TaskRuns(RunTables tables, RunQueue queue, TaskInvestigator works, AgentSettings agent, TimeProvider clock)
{
    private const int MostFailures = 3;

    public const string Begun = "A run has begun.";

    public bool Runs(Does does) => works.Runs(does);

    /// <summary>The caller holds the task and has shared the control row.</summary>
    /// <param name="due">When it should have begun.</param>
    /// <param name="by">Null: the clock.</param>
    public async Task<TaskOutcome> Begin(ITransaction transaction, ScheduledTask task, DateTimeOffset due, Who? by)
    {
        if (!works.Runs(task.Does))
        {
            return new($"{task.Does}: this version does not run it yet.", true, null);
        }

        if (await IsUnderWay(transaction, task))
        {
            return new("The run before is not over, so no other was begun.", false, null) { Counts = false };
        }

        // Steps name their own.
        var target = task.Does == Does.Steps && task.Steps is [var first, ..] ? works.TargetOf(first) : null;
        if (task.Scope.Length > 0 && !ResourceId.TryParse(task.Scope, out target, out var why))
        {
            return new($"Its scope cannot be read: {why}", true, null);
        }

        var incident = TaskIncident.Open(task, target, by, clock.GetUtcNow());
        incident = incident with { RootSpan = Traces.Root(incident.Id, incident.Platform.ToString(), plan: null) };
        await tables.Incidents.Insert(transaction, incident);
        if (task.SameThread && await ThreadOf(transaction, task) is { } thread)
        {
            await tables.Outbox.RememberThread(transaction, incident.Subject, thread);
        }

        var mode = new Mandate(null, task).ModeUnder(await tables.Plans.ReadControl(transaction));
        await queue.EnqueueOfTask(
            transaction,
            new RunRequest(incident, mode, by is null ? null : $"{by.Name} ran it by hand, and what a person starts asks first in every mode.", $"{task.Does}, due {due:u}.")
            {
                Task = task.Name, Steps = task.Steps.Count == 0 ? null : task.Steps, TaskRevision = task.Revision, ScheduledFor = by is null ? due : null,
            },
            by);
        return new(Begun, false, null) { Incident = incident.Id };
    }

    /// <summary>Somebody decides, or Azure works: what it would propose now is proposed already.</summary>
    private async Task<bool> IsUnderWay(ITransaction transaction, ScheduledTask task) =>
        task.LastIncident is { } last && (await tables.Runs.OfIncident(transaction, last)).Any(r => r.State != RunState.Ended);

    private async Task<MessageRef?> ThreadOf(ITransaction transaction, ScheduledTask task) =>
        task.LastIncident is { } last ? await tables.Outbox.ThreadOf(transaction, $"incident/{last}") : null;

    /// <summary>For whoever is about to end a run: after the control row, and before the run.</summary>
    /// <returns>Null: the run is not a task's, or the task was deleted.</returns>
    public async Task<ScheduledTask?> Hold(ITransaction transaction, Run run)
    {
        if (run.Task is not { } name)
        {
            return null;
        }

        await tables.Plans.ShareControl(transaction);
        return await tables.Tasks.Hold(transaction, name.ToLowerInvariant());
    }

    /// <summary>In the transaction that ended <paramref name="run"/>. What was run by hand fails for whoever ran it, and does not count.</summary>
    /// <param name="task">As <see cref="Hold"/> gave it.</param>
    /// <returns>True when it goes on with its next step.</returns>
    public async Task<bool> Ended(ITransaction transaction, ScheduledTask task, Run run, RunOutcome outcome, Finding? finding, string about)
    {
        // Taken back, or looked at again, by a person: it says nothing of how the task does.
        if (run.Trigger != Trigger.Schedule)
        {
            return false;
        }

        if (await GoOn(transaction, task, run, outcome, finding))
        {
            return true;
        }

        var failed = IsFailure(outcome);
        var what = $"{(run.Report is not null && !failed ? "Reported" : outcome == RunOutcome.NoActionNeeded && finding?.Conclusion == Conclusion.Informed ? "Done" : Words(outcome))}: {about}";
        // Somebody's no, and nobody's yes, say nothing of how the task does.
        var failures = run.StartedBy is not null || outcome is RunOutcome.Denied or RunOutcome.Expired ? task.FailuresInARow : failed ? task.FailuresInARow + 1 : 0;
        await Move(transaction, task, task with { LastRun = new(clock.GetUtcNow(), what, failed), FailuresInARow = failures }, what);
        return false;
    }

    /// <summary>Literal steps go one after the other, each a run of its own in the same incident: the next is queued by the write that ends the one before.</summary>
    /// <returns>False when there is none, or this one did not end well.</returns>
    private async Task<bool> GoOn(ITransaction transaction, ScheduledTask task, Run run, RunOutcome outcome, Finding? finding)
    {
        var well = outcome == RunOutcome.Resolved || (outcome == RunOutcome.NoActionNeeded && finding?.Conclusion is Conclusion.NeverSick or Conclusion.Informed);
        if (!well || !task.Enabled || run.Steps is not { Count: > 1 } steps || await tables.Incidents.Find(transaction, run.Incident) is not { } incident)
        {
            return false;
        }

        // Late is what the first was.
        await queue.EnqueueOfTask(
            transaction,
            new RunRequest(incident, await ModeOfNext(transaction, task, run), run.ModeWhy, $"{task.Steps.Count - steps.Count + 2} of {task.Steps.Count} steps.")
            {
                Task = task.Name, Steps = [.. steps.Skip(1)], TaskRevision = run.TaskRevision, ScheduledFor = run.ScheduledFor is { } due ? clock.GetUtcNow() - (run.CreatedAt - due) : null,
            },
            run.StartedBy);
        return true;
    }

    /// <summary>Of a run that follows from <paramref name="run"/>: what people changed meanwhile loosens nothing, and what they changed back tightened it once.</summary>
    private async Task<EffectiveMode> ModeOfNext(ITransaction transaction, ScheduledTask task, Run run)
    {
        var now = new Mandate(null, task).ModeUnder(await tables.Plans.ReadControl(transaction));
        return run.Mode.Mode == RunMode.Review ? run.Mode : task.Revision == run.TaskRevision ? now : now with { Mode = RunMode.Review };
    }

    /// <summary>With the third failure in a row it is off, and its people hear it.</summary>
    /// <returns>False when somebody else changed it first.</returns>
    public async Task<bool> Move(ITransaction transaction, ScheduledTask before, ScheduledTask after, string what)
    {
        var failed = after.Failed || after.FailuresInARow >= MostFailures;
        after = failed ? after with { Failed = true, DueAt = null } : after;
        if (!await tables.Tasks.Move(transaction, before, after))
        {
            return false;
        }

        if (failed && !before.Failed)
        {
            await transaction.Append(AuditEntry.OfBot(clock.GetUtcNow(), AuditKind.TaskChanged, after.Subject, "enabled", "failed", what));
            await Post(transaction, after, CardText.Of(
                $"**Task {CardText.Outside(after.Name, 64)} has failed** and runs no more until an Administrator writes `resume task {CardText.Outside(after.Name, 64)}`. {CardText.Outside(what, 300)}"), "failed");
        }

        return true;
    }

    public async Task Post(ITransaction transaction, ScheduledTask task, CardText text, string what)
    {
        var now = clock.GetUtcNow();
        var place = task.Channel is { } id && await tables.Conversations.Find(transaction, id) is not null ? id : null;
        await tables.Outbox.Enqueue(transaction, new OutboxItem(Shown.Notice, $"notice/{what}-{Guid.CreateVersion7(now):N}", Urgency.Decision,
            Thread: task.SameThread ? $"task/{task.Key}" : null, ConversationId: place, Payload: new(ReportText.Say(agent.Sandbox, text))), now);
    }

    private static bool IsFailure(RunOutcome outcome) => outcome is not (RunOutcome.Resolved or RunOutcome.NoActionNeeded or RunOutcome.Denied or RunOutcome.Expired);

    private static string Words(RunOutcome outcome) => outcome switch
    {
        RunOutcome.Resolved => "Done",
        RunOutcome.NoActionNeeded => "Nothing to do",
        RunOutcome.NotResolved => "Done, and not recovered",
        RunOutcome.Denied => "Denied",
        RunOutcome.Expired => "Nobody decided",
        RunOutcome.Blocked => "Refused",
        RunOutcome.Failed => "Failed",
        RunOutcome.CouldNotInvestigate => "Could not tell",
        _ => "Nobody knows how it ended",
    };
}
