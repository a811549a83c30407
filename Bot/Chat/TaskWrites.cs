using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>Writes an edit of a task that was judged and, where it had to be, confirmed: the guarded write, its audit lines, what becomes of work under way, and the word in the channel that falls silent.</summary>
internal sealed class TaskWrites(ChatTables tables, Tightening tightening, Names names, Replies replies, AgentSettings agent) : IConfirmed
{
    public bool Carries(ConfirmedChange change) => change is ConfirmedChange.TaskEdit;

    public async Task<string?> Carry(ITransaction transaction, Confirmation asked)
    {
        var control = await tables.Plans.ShareControl(transaction);
        if (asked.TaskEdit is not { } edit)
        {
            return "This version does not do that. Nothing was changed.";
        }

        var stored = edit.Before is { } before ? await tables.Tasks.Hold(transaction, before.Key) : null;
        if (TaskQuestions.Then(edit, control) != asked.Text.After)
        {
            return "The agent's default was changed after this card was made, and the task follows it. Nothing was changed now; please say it again.";
        }

        if (edit is { Before: null, After: { } created })
        {
            // Whoever makes a plan or a task of this name waits, so that there is one thing of it at most.
            await transaction.Lock(Names.LockOf(created.Name));
            if (await names.Taken(transaction, created.Name) is { } taken)
            {
                return $"{taken.Markdown} Nothing was changed.";
            }
        }

        return stored?.Revision == edit.Before?.Revision && await Apply(transaction, edit with { Before = stored }, asked.By, asked.ConversationId, asked.Subject)
            ? null
            : $"What this card is about was changed after it was asked. {Meanwhile(edit.Before, stored)} Nothing was changed now; please say it again.";
    }

    /// <param name="edit">Before as it is held.</param>
    /// <param name="said">What it was confirmed by, or null when it needed no confirmation.</param>
    /// <returns>False when somebody else was first; then nothing was written.</returns>
    public async Task<bool> Apply(ITransaction transaction, TaskEdit edit, Who by, string where, string? said)
    {
        var now = replies.Now;
        var control = await tables.Plans.ReadControl(transaction);
        if (!await Write(transaction, edit, new(by, now)))
        {
            return false;
        }

        await Record(transaction, edit, control, by, $"in {where}{(said is null ? "" : $"; {said}")}");
        await Announce(transaction, edit, control, by, where);
        if (edit.Before is { } before)
        {
            await UnderWay(transaction, before, edit.After, control, by);
        }

        return true;
    }

    /// <summary>What somebody else did while this one was thinking: the second sees the first's change.</summary>
    public static string Meanwhile(ScheduledTask? seen, ScheduledTask? stored)
    {
        var who = stored?.Edited is { } edited ? $"{edited.By.Name} changed it at {PlanWords.At(edited.At)}" : "Somebody changed it";
        return (seen, stored) switch
        {
            (null, null) => "Somebody was faster.",
            (_, null) => "It was deleted.",
            (null, _) => $"There is a task {stored.Name} now.",
            _ when TaskFields.Differences(seen, stored) is { Count: > 0 } differences => $"{who}: {string.Join("; ", differences)}.",
            _ => $"{who}.",
        };
    }

    private async Task<bool> Write(ITransaction transaction, TaskEdit edit, PlanEditor editor)
    {
        if (edit.After is not { } after)
        {
            return edit.Before is { } deleted && await tables.Tasks.Delete(transaction, deleted);
        }

        var (schedule, problem) = Schedule.Read(after.Cron, agent.Zone);
        // What only tightens is written whatever its schedule says.
        var written = schedule is null ? edit.Before is null ? throw new InvalidOperationException(problem) : after with { Revision = edit.Before.Revision + 1, DueAt = after.Enabled ? edit.Before.DueAt : null }
            : edit.On(edit.Before, schedule, replies.Now)!;
        written = written with { Edited = editor };
        return edit.Before is { } before ? await tables.Tasks.Move(transaction, before, written) : await tables.Tasks.Create(transaction, written);
    }

    private Task Record(ITransaction transaction, TaskEdit edit, Control control, Who by, string origin)
    {
        var differences = edit is { Before: not null, After: not null } ? TaskFields.Differences(edit.Before, edit.After) : [];
        return new EditAudit((edit.After ?? edit.Before)!.Subject, AuditKind.TaskChanged, State(edit.Before), State(edit.After), differences).Record(transaction, replies.Now, Actor(by), origin);

        AuditedState? State(ScheduledTask? task) => task is null ? null : new(task.Mode, TaskQuestions.ModeOf(task, control).ToString(), task.Channel, All(task));
    }

    /// <summary>Said where it is missed.</summary>
    private async Task Announce(ITransaction transaction, TaskEdit edit, Control control, Who by, string where)
    {
        if (edit is not { Before: { } before, After: { } after } || before.Channel == after.Channel
            || await Place(transaction, before, control) is not { } old || old.Id == where || await Place(transaction, after, control) is not { } now || now.Id == old.Id)
        {
            return;
        }

        await replies.Say(transaction, old, null, CardText.Of($"{CardText.Outside(by.Name, 80)} moved what task {CardText.Outside(before.Name, 64)} posts from here to {PlanWords.Place(now)}."));
    }

    private async Task<Conversation?> Place(ITransaction transaction, ScheduledTask task, Control control) => (task.Channel ?? control.DefaultChannel) is { } id
        ? await tables.Conversations.Find(transaction, id)
        : await tables.Conversations.FirstTeam(transaction);

    /// <summary>What the task had approved or cleared was judged by what it said before.</summary>
    private async Task UnderWay(ITransaction transaction, ScheduledTask before, ScheduledTask? after, Control control, Who by)
    {
        if (after is { Mode: RunMode.Autonomous } && before.Mode != RunMode.Autonomous)
        {
            await tightening.Raised(transaction, after);
        }

        if (after is null || (before.Enabled && !after.Enabled))
        {
            await tightening.Gone(transaction, before, $"The task {before.Name} was {(after is null ? "deleted" : "paused")} by {by.Name}.", Actor(by));
        }
        else if (before.Mode != after.Mode && TaskQuestions.ModeOf(after, control).Mode == RunMode.Review)
        {
            await tightening.Lowered(transaction, TaskQuestions.ModeOf(after, control), after, Actor(by));
        }
        else if (Authority.OfTask(new(before, after with { Mode = before.Mode, Channel = before.Channel })) != Change.None)
        {
            await tightening.Edited(transaction, after, $"The task {before.Name} was edited by {by.Name} before it started.", Actor(by));
        }
    }

    private static string All(ScheduledTask task) => string.Join("; ", TaskFields.Differences(null, task).Select(d => $"{d.Field}: {d.After}"));

    private static AuditActor Actor(Who by) => AuditActor.Person(by.TenantId, by.ObjectId, by.Name);
}
