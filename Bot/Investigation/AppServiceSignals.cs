using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <param name="Id">As Azure spells it.</param>
/// <param name="Name">"app", or "app/slot".</param>
internal sealed record AppServiceSite(
    ResourceId Id, string Name, string Kind, string State, bool Enabled, bool QuotaExceeded, string Availability, DateTimeOffset? Modified, ResourceId Plan)
{
    public bool IsStopped => State.Equals("Stopped", StringComparison.OrdinalIgnoreCase);
}

/// <param name="Body">Azure's whole answer: what an operation may depend on.</param>
internal sealed record PlanSize(string Sku, int Instances, int Apps, JsonElement Body);

/// <summary>All that was asked about one app, answered or not.</summary>
internal sealed record AppServiceReadings(AppServiceSite Site, DateTimeOffset From, DateTimeOffset At)
{
    /// <summary>Per cent of the plan's memory, averaged over its instances.</summary>
    public required MetricReading Memory { get; init; }

    /// <summary>Per cent of the plan.</summary>
    public required MetricReading Cpu { get; init; }

    /// <summary>Seconds; no value in a minute without requests.</summary>
    public required MetricReading ResponseTime { get; init; }

    /// <summary>Bytes this app holds on an instance.</summary>
    public required MetricReading WorkingSet { get; init; }
    public required MetricReading ServerErrors { get; init; }
    public required Reading<PlanSize> Plan { get; init; }
    public required Reading<IReadOnlyList<Change>> Changes { get; init; }
    public required Reading<PlatformHealth> Health { get; init; }
}

/// <summary>Reads an app, its plan, their metrics, its changes and its health. It asks only; what follows is the runbook's.</summary>
internal sealed class AppServiceSignals(ArmReader arm, MetricReader metrics, ChangeHistory changes, HealthReader healths)
{
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    public static readonly TimeSpan ChangesSpan = TimeSpan.FromHours(2);

    public const string WebVersion = "2023-12-01";

    public Task<ArmAnswer> Site(ResourceId target, CancellationToken cancellation) => arm.Resource(target, cancellation);

    public async Task<AppServiceReadings> About(AppServiceSite site, DateTimeOffset now, CancellationToken cancellation)
    {
        var from = now - Hour;
        Task<MetricReading> Metric(ResourceId of, string name, string aggregation) => metrics.Samples(of, name, aggregation, from, now, cancellation);

        var memory = Metric(site.Plan, AppServiceSlowRunbook.MemoryMetric, "Average");
        var cpu = Metric(site.Plan, "CpuPercentage", "Average");
        var response = Metric(site.Id, "HttpResponseTime", "Average");
        var workingSet = Metric(site.Id, "MemoryWorkingSet", "Average");
        var errors = Metric(site.Id, "Http5xx", "Total");
        var plan = Plan(site.Plan, cancellation);
        var changed = changes.Since(now - ChangesSpan, now, site.Id, site.Plan, cancellation);
        var health = healths.Of(site.Id, cancellation);
        await Task.WhenAll(memory, cpu, response, workingSet, errors, plan, changed, health);
        return new AppServiceReadings(site, from, now)
        {
            Memory = await memory,
            Cpu = await cpu,
            ResponseTime = await response,
            WorkingSet = await workingSet,
            ServerErrors = await errors,
            Plan = await plan,
            Changes = await changed,
            Health = await health,
        };
    }

    /// <summary>Null when Azure's answer does not describe an app on a plan of its own subscription.</summary>
    public static AppServiceSite? Parse(JsonElement body, ResourceId target)
    {
        var properties = body.Child("properties");
        return ResourceId.TryParse(body.Text("id"), out var id, out _) && id.Equals(target)
            && ResourceId.TryParse(properties.Text("serverFarmId"), out var plan, out _) && plan.IsOfType("Microsoft.Web/serverfarms")
            && plan.Subscription.Equals(target.Subscription) && properties.Text("state") is { } state
            ? new AppServiceSite(
                id,
                id.IsOfType(AppServiceSlowRunbook.SlotType) ? $"{id.Value.Split('/')[^3]}/{id.Name}" : id.Name,
                body.Text("kind") ?? "",
                state,
                properties.Child("enabled").ValueKind != JsonValueKind.False,
                Is(properties.Text("usageState"), "Exceeded") || Is(state, "QuotaExceeded"),
                properties.Text("availabilityState") ?? "Normal",
                properties.Time("lastModifiedTimeUtc"),
                plan)
            : null;
    }

    /// <summary>Whether an enabled autoscale setting decides the instances of this plan.</summary>
    public async Task<Reading<bool>> Autoscale(ResourceId plan, CancellationToken cancellation)
    {
        var answer = await arm.GetAll(plan.Group!, "/providers/Microsoft.Insights/autoscalesettings", "2015-04-01", [], cancellation);
        return answer.Match<Reading<bool>>(
            list => new Reading<bool>.Told(list.EnumerateArray().Any(setting => setting.Child("properties", "enabled").ValueKind != JsonValueKind.False
                && ResourceId.TryParse(setting.Text("properties", "targetResourceUri"), out var target, out _) && target.Equals(plan))),
            (_, _) => new Reading<bool>.NotRead("the autoscale settings do not exist or are hidden from the agent"),
            (_, _) => new Reading<bool>.NotRead($"the agent may not read the autoscale settings of '{plan.ResourceGroup}'; grant it Monitoring Reader there"),
            reason => new Reading<bool>.NotRead($"the autoscale settings could not be read: {reason.TrimEnd('.')}"));
    }

    private async Task<Reading<PlanSize>> Plan(ResourceId plan, CancellationToken cancellation)
    {
        var answer = await arm.Resource(plan, cancellation);
        return answer.Match<Reading<PlanSize>>(
            body => body.Text("sku", "name") is { } sku
                ? new Reading<PlanSize>.Told(new PlanSize(
                    sku.Plain(20), (int)(body.Number("sku", "capacity") ?? 1), (int)(body.Number("properties", "numberOfSites") ?? 0), body))
                : new Reading<PlanSize>.NotRead($"Azure did not say the size of plan '{plan.Name}'"),
            (_, _) => new Reading<PlanSize>.NotRead($"plan '{plan.Name}' does not exist or is hidden from the agent"),
            (_, _) => new Reading<PlanSize>.NotRead($"the agent may not read plan '{plan.Name}'; grant it Reader there"),
            reason => new Reading<PlanSize>.NotRead($"plan '{plan.Name}' could not be read: {reason.TrimEnd('.')}"));
    }

    private static bool Is(string? text, string word) => string.Equals(text, word, StringComparison.OrdinalIgnoreCase);
}
