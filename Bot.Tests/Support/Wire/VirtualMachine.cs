using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>A machine with its power state and what Azure measures of it.</summary>
internal sealed class VirtualMachine : AzureResource
{
    private readonly TimeProvider clock;

    public VirtualMachine(string subscription, string resourceGroup, string name, TimeProvider clock)
        : base(subscription, resourceGroup, "Microsoft.Compute/virtualMachines", name, clock)
    {
        this.clock = clock;
        Availability = Series.Flat(1);
        Metrics["Percentage CPU"] = Series.Flat(12);
    }

    public int Restarts { get; private set; }

    public string ProvisioningState { get; set; } = "Succeeded";

    /// <summary>running, stopped, deallocated, …</summary>
    public string Power { get; set; } = "running";

    /// <summary>One while it answers.</summary>
    public Series Availability
    {
        get => Metrics["VmAvailabilityMetric"];
        set => Metrics["VmAvailabilityMetric"] = value;
    }

    /// <summary>What a restart makes of it; null: it does not help.</summary>
    public Series? AfterRestart { get; set; } = Series.Flat(1);

    public override JsonObject ToJson() => new()
    {
        ["id"] = Id, ["name"] = Name, ["type"] = Type, ["location"] = "westeurope",
        ["properties"] = new JsonObject
        {
            ["vmId"] = "0f47b100-583c-48e3-a4c0-aefc2c9bbcc1", ["provisioningState"] = ProvisioningState, ["hardwareProfile"] = new JsonObject { ["vmSize"] = "Standard_D2s_v5" },
        },
    };

    public JsonObject InstanceView() => new()
    {
        ["computerName"] = Name, ["osName"] = "ubuntu",
        ["vmAgent"] = new JsonObject
        {
            ["vmAgentVersion"] = "2.11.1.4",
            ["statuses"] = new JsonArray(new JsonObject { ["code"] = "ProvisioningState/succeeded", ["level"] = "Info", ["displayStatus"] = "Ready", ["message"] = "Guest Agent is running" }),
        },
        ["statuses"] = new JsonArray(
            new JsonObject { ["code"] = "ProvisioningState/succeeded", ["level"] = "Info", ["displayStatus"] = "Provisioning succeeded" },
            new JsonObject { ["code"] = $"PowerState/{Power}", ["level"] = "Info", ["displayStatus"] = $"VM {Power}" }),
    };

    internal void Restarted()
    {
        Restarts++;
        if (AfterRestart is { } after) Metrics.From(clock.GetUtcNow(), "VmAvailabilityMetric", after);
    }
}
