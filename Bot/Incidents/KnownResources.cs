using RunModes.Bot.Audit;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Incidents;

/// <summary>
/// Resources that a person may call by their name: those that plans name in full, and those that had incidents. The name only finds ids; which of
/// several it is, only a person says, with the id.
/// </summary>
internal sealed class KnownResources(IPlans plans, IIncidents incidents, TimeProvider clock)
{
    private const int Most = 20;
    private static readonly TimeSpan Remembered = TimeSpan.FromDays(90);

    /// <param name="name">The last segment, or "app/slot".</param>
    public async Task<IReadOnlyList<ResourceId>> Named(ITransaction transaction, string name)
    {
        var last = name[(name.LastIndexOf('/') + 1)..].ToLowerInvariant();
        if (last.Length == 0)
        {
            return [];
        }

        var ofPlans = (await plans.All(transaction)).Select(InFull).OfType<ResourceId>();
        var ofIncidents = await incidents.TargetsNamed(transaction, last, clock.GetUtcNow() - Remembered, Most);
        return [.. ofPlans.Concat(ofIncidents).Where(id => id.IsResource && (Same(id.Name, name) || Same(id.NameInFull, name))).Distinct().OrderBy(id => id.Key, StringComparer.Ordinal)];
    }

    /// <summary>A plan that names subscription, group, type and resource names one resource as surely as an id does.</summary>
    private static ResourceId? InFull(ResponsePlan plan)
    {
        var text = PlanFilter.IsFullId(plan.Resource) ? plan.Resource
            : plan is { SubscriptionId.Length: > 0, ResourceGroup.Length: > 0, ResourceType.Length: > 0, Resource.Length: > 0 }
                ? $"/subscriptions/{plan.SubscriptionId}/resourceGroups/{plan.ResourceGroup}/providers/{plan.ResourceType}/{plan.Resource}"
                : null;
        return ResourceId.TryParse(text, out var id, out _) ? id : null;
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
