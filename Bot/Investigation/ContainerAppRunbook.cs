using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>One revision as Azure describes it.</summary>
/// <param name="Health">"Healthy", "Unhealthy" or "None"; null: Azure does not say.</param>
internal sealed record AppRevision(string Name, bool Active, DateTimeOffset? Created, string? Health, string Running, int Weight)
{
    public bool IsHealthy => Is("Healthy");

    public bool IsUnhealthy => Is("Unhealthy");

    private bool Is(string word) => string.Equals(Health, word, StringComparison.OrdinalIgnoreCase);
}

/// <summary>All that was asked about one container app.</summary>
/// <param name="Shares">Where its traffic goes; null: it takes no requests from outside, or its traffic is told apart by labels.</param>
internal sealed record ContainerAppReadings(
    ResourceId Id, string Location, string Mode, string Running, string Provisioning, string Latest, IReadOnlyList<TrafficShare>? Shares, IReadOnlyList<AppRevision> Revisions,
    Reading<IReadOnlyList<Change>> Changes, DateTimeOffset At);

/// <summary>The latest revision of a container app is unhealthy and gets requests: they go back to the newest earlier one that is healthy.</summary>
internal sealed class ContainerAppRunbook(ArmReader arm, ChangeHistory history, AzureContext agent, TimeProvider clock)
{
    public const string Name = "container-app-revision";
    public const string AppType = "Microsoft.App/containerApps";
    public const string ApiVersion = "2024-03-01";
    private static readonly TimeSpan LookBack = TimeSpan.FromDays(14);

    public Runbook Runbook => new(Name, Fits, Investigate);

    private static bool Fits(Incident incident, ResourceId target) => target.IsOfType(AppType)
        && (incident.Platform != Platform.AzureMonitor || incident.SignalType.Equals("Metric", StringComparison.OrdinalIgnoreCase));

    private async Task<Investigated> Investigate(ResourceId target, Allowed allowed, CancellationToken cancellation)
    {
        var app = arm.Get(target, "", ApiVersion, [], cancellation);
        var revisions = arm.GetAll(target, "/revisions", ApiVersion, [], cancellation);
        return await (await app).Match(
            async body => await (await revisions).Match(
                list => About(target, body, list, cancellation),
                (_, _) => Ended(Conclusion.CouldNotTell, target, $"the revisions of {target.Name} do not exist or are hidden from the agent"),
                (_, _) => Ended(Conclusion.CouldNotTell, target, $"the agent may not read the revisions of {target.Name}; grant it Reader on it, or on its resource group"),
                reason => Ended(Conclusion.CouldNotTell, target, $"the revisions of {target.Name} could not be read: {reason.TrimEnd('.')}")),
            (_, _) => Ended(Conclusion.Gone, target, $"{target.Name} does not exist or is hidden from the agent"),
            (_, _) => Ended(Conclusion.CouldNotTell, target, $"the agent may not read {target.Name}; grant it Reader on it, or on its resource group"),
            reason => Ended(Conclusion.CouldNotTell, target, $"{target.Name} could not be looked at: {reason.TrimEnd('.')}"));
    }

    private async Task<Investigated> About(ResourceId target, JsonElement body, JsonElement list, CancellationToken cancellation)
    {
        var properties = body.Child("properties");
        if (!ResourceId.TryParse(body.Text("id"), out var id, out _) || !id.Equals(target) || body.Text("location") is not { } location
            || properties.Text("configuration", "activeRevisionsMode") is not { } mode || properties.Text("latestRevisionName") is not { } latest)
        {
            return await Ended(Conclusion.CouldNotTell, target, $"Azure's answer about {target.Name} could not be understood");
        }

        var now = clock.GetUtcNow();
        var changes = await history.Of(id, now - LookBack, now, cancellation);
        var read = new ContainerAppReadings(
            id, location, mode, properties.Text("runningStatus") ?? "Running", properties.Text("provisioningState") ?? "", latest, Shares(properties.Child("configuration", "ingress")),
            [.. list.EnumerateArray().Select(Revision).OfType<AppRevision>()], changes, now);
        return ContainerAppJudgement.Of(read, agent);
    }

    private static AppRevision? Revision(JsonElement item) => item.Text("name") is { } name
        ? new(name, item.Child("properties", "active").ValueKind == JsonValueKind.True, item.Time("properties", "createdTime"), item.Text("properties", "healthState"),
            item.Text("properties", "runningState")?.Plain(30) ?? "not told", (int)(item.Number("properties", "trafficWeight") ?? 0))
        : null;

    /// <returns>Null where the whole cannot be written again as it is.</returns>
    private static List<TrafficShare>? Shares(JsonElement ingress)
    {
        List<TrafficShare> shares = [];
        foreach (var item in ingress.Items("traffic"))
        {
            var latest = item.Child("latestRevision").ValueKind == JsonValueKind.True;
            if (item.Text("label") is not null || item.Number("weight") is not { } weight || (!latest && item.Text("revisionName") is null))
            {
                return null;
            }

            shares.Add(new(latest ? null : item.Text("revisionName"), (int)weight));
        }

        return shares.Count == 0 ? null : shares;
    }

    private Task<Investigated> Ended(Conclusion conclusion, ResourceId target, string words) => Task.FromResult(
        new Investigated(new Finding(conclusion, target.Name, words, words, [], Symptom: null, clock.GetUtcNow()), Remedy: null));
}
