using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Plans;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>A task is run now: at once where it can only post, after a confirmation where it has operations, which then ask on cards of their own.</summary>
internal sealed class RunsByHand(ChatTables tables, Ticks ticks, PersonalLimits limits) : IConfirmed
{
    public bool Carries(ConfirmedChange change) => change == ConfirmedChange.TaskRun;

    public async Task<string?> Carry(ITransaction transaction, Confirmation asked)
    {
        await PersonalLimits.Hold(transaction, asked.By);
        var control = await tables.Plans.ShareControl(transaction);
        if (asked.Plan is not { } name || await tables.Tasks.Hold(transaction, name.ToLowerInvariant()) is not { } task || task.Revision != asked.ChangesVersion)
        {
            return "The task was changed after this card was made. Nothing was begun; please say it again.";
        }

        if (Obstacle(task, control) is { } obstacle)
        {
            return obstacle;
        }

        if (await limits.Reached(transaction, asked.By) is { } reached)
        {
            return reached;
        }

        return await ticks.RunNow(transaction, task, asked.By, asked.ConversationId) switch
        {
            null => "Somebody else changed the task a moment ago. Nothing was begun; please say it again.",
            { Incident: null } outcome => $"{outcome.What} Nothing was begun.",
            _ => null,
        };
    }

    public async Task<CardText> Now(ITransaction transaction, ScheduledTask task, Asker asker)
    {
        var named = CardText.Outside(task.Name, 64);
        return await ticks.RunNow(transaction, task, asker.By, asker.Where.Id) is { } outcome
            ? CardText.Of($"Ran task {named}{(outcome.Failed ? CardText.Of($", and it **failed**") : CardText.Empty)}. {CardText.Outside(outcome.What, 300)}")
            : CardText.Of($"Somebody else changed the task a moment ago. Nothing was changed; please look and say it again.");
    }

    /// <returns>Null when it may run.</returns>
    public static string? Obstacle(ScheduledTask task, Control control) =>
        control.Stopped ? "The emergency stop is on, so the task does not run."
        : task is { Enabled: false, HasOperations: true } ? $"Task {task.Name} is paused, so nothing that it proposes could be done. Resume it first."
        : null;
}
