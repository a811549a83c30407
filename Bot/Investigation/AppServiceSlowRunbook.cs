using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>
/// "Running slowly / high memory" on App Service. Memory of the plan decides; a restart is offered only when memory is high now,
/// Azure itself is well, and nothing was changed so recently that a restart would hide the cause.
/// </summary>
internal sealed class AppServiceSlowRunbook(AppServiceSignals signals, AzureContext agent, TimeProvider clock)
{
    public const string SiteType = "Microsoft.Web/sites";
    public const string SlotType = "Microsoft.Web/sites/slots";
    public const string MemoryMetric = "MemoryPercentage";

    /// <summary>A second is where people lose their train of thought; an average over a minute hides much longer waits.</summary>
    public const double SlowSeconds = 1;

    /// <summary>New code or settings show what is wrong with them within minutes of their first traffic.</summary>
    public static readonly TimeSpan RecentChange = TimeSpan.FromMinutes(15);

    public Runbook Runbook => new("app-service-slow", Fits, Investigate);

    private static bool Fits(Incident incident, ResourceId target) =>
        (target.IsOfType(SiteType) || target.IsOfType(SlotType))
        && (incident.Platform != Platform.AzureMonitor || incident.SignalType.Equals("Metric", StringComparison.OrdinalIgnoreCase));

    private async Task<Investigated> Investigate(ResourceId target, CancellationToken cancellation)
    {
        var answer = await signals.Site(target, cancellation);
        return await answer.Match(
            body => About(body, target, cancellation),
            (_, _) => Ended(Conclusion.Gone, target, $"{target.Name} does not exist or is hidden from the agent"),
            (_, _) => Ended(Conclusion.CouldNotTell, target, $"the agent may not read {target.Name}; grant it Reader on it, or on its resource group"),
            reason => Ended(Conclusion.CouldNotTell, target, $"{target.Name} could not be looked at: {reason.TrimEnd('.')}"));
    }

    private async Task<Investigated> About(JsonElement body, ResourceId target, CancellationToken cancellation)
    {
        if (AppServiceSignals.Parse(body, target) is not { } site)
        {
            return await Ended(Conclusion.CouldNotTell, target, $"Azure's answer about {target.Name} could not be understood");
        }

        if (Other(site.Kind) is { } other)
        {
            return await Ended(Conclusion.NoRunbook, target, $"there is no runbook for {other}s, and {site.Name} is one");
        }

        var readings = await signals.About(site, clock.GetUtcNow(), cancellation);
        var memory = (readings.Memory as MetricReading.Samples) is { } samples ? new MemoryHistory(samples.Points, readings.At) : null;
        var judgement = AppServiceJudgement.Of(readings, memory);
        var isHigh = memory?.State == MemoryState.High;
        var evidence = AppServiceEvidence.Of(readings, memory);
        var proposable = judgement.Conclusion == Conclusion.Sick && target.IsOfType(SiteType);
        if (judgement.Conclusion == Conclusion.Sick && !proposable)
        {
            evidence = [.. evidence, new Evidence("Not proposed", "restarting a deployment slot is not among the operations this agent knows")];
        }

        if (judgement.Gap is { } gap)
        {
            evidence = [new Evidence("Not known", gap), .. evidence];
        }

        var finding = new Finding(
            judgement.Conclusion,
            site.Name,
            judgement.Present,
            judgement.Past,
            evidence,
            isHigh ? new Measurement(MemoryMetric, memory!.Latest.Value, "%", memory.Latest.Start) : null,
            readings.At,
            judgement.Gap);
        return new Investigated(finding, proposable ? Restart(site, body, readings.Plan) : null);
    }

    /// <summary>A restart helps the app that was looked at: other code, another size, or stopped by hand, and somebody has to look again.</summary>
    private static List<Precondition> SeenOn(AppServiceSite site, JsonElement body, Reading<PlanSize> plan)
    {
        List<Precondition?> seen = [.. new[] { ("state of the app", "properties.state"), ("last change of the app", "properties.lastModifiedTimeUtc"), ("plan of the app", "properties.serverFarmId") }
            .Select(s => PreconditionProbe.Seen(s.Item1, site.Id, AppServiceSignals.WebVersion, s.Item2, body))];
        if (plan is Reading<PlanSize>.Told { Value.Body: var size })
        {
            seen.Add(PreconditionProbe.Seen("plan size", site.Plan, AppServiceSignals.WebVersion, "sku.name", size));
            seen.Add(PreconditionProbe.Seen("instances of the plan", site.Plan, AppServiceSignals.WebVersion, "sku.capacity", size));
        }

        return [.. seen.OfType<Precondition>()];
    }

    private Remedy Restart(AppServiceSite site, JsonElement body, Reading<PlanSize> plan) => new(
        Operation.ArmCall.Of(ArmAction.RestartWebApp, site.Id, agent) with { DependsOn = SeenOn(site, body, plan) },
        Provenance.Runbook,
        new RecoverySignal(site.Plan, MemoryMetric, "Average", "Memory usage", "%", MemoryHistory.NormalBelow));

    private Task<Investigated> Ended(Conclusion conclusion, ResourceId target, string words) => Task.FromResult(
        new Investigated(new Finding(conclusion, target.Name, words, words, [], Symptom: null, clock.GetUtcNow()), Remedy: null));

    /// <summary>Sites that are no web apps: they scale, start and fail by other rules.</summary>
    private static string? Other(string kind) =>
        kind.Contains("workflowapp", StringComparison.OrdinalIgnoreCase) ? "logic app"
        : kind.Contains("functionapp", StringComparison.OrdinalIgnoreCase) ? "function app"
        : null;
}
