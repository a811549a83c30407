using RunModes.Bot.Incidents;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>What the response plan leaves open, and nothing an alert says.</summary>
/// <param name="MaxInstances">Up to how many an App Service plan may be scaled out; null: not at all.</param>
internal sealed record Allowed(IReadOnlyList<string> Runbooks, int? MaxInstances)
{
    public bool Has(string runbook) => Runbooks.Contains(runbook, StringComparer.OrdinalIgnoreCase);
}

/// <summary>Looks at one resource. It sees the target and what the plan allows: nothing an alert says can reach it.</summary>
internal delegate Task<Investigated> Look(ResourceId target, Allowed allowed, CancellationToken cancellation);

/// <summary>One known situation. Those of one kind of resource share a <see cref="Look"/>: which of them it is follows from what Azure says, not from the alert.</summary>
/// <param name="Name">As a plan's <c>Runbooks</c> lists it.</param>
internal sealed record Runbook(string Name, Func<Incident, ResourceId, bool> Fits, Look Investigate);
