using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>
/// Holds a plan against the incidents of the last 90 days: which it would take today, in which mode and why, and what was proposed then. Reads
/// the store and nothing else; Azure is as it is now, so nothing is measured and nothing is started.
/// </summary>
internal sealed class PlanTrial(RunTables tables, IInvestigator investigator, TimeProvider clock) : IShow
{
    public static readonly TimeSpan Window = TimeSpan.FromDays(90);
    private const int MostIncidents = 500;
    private const int MostShown = 12;

    private sealed record Case(Incident Incident, PlanMatch Match, bool Fits);

    public bool Shows(Command command) => command is Command.TestPlan;

    public Task<CardText> Show(Said said, CancellationToken cancellation) => tables.Ledger.Read(
        async t =>
        {
            var name = ((Command.TestPlan)said.Command).Plan;
            if (await tables.Plans.Find(t, name.ToLowerInvariant()) is not { } plan)
            {
                return CardText.Of($"There is no plan {CardText.Outside(name, 64)} any more.");
            }

            var since = clock.GetUtcNow() - Window;
            var newest = await tables.Incidents.List(t, MostIncidents);
            var incidents = newest.Where(i => i.LastFiredAt >= since && i.Firings > 0).ToList();
            if (incidents.Count == 0)
            {
                return CardText.Of($"No incident is stored of the last {(int)Window.TotalDays} days, so there is nothing to hold plan {CardText.Outside(plan.Name, 64)} against.");
            }

            // Whoever is about to resume a plan wants to know what it would take then.
            var running = plan with { Enabled = true };
            var (plans, agentDefault) = ((await tables.Plans.All(t)).Select(p => p.Key == plan.Key ? running : p).ToList(), (await tables.Plans.ReadControl(t)).DefaultMode);
            var cases = incidents.Select(i => new Case(i, PlanRouter.Match(Routed.Of(i), plans, agentDefault), PlanFilter.Misses(running, Routed.Of(i)).Count == 0)).ToList();
            return await Told(t, plan, cases, newest.Count == MostIncidents);
        },
        cancellation);

    private async Task<CardText> Told(ITransaction transaction, ResponsePlan plan, List<Case> cases, bool more)
    {
        var takes = cases.Where(c => c.Match.Plan?.Key == plan.Key).ToList();
        var loses = cases.Where(c => c.Fits && c.Match.Plan?.Key != plan.Key).ToList();
        var autonomous = takes.Count(c => c.Match.Mode.Mode == RunMode.Autonomous);
        var all = more ? CardText.Of($"the newest {cases.Count}") : CardText.Of($"{cases.Count}");
        List<CardText> lines =
        [
            CardText.Of($"**Plan {CardText.Outside(plan.Name, 64)} against {all} incidents of the last {(int)Window.TotalDays} days**. Nothing was changed or started."),
            plan.Enabled ? CardText.Empty : CardText.Of($"- It is **paused**: this is what it would take once it is resumed."),
            CardText.Of($"- It would take **{takes.Count}**: {autonomous} Autonomous, {takes.Count - autonomous} Review."),
            loses.Count == 0 ? CardText.Empty : CardText.Of($"- {loses.Count} more fit its filter and go to another plan: {CardText.Join(", ", loses.GroupBy(c => c.Match.Plan!.Name).Take(4).Select(g => CardText.Of($"{CardText.Outside(g.Key, 64)} ({g.Count()})")))}."),
            takes.Count == 0 ? CardText.Of($"- {CardText.Outside(cases[0].Match.Why, 300)}") : CardText.Empty,
        ];
        foreach (var taken in takes.Take(MostShown))
        {
            lines.Add(await Line(transaction, plan, taken));
        }

        return CardText.Join("\n", [.. lines.Where(l => !l.IsEmpty), takes.Count > MostShown ? CardText.Of($"- and {takes.Count - MostShown} more") : CardText.Empty]);
    }

    private async Task<CardText> Line(ITransaction transaction, ResponsePlan plan, Case taken)
    {
        var (incident, mode) = (taken.Incident, taken.Match.Mode);
        var why = taken.Match.ModeWhy is { } stricter ? CardText.Of($" ({stricter})") : CardText.Empty;
        var severity = incident.Severity.Length > 0 ? CardText.Of($" {CardText.Outside(incident.Severity, 20)}") : CardText.Empty;
        return CardText.Of($"- {PlanWords.At(incident.LastFiredAt)}{severity} · {CardText.Outside(incident.Title, 120)} on {CardText.Outside(incident.Target?.Name ?? "no resource", 80)}: **{mode.ToString()}**{why}. {await Then(transaction, plan, incident)}");
    }

    /// <summary>What is on record, else who would look; never a guess at what a measurement of that day would have said.</summary>
    private async Task<CardText> Then(ITransaction transaction, ResponsePlan plan, Incident incident)
    {
        if ((await tables.Proposals.OfIncident(transaction, incident.Id)).LastOrDefault() is { } gated)
        {
            return CardText.Of($"Then proposed: {CardText.Outside(gated.Proposal.Operation.Title, 200)} ({gated.Status.ToString()}).");
        }

        if ((await tables.Runs.OfIncident(transaction, incident.Id)).LastOrDefault()?.Finding is { } finding)
        {
            return CardText.Of($"Then nothing was proposed: {CardText.Outside(finding.Present, 200)}.");
        }

        return investigator.WouldLook(incident, plan) is [var runbook, ..]
            ? CardText.Of($"It was not investigated then; runbook {runbook} would look.")
            : CardText.Of($"It was not investigated then, and no runbook of this plan fits it: nothing would be proposed.");
    }
}
