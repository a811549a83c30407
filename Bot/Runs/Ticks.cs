using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>
/// Runs scheduled tasks that are due. Whoever moves the due time on runs the task, with its posts and its audit line in the same transaction, so
/// that of several replicas one does it and a killed one leaves it due. However many ticks were missed, they are one run.
/// </summary>
internal sealed class Ticks(RunTables tables, TaskRuns runs, Ticks.Posts posts, AgentSettings agent, TimeProvider clock)
{
    public sealed record Posts(PendingReminder Reminder, Insights Insights);

    private const int Most = 100;
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(15);

    public async Task<IReadOnlyList<(string Key, Func<CancellationToken, Task> Do)>> Due(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var due = await tables.Ledger.Read(t => tables.Tasks.Due(t, now, Most), cancellation);
        return [.. due.Select(d => ($"task/{d.Key}", (Func<CancellationToken, Task>)(c => Tick(d, c))))];
    }

    /// <summary>By hand: the schedule and the limit go on as if it had not been.</summary>
    /// <returns>Null when somebody else changed it first.</returns>
    public async Task<TaskOutcome?> RunNow(ITransaction transaction, ScheduledTask task, Who by, string where)
    {
        var now = clock.GetUtcNow();
        var outcome = await Outcome(transaction, task, now, by);
        if (!await tables.Tasks.Move(transaction, task, task with { LastRun = new(now, outcome.What, outcome.Failed), LastIncident = outcome.Incident ?? task.LastIncident }))
        {
            return null;
        }

        await Record(transaction, task, outcome, AuditActor.Person(by.TenantId, by.ObjectId, by.Name), $"run by hand in {where}");
        return outcome;
    }

    private async Task Tick(ScheduledTask due, CancellationToken cancellation)
    {
        try
        {
            await tables.Ledger.Write(DurableStep.TaskTaken, t => Take(t, due), cancellation);
        }
        catch (Exception e) when (e is not (OperationCanceledException or StoreUnavailableException))
        {
            // It is a failure like any other, and not tried again every few seconds for ever. Whoever called logs it.
            await tables.Ledger.Write(DurableStep.TaskTickFailed, t => Fail(t, due), cancellation);
            throw;
        }
    }

    private async Task Fail(ITransaction transaction, ScheduledTask seen)
    {
        const string What = "An unexpected error, which is in the log.";
        var now = clock.GetUtcNow();
        await tables.Plans.ShareControl(transaction);
        if (await tables.Tasks.Hold(transaction, seen.Key) is not { } task || task.Version != seen.Version)
        {
            return;
        }

        var schedule = Schedule.Read(task.Cron, agent.Zone).Schedule;
        var after = task with { Runs = task.Runs + 1, LastRun = new(now, What, true), FailuresInARow = task.FailuresInARow + 1 };
        if (await runs.Move(transaction, task, after with { DueAt = schedule is null ? null : after.NextDue(schedule, now) }, What))
        {
            await transaction.Append(AuditEntry.OfBot(now, AuditKind.TaskRun, task.Subject, after: What, detail: $"due {task.DueAt:u}"));
        }
    }

    private async Task Take(ITransaction transaction, ScheduledTask seen)
    {
        var now = clock.GetUtcNow();
        // Control row, then task: as it is with plans.
        var stopped = (await tables.Plans.ShareControl(transaction)).Stopped;
        if (await tables.Tasks.Hold(transaction, seen.Key) is not { } task || task.Version != seen.Version || task.DueAt is not { } due)
        {
            return;
        }

        var (schedule, problem) = Schedule.Read(task.Cron, agent.Zone);
        if (schedule is not null && now >= task.Until)
        {
            await tables.Tasks.Move(transaction, task, task with { DueAt = null });
            return;
        }

        var outcome = schedule is null ? new TaskOutcome($"Its schedule cannot be read: {problem}", true, null)
            : stopped ? new TaskOutcome("The emergency stop is on, so nobody could decide; nothing was posted.", false, null) { Counts = false }
            : await Outcome(transaction, task, due, by: null);
        var after = task with
        {
            Runs = outcome.Counts ? task.Runs + 1 : task.Runs, Failed = schedule is null, LastRun = new(now, outcome.What, outcome.Failed), LastIncident = outcome.Incident ?? task.LastIncident,
            // How a run that has begun ends is told when it ends; what was none says nothing.
            FailuresInARow = outcome.Failed ? task.FailuresInARow + 1 : outcome.Incident is not null || !outcome.Counts ? task.FailuresInARow : 0,
        };
        if (await runs.Move(transaction, task, after with { DueAt = schedule is null ? null : after.NextDue(schedule, now) }, outcome.What))
        {
            await Record(transaction, task, outcome, AuditActor.Bot, now - due > Late ? $"due {due:u}, {now - due:d\\.hh\\:mm} late" : $"due {due:u}");
        }
    }

    /// <summary>What is read from the store alone is said at once; what Azure is asked for is a run.</summary>
    private async Task<TaskOutcome> Outcome(ITransaction transaction, ScheduledTask task, DateTimeOffset due, Who? by) => task.Does switch
    {
        Does.PendingReminder => await posts.Reminder.Read(transaction, task),
        Does.Insights => new("Posted.", false, CardText.Of($"{await posts.Insights.Of(transaction, null)}\n\n(task {CardText.Outside(task.Name, 64)})")),
        _ => await runs.Begin(transaction, task, due, by),
    };

    private async Task Record(ITransaction transaction, ScheduledTask task, TaskOutcome outcome, AuditActor by, string detail)
    {
        await transaction.Append(AuditEntry.Of(clock.GetUtcNow(), AuditKind.TaskRun, by, task.Subject, after: outcome.What,
            detail: outcome.Incident is { } incident ? $"{detail}, incident/{incident}" : detail));
        if (outcome.Post is { } post)
        {
            await runs.Post(transaction, task, post, "run");
        }
    }
}
