using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Chat;

/// <summary>The commands that change a task in one word, each of which says what the task shall be; and running it by hand, which changes nothing of it.</summary>
internal sealed class TaskChanges(ChatTables tables, TaskEdits edits, TaskQuestions questions, RunsByHand byHand) : IChange
{
    public bool Changes(Command command) => command is Command.Pause { Kind: Thing.Task } or Command.Resume { Kind: Thing.Task } or Command.RunTask or Command.SetMode { Kind: Thing.Task }
        or Command.Delete { Kind: Thing.Task };

    public async Task<CardText?> Run(ITransaction transaction, Said said)
    {
        var name = ((Command.Named)said.Command).Name;
        // Control row, then task: as whoever runs it takes them.
        var control = await tables.Plans.ShareControl(transaction);
        if (await tables.Tasks.Hold(transaction, name.ToLowerInvariant()) is not { } task)
        {
            return CardText.Of($"The task {CardText.Outside(name, 64)} was deleted a moment ago. Nothing was changed.");
        }

        if (said.Command is Command.RunTask)
        {
            return await RunNow(transaction, task, control, said.Asker);
        }

        var (after, already) = said.Command switch
        {
            Command.SetMode set => (task with { Mode = set.Mode }, CardText.Of($"is {set.Mode.ToString()} already")),
            Command.Pause => (task with { Enabled = false }, CardText.Of($"is paused already")),
            Command.Resume => (task with { Enabled = true, Failed = false }, CardText.Of($"is not paused")),
            _ => (null, CardText.Empty),
        };
        var answer = await edits.Take(transaction, new TaskEdit(task, after), said.Asker);
        return answer.Outcome switch
        {
            // The card says it all.
            EditOutcome.Asked => null,
            EditOutcome.Unchanged => CardText.Of($"Task {CardText.Outside(task.Name, 64)} {already}. Nothing was changed."),
            _ => answer.Text,
        };
    }

    private async Task<CardText?> RunNow(ITransaction transaction, ScheduledTask task, Control control, Asker asker)
    {
        if (RunsByHand.Obstacle(task, control) is { } obstacle)
        {
            return CardText.Of($"{obstacle} Nothing was changed.");
        }

        if (!task.HasOperations)
        {
            return await byHand.Now(transaction, task, asker);
        }

        await questions.AskRun(transaction, task, control, asker);
        return null;
    }
}
