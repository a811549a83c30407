using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

internal enum AppState { Running, Stopped }

/// <summary>A thing in the subscription that has an id, metrics and a health of its own.</summary>
internal abstract class AzureResource(string subscription, string resourceGroup, string type, string name, TimeProvider clock)
{
    public string Id { get; } = $"/subscriptions/{subscription}/resourceGroups/{resourceGroup}/providers/{type}/{name}";
    public string Type { get; } = type;
    public string Name { get; } = name;
    public string ResourceGroup { get; } = resourceGroup;
    public string Location { get; set; } = "West Europe";
    public Dictionary<string, string> Tags { get; } = [];
    public MetricSet Metrics { get; } = new(clock);

    /// <summary>Available, Unavailable, Degraded or Unknown.</summary>
    public string Health { get; set; } = "Available";

    /// <summary>The id as an alert may spell it: Azure does not care about case.</summary>
    public string ShoutedId => Id.ToUpperInvariant();

    public abstract JsonObject ToJson();

    protected JsonObject Envelope(string kind, JsonObject properties) => new()
    {
        ["id"] = Id, ["name"] = Name, ["type"] = Type, ["kind"] = kind, ["location"] = Location,
        ["tags"] = new JsonObject(Tags.Select(tag => KeyValuePair.Create<string, JsonNode?>(tag.Key, tag.Value))),
        ["properties"] = properties,
    };
}

internal sealed class AppServicePlan : AzureResource
{
    private readonly TimeProvider clock;

    public AppServicePlan(string subscription, string resourceGroup, string name, TimeProvider clock)
        : base(subscription, resourceGroup, "Microsoft.Web/serverfarms", name, clock)
    {
        this.clock = clock;
        foreach (var (metric, value) in new[] { ("CpuPercentage", 22.0), ("MemoryPercentage", 48), ("HttpQueueLength", 0), ("DiskQueueLength", 0) })
            Metrics[metric] = Series.Flat(value);
    }

    public string Sku { get; set; } = "P1v3";
    public string Tier { get; set; } = "PremiumV3";
    public int Workers { get; set; } = 1;
    public int Sites { get; set; } = 1;

    /// <summary>What CPU becomes with another number of instances; null: that does not help.</summary>
    public Series? CpuAfterScaling { get; set; } = Series.Flat(55);

    internal void Scaled(int instances)
    {
        Workers = instances;
        if (CpuAfterScaling is { } after) Metrics.From(clock.GetUtcNow(), "CpuPercentage", after);
    }

    public override JsonObject ToJson()
    {
        var json = Envelope("app", new JsonObject
        {
            ["status"] = "Ready", ["maximumNumberOfWorkers"] = 30, ["numberOfWorkers"] = Workers, ["numberOfSites"] = Sites,
            ["geoRegion"] = Location, ["reserved"] = false, ["provisioningState"] = "Succeeded",
        });
        json["sku"] = new JsonObject { ["name"] = Sku, ["tier"] = Tier, ["size"] = Sku, ["family"] = "Pv3", ["capacity"] = Workers };
        return json;
    }
}

internal sealed class WebApp : AzureResource
{
    private readonly TimeProvider clock;

    public WebApp(string subscription, string resourceGroup, string name, AppServicePlan plan, TimeProvider clock)
        : base(subscription, resourceGroup, "Microsoft.Web/sites", name, clock)
    {
        this.clock = clock;
        Plan = plan;
        LastModified = clock.GetUtcNow() - TimeSpan.FromDays(12);
        Serves = new("d-prod", clock.GetUtcNow() - TimeSpan.FromDays(1));
        foreach (var (metric, value) in new[]
                 {
                     ("MemoryWorkingSet", 412_000_000.0), ("AverageMemoryWorkingSet", 412_000_000), ("CpuTime", 3.1), ("Requests", 240), ("Http2xx", 238), ("Http4xx", 2),
                     ("Http5xx", 0), ("HttpResponseTime", 0.18), ("AverageResponseTime", 0.18), ("HealthCheckStatus", 100),
                 })
            Metrics[metric] = Series.Flat(value);
    }

    public AppServicePlan Plan { get; }
    public string Kind { get; set; } = "app";
    public AppState State { get; set; }
    public string AvailabilityState { get; set; } = "Normal";
    public string UsageState { get; set; } = "Normal";
    public DateTimeOffset LastModified { get; set; }

    /// <summary>Memory of the plan, in percent: what the alert of the brief is about.</summary>
    public Series Memory
    {
        get => Plan.Metrics["MemoryPercentage"];
        set => Plan.Metrics["MemoryPercentage"] = value;
    }

    /// <summary>In seconds.</summary>
    public Series ResponseTime
    {
        get => Metrics["HttpResponseTime"];
        set => Metrics["HttpResponseTime"] = Metrics["AverageResponseTime"] = value;
    }

    /// <summary>What memory falls to when the app restarts; null: a restart does not help.</summary>
    public Series? MemoryAfterRestart { get; set; } = Series.Flat(42);

    public Deployment Serves { get; set; }

    /// <summary>When production was swapped last, and with which slot.</summary>
    public (DateTimeOffset At, string Slot)? LastSwap { get; set; }

    /// <summary>Answers with 5xx a minute once it is swapped; null: as before.</summary>
    public Series? ErrorsAfterSwap { get; set; }

    /// <summary>Called when a restart, stop or start took effect.</summary>
    public Action<string>? OnAction { get; set; }

    public int Restarts { get; private set; }

    public override JsonObject ToJson()
    {
        var json = Envelope(Kind, new JsonObject
        {
            ["state"] = State.ToString(), ["enabled"] = true, ["availabilityState"] = AvailabilityState, ["usageState"] = UsageState, ["serverFarmId"] = Plan.Id,
            ["resourceGroup"] = ResourceGroup, ["defaultHostName"] = $"{Name}.azurewebsites.net", ["hostNames"] = new JsonArray($"{Name}.azurewebsites.net"),
            ["lastModifiedTimeUtc"] = LastModified.UtcDateTime.ToString("O"), ["httpsOnly"] = true,
        });
        if (LastSwap is { } swap)
        {
            json["properties"]!["slotSwapStatus"] = new JsonObject
            {
                ["timestampUtc"] = swap.At.UtcDateTime.ToString("O"), ["sourceSlotName"] = swap.Slot, ["destinationSlotName"] = "production",
            };
        }

        return json;
    }

    internal void Do(string action)
    {
        State = action == "stop" ? AppState.Stopped : AppState.Running;
        if (action == "restart")
        {
            Restarts++;
            if (MemoryAfterRestart is { } after) Plan.Metrics.From(clock.GetUtcNow(), "MemoryPercentage", after);
            if (MemoryAfterRestart is not null) Metrics.From(clock.GetUtcNow(), "HttpResponseTime", Series.Flat(0.18));
        }

        OnAction?.Invoke(action);
    }
}
