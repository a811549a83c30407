using RunModes.Bot.Audit;

namespace RunModes.Bot.Plans;

/// <summary>Plans first: a name that both have is a plan's.</summary>
internal sealed record Seeding(PlanSeeding Plans, TaskSeeding Tasks);

/// <summary>Tasks from settings into a store that does not know them; after that the store is the truth. What is there is held against the agent's time zone.</summary>
internal sealed partial class TaskSeeding(ILedger ledger, ITasks tasks, PlanSettings settings, TimeProvider time, ILogger<TaskSeeding> log)
{
    public async Task Seed(CancellationToken cancellation)
    {
        var created = await ledger.Write(DurableStep.PlansSeeded, async transaction =>
        {
            List<string> names = [];
            var now = time.GetUtcNow();
            foreach (var task in settings.Tasks)
            {
                if (await tasks.Insert(transaction, task with { DueAt = Due(task, now) }))
                {
                    names.Add(task.Name);
                    await transaction.Append(AuditEntry.OfBot(now, AuditKind.TaskChanged, task.Subject, after: $"{task.Does} {task.Cron}", detail: "Created from settings."));
                }
            }

            foreach (var task in await tasks.All(transaction))
            {
                // What was missed runs; what lies ahead follows a time zone that was changed.
                if (task.DueAt > now && Due(task, now) is var due && due != task.DueAt)
                {
                    await tasks.Move(transaction, task, task with { DueAt = due });
                }
            }

            return names;
        }, cancellation);

        foreach (var name in created)
        {
            Created(log, name);
        }
    }

    private DateTimeOffset? Due(ScheduledTask task, DateTimeOffset now) => Schedule.Read(task.Cron, settings.Agent.Zone).Schedule is { } schedule ? task.NextDue(schedule, now) : now;

    [LoggerMessage(Level = LogLevel.Information, Message = "Created task {Task} from settings")]
    private static partial void Created(ILogger log, string task);
}
