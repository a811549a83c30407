using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>The deployment that a site or a slot serves.</summary>
/// <param name="Id">An ARM resource of its own, which moves with the content when slots are swapped.</param>
internal sealed record ActiveDeployment(string Id, DateTimeOffset? Ended)
{
    /// <summary>As a precondition: it is still what is served there.</summary>
    public Precondition? On(string label, ResourceId site) => ResourceId.TryParse($"{site}/deployments/{Id}", out var deployment, out _)
        ? new(label, deployment, AppServiceSignals.WebVersion, "properties.active", "true")
        : null;
}

/// <summary>Azure's record of the last swap that touched production.</summary>
/// <param name="Stamp">As Azure wrote it.</param>
internal sealed record LastSwap(string Slot, DateTimeOffset At, string Stamp)
{
    private const string Production = "production";

    /// <returns>Null: none is recorded, or not one with production.</returns>
    public static LastSwap? Of(JsonElement site)
    {
        var status = site.Child("properties", "slotSwapStatus");
        if (status.Text("sourceSlotName") is not { } source || status.Text("destinationSlotName") is not { } destination
            || status.Text("timestampUtc") is not { } stamp || status.Time("timestampUtc") is not { } at)
        {
            return null;
        }

        return Is(destination) && !Is(source) ? new(source, at, stamp) : Is(source) && !Is(destination) ? new(destination, at, stamp) : null;
    }

    private static bool Is(string slot) => slot.Equals(Production, StringComparison.OrdinalIgnoreCase);
}

/// <summary>Reads which deployment a site or a slot serves.</summary>
internal sealed class DeploymentReader(ArmReader arm)
{
    public async Task<Reading<ActiveDeployment>> Active(ResourceId site, CancellationToken cancellation)
    {
        var answer = await arm.GetAll(site, "/deployments", AppServiceSignals.WebVersion, [], cancellation);
        return answer.Match<Reading<ActiveDeployment>>(
            list => list.EnumerateArray().Where(item => item.Child("properties", "active").ValueKind == JsonValueKind.True).ToList() is [var active] && active.Text("id") is { } id
                ? new Reading<ActiveDeployment>.Told(new(id[(id.LastIndexOf('/') + 1)..], active.Time("properties", "end_time")))
                : new Reading<ActiveDeployment>.NotRead($"Azure records no deployment as the one that '{site.NameInFull}' serves"),
            (_, _) => new Reading<ActiveDeployment>.NotRead($"'{site.NameInFull}' does not exist or is hidden from the agent"),
            (_, _) => new Reading<ActiveDeployment>.NotRead($"the agent may not read the deployments of '{site.NameInFull}'; grant it Reader there"),
            reason => new Reading<ActiveDeployment>.NotRead($"the deployments of '{site.NameInFull}' could not be read: {reason.TrimEnd('.')}"));
    }
}
