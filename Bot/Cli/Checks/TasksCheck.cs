using RunModes.Bot.Execution;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Cli.Checks;

/// <summary>For each task that runs: whether the agent may read what it reports on, by reading it once, and do what its steps say.</summary>
internal sealed class TasksCheck(RunTables tables, StepRules rules, AgentReach agent, GroupHealthReader health, CostReader costs) : ICheck
{
    private const int CostDays = 7;

    public async IAsyncEnumerable<CheckLine> Look([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        foreach (var task in await tables.Ledger.Read(tables.Tasks.All, cancellation))
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
                Does.Steps => await Task.WhenAll(task.Steps.Distinct().Select(s => Step(about, s, cancellation)).OfType<Task<CheckLine>>()),
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

    /// <returns>Null: it does nothing to a resource of Azure.</returns>
    private Task<CheckLine>? Step(string about, string text, CancellationToken cancellation)
    {
        if (CommandStep.TryRead(text, rules, out var command, out var problem))
        {
            return command is { OnlyReads: false, Tool: CommandTool.Az }
                ? Reached($"{about}, az {command.Read.About}", command.Read.Target, (command.Read.Action, "POST"), command.Read.Command.Equivalent?.LeastRole ?? command.Read.Command.LeastRole, cancellation)
                : null;
        }

        return problem is not null ? Task.FromResult(CheckLine.Trouble(about, problem.TrimEnd('.'), "an Administrator edits the steps, or the settings let commands run there again (Commands)."))
            : TaskStep.TryRead(text, out var step, out _) ? Reached($"{about}, {step.Action.Short} {step.Target.NameInFull}", step.Target, (step.Action.Action, step.Action.Method), step.Action.LeastRole, cancellation)
            : null;
    }

    private async Task<CheckLine> Reached(string on, ResourceId target, (string Action, string Method) wanted, string leastRole, CancellationToken cancellation) =>
        await agent.Look(target, [wanted], cancellation) switch
        {
            { Unread: { } unread } => CheckLine.Trouble(on, $"its permissions could not be read: {unread}", agent.LetActorRead(target)),
            { Missing: { Count: > 0 } missing } => CheckLine.Trouble(on, $"the agent lacks {string.Join(", ", missing)}", agent.Grant(missing.Contains(wanted.Action) ? leastRole : "Monitoring Reader", target)),
            { MissingOfReader: { Count: > 0 } missing } => CheckLine.Trouble(on, $"the identity that investigates lacks {string.Join(", ", missing)}", agent.Grant("Monitoring Reader", target)),
            { Locks: { Count: > 0 } locks } => CheckLine.Note(on, $"the agent has what it needs, and a lock stands in the way: {string.Join(" ", locks)}"),
            _ => CheckLine.Good(on, "the agent reaches it and has what it needs"),
        };
}
