using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>
/// "Running slowly / high memory" on App Service. Memory of the plan decides; a restart is offered only when memory is high now,
/// Azure itself is well, and nothing was changed so recently that a restart would hide the cause.
/// </summary>
internal static class AppServiceSlowRunbook
{
    public const string Name = "app-service-slow";
    public const string SiteType = "Microsoft.Web/sites";
    public const string SlotType = "Microsoft.Web/sites/slots";
    public const string MemoryMetric = "MemoryPercentage";

    /// <summary>A second is where people lose their train of thought; an average over a minute hides much longer waits.</summary>
    public const double SlowSeconds = 1;

    /// <summary>New code or settings show what is wrong with them within minutes of their first traffic.</summary>
    public static readonly TimeSpan RecentChange = TimeSpan.FromMinutes(15);

    public static Investigated Judge(AppServiceReadings read, JsonElement body, Allowed allowed, AzureContext agent)
    {
        var site = read.Site;
        var memory = read.Memory is MetricReading.Samples samples ? new PercentHistory(samples.Points, read.At) : null;
        var judgement = AppServiceJudgement.Of(read, memory);
        var sick = judgement.Conclusion == Conclusion.Sick;
        var unproposed = !sick ? null
            : !site.Id.IsOfType(SiteType) ? "restarting a deployment slot is not among the operations this agent knows"
            : !allowed.Has(Name) ? $"the plan does not allow the runbook {Name}"
            : null;
        List<Evidence> evidence =
        [
            .. judgement.Gap is { } gap ? [new Evidence("Not known", gap)] : (Evidence[])[],
            .. AppServiceEvidence.Of(read, memory),
            .. unproposed is { } why ? [new Evidence("Not proposed", why)] : (Evidence[])[],
        ];
        var symptom = memory?.State == PercentState.High ? new Measurement(MemoryMetric, memory.Latest.Value, "%", memory.Latest.Start) : null;
        var finding = new Finding(judgement.Conclusion, site.Name, judgement.Present, judgement.Past, evidence, symptom, read.At, judgement.Gap);
        return new Investigated(finding, sick && unproposed is null ? Restart(site, body, read.Plan, agent) : null);
    }

    public static Remedy Restart(AppServiceSite site, JsonElement body, Reading<PlanSize> plan, AzureContext agent) => new(
        Operation.ArmCall.Of(ArmAction.RestartWebApp, site.Id, agent) with { DependsOn = SeenOn(site, body, plan) },
        Provenance.Runbook,
        new RecoverySignal(site.Plan, MemoryMetric, "Average", "Memory usage", "%", PercentHistory.NormalBelow));

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
}
