using RunModes.Bot.Audit;
using RunModes.Bot.Execution;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Cli.Checks;

/// <summary>For each plan: the resources that it names, or that its incidents named, whether the agent reaches them, and what it may not do there.</summary>
internal sealed class AzureCheck(RunTables tables, AgentReach agent) : ICheck
{
    private const int MostIncidents = 500;
    private const int MostOfPlan = 10;

    public async IAsyncEnumerable<CheckLine> Look([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var (plans, incidents) = await tables.Ledger.Read(async t => (await tables.Plans.All(t), await tables.Incidents.List(t, MostIncidents)), cancellation);
        if (plans.Count == 0)
        {
            yield return CheckLine.Note("plans", "there are none, so no alert is acted on", "add one under ResponsePlans, or write 'create plan' in Teams.");
        }

        foreach (var plan in plans)
        {
            var targets = Targets(plan, incidents);
            if (targets.Count == 0)
            {
                yield return CheckLine.Note($"plan {plan.Name}", "it names no resource by its id and has had no incident yet, so nothing could be looked at", "set its Resource to a full id, or run this again after its first alert.");
            }

            foreach (var target in targets)
            {
                yield return Judge(plan, target, await agent.Look(target, Needed(plan, target), cancellation));
            }
        }
    }

    private CheckLine Judge(ResponsePlan plan, ResourceId target, Reach reach)
    {
        var about = $"plan {plan.Name} on {target.NameInFull}";
        if (reach.Unread is { } unread)
        {
            return CheckLine.Trouble(about, $"its permissions could not be read: {unread}", agent.LetActorRead(target));
        }

        if (reach.Missing.Count > 0)
        {
            var role = ArmAction.All.FirstOrDefault(a => reach.Missing.Contains(a.Action))?.LeastRole ?? "Monitoring Reader";
            return CheckLine.Trouble(about, $"the agent lacks {string.Join(", ", reach.Missing)}", agent.Grant(role, target));
        }

        if (reach.MissingOfReader.Count > 0)
        {
            return CheckLine.Trouble(about, $"the identity that investigates lacks {string.Join(", ", reach.MissingOfReader)}", agent.Grant("Monitoring Reader", target));
        }

        return reach.Locks.Count > 0
            ? CheckLine.Note(about, $"the agent has what it needs, and a lock stands in the way: {string.Join(" ", reach.Locks)}")
            : CheckLine.Good(about, "the agent reaches it and has what it needs");
    }

    /// <summary>What the runbooks that the plan allows may come to; an undo needs what it takes back as well.</summary>
    private static List<(string Action, string Method)> Needed(ResponsePlan plan, ResourceId target) =>
        [.. ArmAction.All.Where(a => target.IsOfType(a.ResourceType) && !a.OnlyUndoes && (a.Takes != typeof(OperationParameters.Scale) || plan.MaxInstances is not null)).Select(a => (a.Action, a.Method))];

    private static List<ResourceId> Targets(ResponsePlan plan, IReadOnlyList<Incident> incidents)
    {
        var named = ResourceId.TryParse(plan.Resource, out var full, out _) && full.IsResource ? full : null;
        return [.. incidents.Where(i => string.Equals(i.Plan, plan.Name, StringComparison.OrdinalIgnoreCase)).Select(i => i.Target).Prepend(named).OfType<ResourceId>().DistinctBy(t => t.Key).Take(MostOfPlan)];
    }
}
