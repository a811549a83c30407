using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>Pausing, resuming, lowering and running a task by hand. Of these, <see cref="Command.Needs"/> has asked for the role already.</summary>
internal sealed class TaskChanges(ChatTables tables, Ticks ticks, Tightening tightening, AgentSettings agent, TimeProvider clock) : IChange
{
    private static readonly CardText Raced = CardText.Of($"Somebody else changed the task a moment ago. Nothing was changed; please look and say it again.");

    public bool Changes(Command command) => command is Command.Pause { Kind: Thing.Task } or Command.Resume { Kind: Thing.Task } or Command.RunTask or Command.SetMode { Kind: Thing.Task, Mode: RunMode.Review };

    public async Task<CardText?> Run(ITransaction transaction, Said said)
    {
        var name = ((Command.Named)said.Command).Name;
        // Control row, then task: as whoever runs it takes them.
        var control = await tables.Plans.ShareControl(transaction);
        if (await tables.Tasks.Hold(transaction, name.ToLowerInvariant()) is not { } task)
        {
            return CardText.Of($"The task {CardText.Outside(name, 64)} was deleted a moment ago. Nothing was changed.");
        }

        return said.Command switch
        {
            Command.Pause => await Pause(transaction, task, said.Asker),
            Command.Resume => await Resume(transaction, task, said.Asker),
            Command.SetMode => await ToReview(transaction, task, control, said.Asker),
            _ => await RunNow(transaction, task, control, said.Asker),
        };
    }

    private async Task<CardText> Pause(ITransaction transaction, ScheduledTask task, Asker asker)
    {
        if (!task.Enabled)
        {
            return CardText.Of($"Task {Named(task)} is paused already. Nothing was changed.");
        }

        if (!await tables.Tasks.Move(transaction, task, task with { Enabled = false, DueAt = null }))
        {
            return Raced;
        }

        await tightening.Gone(transaction, task, $"The task {task.Name} was paused.", Actor(asker));
        return await Done(transaction, task, asker, AuditKind.TaskChanged, "enabled", "paused", CardText.Of($"Task {Named(task)} is **paused**: it does not run until an Administrator resumes it, and what it had open is withdrawn."));
    }

    private async Task<CardText> Resume(ITransaction transaction, ScheduledTask task, Asker asker)
    {
        if (task is { Enabled: true, Failed: false })
        {
            return CardText.Of($"Task {Named(task)} is not paused. Nothing was changed.");
        }

        var (schedule, problem) = Schedule.Read(task.Cron, agent.Zone);
        if (schedule is null)
        {
            return CardText.Of($"Its schedule cannot be read: {CardText.Outside(problem, 300)} Nothing was changed.");
        }

        var after = task with { Enabled = true, Failed = false, FailuresInARow = 0 };
        if (after.NextDue(schedule, clock.GetUtcNow()) is not { } due)
        {
            return CardText.Of($"Task {Named(task)} has ended: its run limit or its last day is reached. Nothing was changed.");
        }

        return !await tables.Tasks.Move(transaction, task, after with { DueAt = due }) ? Raced
            : await Done(transaction, task, asker, AuditKind.TaskChanged, task.Enabled ? "failed" : "paused", "enabled", CardText.Of($"Task {Named(task)} is **resumed**. What it missed is not made up for; `task {Named(task)}` says when it runs next."));
    }

    private async Task<CardText> ToReview(ITransaction transaction, ScheduledTask task, Control control, Asker asker)
    {
        if (task.Mode == RunMode.Review)
        {
            return CardText.Of($"Task {Named(task)} is Review already. Nothing was changed.");
        }

        var before = Gate.RunModes.Resolve(null, null, task.Mode, task.Name, control.DefaultMode);
        var after = new EffectiveMode(RunMode.Review, ModeSource.Task, task.Name);
        return await tightening.ToReview(transaction, task, Actor(asker), $"in {asker.Where.Id}")
            ? CardText.Of($"Task {Named(task)}: {before.ToString()} → **{after.ToString()}**, in force now.")
            : Raced;
    }

    private async Task<CardText> RunNow(ITransaction transaction, ScheduledTask task, Control control, Asker asker)
    {
        if (control.Stopped)
        {
            return CardText.Of($"The emergency stop is on, so the task does not run. Nothing was changed.");
        }

        if (task is { Enabled: false } && task.Does != Does.PendingReminder)
        {
            return CardText.Of($"Task {Named(task)} is paused, so nothing that it proposes could be done. Resume it first. Nothing was changed.");
        }

        return await ticks.RunNow(transaction, task, asker.By, asker.Where.Id) is { } outcome
            ? CardText.Of($"Ran task {Named(task)}{(outcome.Failed ? CardText.Of($", and it **failed**") : CardText.Empty)}. {CardText.Outside(outcome.What, 300)}")
            : Raced;
    }

    private async Task<CardText> Done(ITransaction transaction, ScheduledTask task, Asker asker, AuditKind kind, string before, string after, CardText text)
    {
        await transaction.Append(AuditEntry.Of(clock.GetUtcNow(), kind, Actor(asker), task.Subject, before, after, $"in {asker.Where.Id}"));
        return text;
    }

    private static CardText Named(ScheduledTask task) => CardText.Outside(task.Name, 64);

    private static AuditActor Actor(Asker asker) => AuditActor.Person(asker.By.TenantId, asker.By.ObjectId, asker.By.Name);
}
