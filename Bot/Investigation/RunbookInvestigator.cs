using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>Picks the runbook by signal and resource type, from a closed list; without one it says so and proposes nothing.</summary>
internal sealed class RunbookInvestigator(IReadOnlyList<Runbook> runbooks, TimeProvider clock) : IInvestigator
{
    private const int LongestText = 160;

    public Task<Investigated> Investigate(Incident incident, ResponsePlan? plan, CancellationToken cancellation)
    {
        if (incident.Target is not { } target)
        {
            var why = incident.TargetProblem?.Plain(LongestText) ?? "it names none";
            return Nothing("no resource", $"the alert names no resource that can be investigated: {why}");
        }

        var fitting = runbooks.Where(runbook => runbook.Fits(incident, target)).ToList();
        if (fitting.Count == 0)
        {
            return Nothing(target.Name, incident.Platform == Platform.Chat ? $"there is no runbook for {Type(target)}" : $"there is no runbook for {Signal(incident)} alerts on {Type(target)}");
        }

        var allowed = plan is null or { Runbooks.Count: 0 }
            ? fitting
            : fitting.Where(runbook => plan.Runbooks.Contains(runbook.Name, StringComparer.OrdinalIgnoreCase)).ToList();
        return allowed.Count > 0
            ? allowed[0].Investigate(target, new([.. allowed.Where(runbook => runbook.Investigate == allowed[0].Investigate).Select(runbook => runbook.Name)], plan?.MaxInstances), cancellation)
            : Nothing(target.Name, $"plan '{plan!.Name}' allows none of the runbooks that fit ({string.Join(", ", fitting.Select(runbook => runbook.Name))})");
    }

    public IReadOnlyList<string> WouldLook(Incident incident, ResponsePlan? plan) => incident.Target is not { } target ? [] :
        [.. runbooks.Where(r => r.Fits(incident, target)).Select(r => r.Name).Where(name => plan is null or { Runbooks.Count: 0 } || plan.Runbooks.Contains(name, StringComparer.OrdinalIgnoreCase)).Take(1)];

    private Task<Investigated> Nothing(string subject, string words) => Task.FromResult(
        new Investigated(new Finding(Conclusion.NoRunbook, subject, words, words, [], Symptom: null, clock.GetUtcNow()), Remedy: null));

    private static string Signal(Incident incident) => incident.SignalType.Plain(40) is { Length: > 0 } signal ? signal : incident.Platform.ToString();

    private static string Type(ResourceId target) => target.ResourceType ?? (target.Group is null ? "a subscription" : "a resource group");
}
