using RunModes.Bot.Audit;
using RunModes.Bot.Execution;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Cli.Checks;

/// <summary>For each task that runs: whether the agent may read what it reports on, by reading it once, and do what its steps say.</summary>
internal sealed class TasksCheck(ILedger ledger, ITasks tasks, AgentReach agent, GroupHealthReader health, CostReader costs) : ICheck
{
    private const int CostDays = 7;

    public async IAsyncEnumerable<CheckLine> Look([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var task in await ledger.Read(tasks.All, cancellation))
        {
            var about = $"task {task.Name}";
            if (!task.Enabled || task.Failed)
            {
                yield return CheckLine.Note(about, task.Failed ? "it failed too often in a row and is off" : "it is paused", "an Administrator writes 'resume' in Teams when it shall run again.");
                continue;
            }

            var looks = task.Does switch
            {
                Does.HealthCheck => [await Health(about, ResourceId.Parse(task.Scope), cancellation)],
                Does.CostReport => [await Costs(about, ResourceId.Parse(task.Scope), cancellation)],
                Does.Steps => await Task.WhenAll(task.Steps.Select(s => TaskStep.TryRead(s, out var step, out _) ? step : null).OfType<TaskStep>().Distinct().Select(s => Step(about, s, cancellation))),
                _ => Array.Empty<CheckLine>(),
            };
            foreach (var line in looks)
            {
                yield return line;
            }
        }
    }

    /// <summary>What it cannot read it would name as a gap, and never call the group healthy.</summary>
    private async Task<CheckLine> Health(string about, ResourceId group, CancellationToken cancellation)
    {
        var read = await health.Of(group, cancellation);
        return read.Gaps.Count == 0
            ? CheckLine.Good(about, $"the agent reads health, alerts and changes of {group.Name}")
            : CheckLine.Trouble(about, $"it would not know whether {group.Name} is well: {string.Join("; ", read.Gaps)}", $"{agent.Grant("Reader", group)}, and {agent.Grant("Monitoring Reader", group.Subscription)}");
    }

    private async Task<CheckLine> Costs(string about, ResourceId scope, CancellationToken cancellation) =>
        (await costs.Of(scope, CostDays, cancellation)).NotRead is not { } why
            ? CheckLine.Good(about, $"the agent reads the costs of {scope.Name}")
            : CheckLine.Trouble(about, why, agent.Grant("Cost Management Reader", scope));

    private async Task<CheckLine> Step(string about, TaskStep step, CancellationToken cancellation)
    {
        var on = $"{about}, {step.Action.Short} {step.Target.NameInFull}";
        return await agent.Look(step.Target, [(step.Action.Action, step.Action.Method)], cancellation) switch
        {
            { Unread: { } unread } => CheckLine.Trouble(on, $"its permissions could not be read: {unread}", agent.Grant("Reader", step.Target)),
            { Missing: { Count: > 0 } missing } => CheckLine.Trouble(on, $"the agent lacks {string.Join(", ", missing)}", agent.Grant(missing.Contains(step.Action.Action) ? step.Action.LeastRole : "Monitoring Reader", step.Target)),
            { Locks: { Count: > 0 } locks } => CheckLine.Note(on, $"the agent has what it needs, and a lock stands in the way: {string.Join(" ", locks)}"),
            _ => CheckLine.Good(on, "the agent reaches it and has what it needs"),
        };
    }
}
