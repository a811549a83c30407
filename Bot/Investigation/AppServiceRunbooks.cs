using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>What is asked beside the app's load: its own log over weeks, Azure's opinion, and what it serves.</summary>
internal sealed record AppServiceRecords(ChangeHistory History, HealthReader Healths, DeploymentReader Deployments);

/// <summary>All that is known to go wrong with an App Service. One look at the app decides which of it this is; an alert only says that somebody should look.</summary>
internal sealed class AppServiceRunbooks(AppServiceSignals signals, AppServiceRecords records, AzureContext agent, TimeProvider clock)
{
    public IReadOnlyList<Runbook> All =>
    [
        new(AppServiceSlowRunbook.Name, OfMetric, Investigate),
        new(AppServiceSwapRunbook.Name, OfMetric, Investigate),
        new(AppServiceBusyRunbook.Name, OfMetric, Investigate),
        new(AppServiceStoppedRunbook.Name, (incident, target) => OfMetric(incident, target) || OfLog(incident, target), Investigate),
    ];

    private static bool OfMetric(Incident incident, ResourceId target) =>
        (target.IsOfType(AppServiceSlowRunbook.SiteType) || target.IsOfType(AppServiceSlowRunbook.SlotType))
        && (incident.Platform != Platform.AzureMonitor || incident.SignalType.Equals("Metric", StringComparison.OrdinalIgnoreCase));

    /// <summary>Alerts on the activity log tell that an app was stopped; slots are not started by this agent.</summary>
    private static bool OfLog(Incident incident, ResourceId target) =>
        target.IsOfType(AppServiceSlowRunbook.SiteType) && incident.SignalType.Equals("Activity Log", StringComparison.OrdinalIgnoreCase);

    private async Task<Investigated> Investigate(ResourceId target, Allowed allowed, CancellationToken cancellation)
    {
        var answer = await signals.Site(target, cancellation);
        return await answer.Match(
            body => About(body, target, allowed, cancellation),
            (_, _) => Ended(Conclusion.Gone, target, $"{target.Name} does not exist or is hidden from the agent"),
            (_, _) => Ended(Conclusion.CouldNotTell, target, $"the agent may not read {target.Name}; grant it Reader on it, or on its resource group"),
            reason => Ended(Conclusion.CouldNotTell, target, $"{target.Name} could not be looked at: {reason.TrimEnd('.')}"));
    }

    private async Task<Investigated> About(JsonElement body, ResourceId target, Allowed allowed, CancellationToken cancellation)
    {
        if (AppServiceSignals.Parse(body, target) is not { } site)
        {
            return await Ended(Conclusion.CouldNotTell, target, $"Azure's answer about {target.Name} could not be understood");
        }

        if (Other(site.Kind) is { } other)
        {
            return await Ended(Conclusion.NoRunbook, target, $"there is no runbook for {other}s, and {site.Name} is one");
        }

        var now = clock.GetUtcNow();
        if (site is { IsStopped: true, QuotaExceeded: false } && target.IsOfType(AppServiceSlowRunbook.SiteType) && allowed.Has(AppServiceStoppedRunbook.Name))
        {
            var changes = records.History.Of(site.Id, now - AppServiceStoppedRunbook.LookBack, now, cancellation);
            var health = records.Healths.Of(site.Id, cancellation);
            return AppServiceStoppedRunbook.Judge(new(site, now, await changes, await health), agent);
        }

        if (allowed.Runbooks is [AppServiceStoppedRunbook.Name] && !site.IsStopped && !site.QuotaExceeded)
        {
            return await Ended(Conclusion.NeverSick, target, $"{site.Name} is {site.State.Plain(30).ToLowerInvariant()} and not stopped; nothing to start");
        }

        return await Running(await signals.About(site, now, cancellation), body, allowed, cancellation);
    }

    /// <summary>
    /// A swap that broke the app comes first, because nothing else would mend it; then memory before CPU, because an app that pages is short of both, and
    /// only a restart mends the first. Whichever of them has a symptom speaks, else the first that the plan allows.
    /// </summary>
    private async Task<Investigated> Running(AppServiceReadings read, JsonElement body, Allowed allowed, CancellationToken cancellation)
    {
        var slow = AppServiceSlowRunbook.Judge(read, body, allowed, agent);
        if (AppServiceJudgement.NotItself(read) is not null)
        {
            return slow;
        }

        var swapped = allowed.Has(AppServiceSwapRunbook.Name)
            ? await AppServiceSwapRunbook.Judge(read, body, agent, site => records.Deployments.Active(site, cancellation))
            : null;
        if (swapped?.Finding.Symptom is not null || (slow.Finding.Conclusion == Conclusion.Sick && allowed.Has(AppServiceSlowRunbook.Name)))
        {
            return swapped?.Finding.Symptom is not null ? swapped : slow;
        }

        var busy = allowed.Has(AppServiceBusyRunbook.Name)
            ? await AppServiceBusyRunbook.Judge(read, allowed, agent, () => signals.Autoscale(read.Site.Plan, cancellation))
            : null;
        return busy?.Finding.Symptom is not null ? busy : allowed.Has(AppServiceSlowRunbook.Name) ? slow : busy ?? swapped ?? slow;
    }

    private Task<Investigated> Ended(Conclusion conclusion, ResourceId target, string words) => Task.FromResult(
        new Investigated(new Finding(conclusion, target.Name, words, words, [], Symptom: null, clock.GetUtcNow()), Remedy: null));

    /// <summary>Sites that are no web apps: they scale, start and fail by other rules.</summary>
    public static string? Other(string kind) =>
        kind.Contains("workflowapp", StringComparison.OrdinalIgnoreCase) ? "logic app"
        : kind.Contains("functionapp", StringComparison.OrdinalIgnoreCase) ? "function app"
        : null;
}
