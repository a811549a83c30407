using System.Globalization;
using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Chat;

internal sealed class NamesOfTasks(ITasks tasks) : INames
{
    public Thing Kind => Thing.Task;

    public async Task<IReadOnlyList<string>> All(ITransaction transaction) => [.. (await tasks.All(transaction)).Select(t => t.Name)];
}

/// <summary>Tasks, when they run next in the agent's time zone, and their modes with where these come from.</summary>
internal sealed class TasksShown(ChatTables tables, ITasks tasks, AgentSettings agent, TimeProvider clock) : IShow
{
    private const int MostTasks = 40;
    private const int NextTimes = 3;

    public bool Shows(Command command) => command is Command.AllTasks or Command.Describe { Kind: Thing.Task } or Command.ModeOf { Kind: Thing.Task };

    public Task<CardText> Show(Said said, CancellationToken cancellation) => tables.Ledger.Read(
        async t =>
        {
            var control = await tables.Plans.ReadControl(t);
            return said.Command is not Command.Named named ? All(await tasks.All(t), control)
                : await tasks.Find(t, named.Name.ToLowerInvariant()) is not { } task ? CardText.Of($"There is no task {CardText.Outside(named.Name, 64)} any more.")
                : named is Command.ModeOf ? CardText.Of($"Task {CardText.Outside(task.Name, 64)}: **{ModeOf(task, control).ToString()}**.")
                : await One(t, task, control);
        },
        cancellation);

    private CardText All(IReadOnlyList<ScheduledTask> all, Control control) => all.Count == 0
        ? CardText.Of($"There are no scheduled tasks.")
        : CardText.Join("\n", [.. all.Take(MostTasks).Select(t => Line(t, control)), all.Count > MostTasks ? CardText.Of($"- and {all.Count - MostTasks} more") : CardText.Empty]);

    private CardText Line(ScheduledTask task, Control control) => CardText.Of(
        $"- **{CardText.Outside(task.Name, 64)}** · {task.Does.ToString()} · {CardText.Outside(task.Cron, 200)} · {ModeOf(task, control).ToString()} · {State(task)}");

    private async Task<CardText> One(ITransaction transaction, ScheduledTask task, Control control)
    {
        var channel = task.Channel is { } id ? await tables.Conversations.Find(transaction, id) : null;
        var place = task.Channel is null ? CardText.Of($"the default channel") : channel is null ? CardText.Of($"a channel that the bot cannot reach, so the default channel") : PlanWords.Place(channel);
        var (schedule, problem) = Schedule.Read(task.Cron, agent.Zone);
        var times = task.DueAt is { } due && schedule is not null ? schedule.Next(due.AddTicks(-1), NextTimes).Where(n => !(n >= task.Until)).Take(task.RunLimit - task.Runs ?? NextTimes).ToList() : [];
        return CardText.Join("\n",
        [
            CardText.Of($"**{CardText.Outside(task.Name, 64)}**"),
            CardText.Of($"- **Does**: {What(task)}"),
            CardText.Of($"- **Schedule**: {CardText.Outside(task.Cron, 200)} ({agent.TimeZone})"),
            schedule is null ? CardText.Of($"- **Cannot be read**: {CardText.Outside(problem, 300)}") : CardText.Empty,
            CardText.Of($"- **Next**: {(times.Count == 0 ? State(task) : CardText.Of($"{string.Join(", ", times.Select(At))}"))}"),
            CardText.Of($"- **Run mode**: {ModeOf(task, control).ToString()}{(task.Does is Does.PendingReminder or Does.CostReport or Does.Insights ? CardText.Of($"; it changes nothing, in either mode") : CardText.Empty)}"),
            CardText.Of($"- **State**: {State(task)}"),
            CardText.Of($"- **Posts in**: {place}{(task.SameThread ? CardText.Of($", always in the same thread") : CardText.Empty)}"),
            CardText.Of($"- **Last run**: {(task.LastRun is { } last ? CardText.Of($"{At(last.At)}: {CardText.Outside(last.What, 300)}") : CardText.Of($"never"))}"),
            CardText.Of($"- **Runs**: {task.Runs}{(task.RunLimit is { } limit ? CardText.Of($" of {limit}") : CardText.Empty)}{(task.Until is { } until ? CardText.Of($", none from {At(until)} on") : CardText.Empty)}; failures in a row: {task.FailuresInARow}"),
            task.Instructions.Length == 0 ? CardText.Empty : CardText.Of($"- **Instructions**: {CardText.Outside(task.Instructions, 1500)}\n\nInstructions are shown and not interpreted until a model investigates."),
        ]);
    }

    private static CardText What(ScheduledTask task) => task.Does switch
    {
        Does.PendingReminder => CardText.Of($"PendingReminder: lists what waits for a decision; posts nothing when nothing waits"),
        Does.HealthCheck => CardText.Of($"HealthCheck of {CardText.Outside(task.Scope, 300)}: what is unhealthy, which alerts fire, what changed in 24 hours; what a runbook would mend is proposed"),
        Does.CostReport => CardText.Of($"CostReport of {CardText.Outside(task.Scope, 300)}: this period against the one before, and what made the difference"),
        Does.Insights => CardText.Of($"Insights: how the plans did in four weeks, and which mode that speaks for"),
        Does.Steps => CardText.Of($"Steps, one after the other, each through the gate: {CardText.Join("; ", task.Steps.Select((s, i) => CardText.Of($"{i + 1}. {CardText.Outside(s, 300)}")))}"),
        var other => CardText.Of($"{other.ToString()}, which this version does not run"),
    };

    private CardText State(ScheduledTask task) => task switch
    {
        { Enabled: false } => CardText.Of($"paused"),
        { Failed: true } => CardText.Of($"failed; an Administrator resumes it"),
        { DueAt: { } due } when due <= clock.GetUtcNow() => CardText.Of($"due now"),
        { DueAt: { } due } => CardText.Of($"next {At(due)}"),
        _ => CardText.Of($"ended"),
    };

    private string At(DateTimeOffset at) => TimeZoneInfo.ConvertTime(at, agent.Zone).ToString("ddd yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static EffectiveMode ModeOf(ScheduledTask task, Control control) => Gate.RunModes.Resolve(null, null, task.Mode, task.Name, control.DefaultMode);
}
