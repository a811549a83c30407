using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Plans;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>
/// Runs scheduled tasks that are due. Whoever moves the due time on runs the task, with its posts and its audit line in the same transaction, so
/// that of several replicas one does it and a killed one leaves it due. However many ticks were missed, they are one run.
/// </summary>
internal sealed class Ticks(RunTables tables, ITasks tasks, PendingReminder reminder, AgentSettings agent, TimeProvider clock)
{
    private const int Most = 100;
    private const int MostFailures = 3;
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(15);

    public async Task<IReadOnlyList<(string Key, Func<CancellationToken, Task> Do)>> Due(CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var due = await tables.Ledger.Read(t => tasks.Due(t, now, Most), cancellation);
        return [.. due.Select(d => ($"task/{d.Key}", (Func<CancellationToken, Task>)(c => tables.Ledger.Write(DurableStep.TaskTaken, t => Take(t, d), c))))];
    }

    /// <summary>By hand: the schedule and the limit go on as if it had not been.</summary>
    /// <returns>Null when somebody else changed it first.</returns>
    public async Task<TaskOutcome?> RunNow(ITransaction transaction, ScheduledTask task, AuditActor by, string where)
    {
        var now = clock.GetUtcNow();
        var outcome = await Outcome(transaction, task);
        if (!await tasks.Move(transaction, task, task with { LastRun = new(now, outcome.What, outcome.Failed) }))
        {
            return null;
        }

        await Record(transaction, task, outcome, by, $"run by hand in {where}");
        return outcome;
    }

    private async Task Take(ITransaction transaction, ScheduledTask seen)
    {
        var now = clock.GetUtcNow();
        // Control row, then task: as it is with plans.
        var stopped = (await tables.Plans.ShareControl(transaction)).Stopped;
        if (await tasks.Hold(transaction, seen.Key) is not { } task || task.Version != seen.Version || task.DueAt is not { } due)
        {
            return;
        }

        var (schedule, problem) = Schedule.Read(task.Cron, agent.Zone);
        if (schedule is not null && now >= task.Until)
        {
            await tasks.Move(transaction, task, task with { DueAt = null });
            return;
        }

        var outcome = schedule is null ? new TaskOutcome($"Its schedule cannot be read: {problem}", true, null)
            : stopped ? new TaskOutcome("The emergency stop is on, so nobody could decide; nothing was posted.", false, null)
            : await Outcome(transaction, task);
        var failures = outcome.Failed ? task.FailuresInARow + 1 : 0;
        var after = task with
        {
            Runs = task.Runs + 1, FailuresInARow = failures, Failed = schedule is null || failures >= MostFailures, LastRun = new(now, outcome.What, outcome.Failed),
        };
        if (!await tasks.Move(transaction, task, after with { DueAt = schedule is null ? null : after.NextDue(schedule, now) }))
        {
            return;
        }

        await Record(transaction, task, outcome, AuditActor.Bot, now - due > Late ? $"due {due:u}, {now - due:d\\.hh\\:mm} late" : $"due {due:u}");
        if (after.Failed)
        {
            await Post(transaction, task, CardText.Of(
                $"**Task {CardText.Outside(task.Name, 64)} has failed** and runs no more until an Administrator writes `resume task {CardText.Outside(task.Name, 64)}`. {CardText.Outside(outcome.What, 300)}"), "failed");
        }
    }

    private Task<TaskOutcome> Outcome(ITransaction transaction, ScheduledTask task) => task.Does == Does.PendingReminder
        ? reminder.Read(transaction, task)
        : Task.FromResult(new TaskOutcome($"{task.Does}: this version does not run it yet.", true, null));

    private async Task Record(ITransaction transaction, ScheduledTask task, TaskOutcome outcome, AuditActor by, string detail)
    {
        await transaction.Append(AuditEntry.Of(clock.GetUtcNow(), AuditKind.TaskRun, by, task.Subject, after: outcome.What, detail: detail));
        if (outcome.Post is { } post)
        {
            await Post(transaction, task, post, "run");
        }
    }

    private async Task Post(ITransaction transaction, ScheduledTask task, CardText text, string what)
    {
        var now = clock.GetUtcNow();
        var place = task.Channel is { } id && await tables.Conversations.Find(transaction, id) is not null ? id : null;
        await tables.Outbox.Enqueue(transaction, new OutboxItem(Shown.Notice, $"notice/{what}-{Guid.CreateVersion7(now):N}", Urgency.Decision,
            Thread: task.SameThread ? $"task/{task.Key}" : null, ConversationId: place, Payload: new(ReportText.Say(agent.Sandbox, text))), now);
    }
}
