using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>How the plans and the tasks did in the last four weeks, for whoever asks and for a weekly task. Reads only.</summary>
internal sealed class Insights(RunTables tables, TimeProvider clock)
{
    /// <summary>What is read at most: more would be a storm, in which the newest tell enough.</summary>
    private const int Most = 2_000;

    /// <param name="plan">Null: of all.</param>
    public async Task<CardText> Of(ITransaction transaction, string? plan)
    {
        var now = clock.GetUtcNow();
        var read = await tables.Proposals.Since(transaction, plan, now - PlanInsight.Window, Most);
        var facts = read.ToLookup(p => p.Proposal.Plan ?? p.Proposal.Task, Experience.Of, StringComparer.OrdinalIgnoreCase);
        var control = await tables.Plans.ReadControl(transaction);
        var known = (await tables.Plans.All(transaction)).Where(p => plan is null || p.Name.Equals(plan, StringComparison.OrdinalIgnoreCase)).ToList();
        List<PlanInsight> insights = [.. known.Select(p => PlanInsight.Of(p.Name, Gate.RunModes.Resolve(p.Mode, p.Name, null, null, control.DefaultMode), [.. facts[p.Name]], now)
            with { Caution = Recommendation.Against(p, RunMode.Autonomous) })];
        // Of tasks those that may propose something.
        var tasks = (await tables.Tasks.All(transaction)).Where(k => plan is null ? k.HasOperations : k.Name.Equals(plan, StringComparison.OrdinalIgnoreCase)).ToList();
        insights.AddRange(tasks.Select(k => PlanInsight.Of(k.Name, new Mandate(null, k).ModeUnder(control), [.. facts[k.Name]], now) with { Caution = Recommendation.Against(k, RunMode.Autonomous) }));
        // What is gone, and what people asked for: shown, and nothing is advised.
        insights.AddRange(facts.Where(f => !insights.Exists(i => i.Plan?.Equals(f.Key, StringComparison.OrdinalIgnoreCase) == true)).ToList().Select(f => PlanInsight.Of(f.Key, null, [.. f], now)));
        return InsightsText.Of(insights, now, read.Count == Most ? Most : null);
    }
}
