using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>Azure's calls about one machine.</summary>
internal sealed record MachineSources(ArmReader Arm, MetricReader Metrics, ChangeHistory History, HealthReader Healths);

/// <summary>All that was asked about one machine.</summary>
/// <param name="PowerState">"running", "deallocated", …</param>
/// <param name="Agent">What the guest agent said last; null: it says nothing.</param>
internal sealed record MachineReadings(ResourceId Id, string Provisioning, string PowerState, string? Agent, string Size, DateTimeOffset From, DateTimeOffset At)
{
    public required MetricReading Availability { get; init; }
    public required MetricReading Cpu { get; init; }
    public required Reading<IReadOnlyList<Change>> Changes { get; init; }
    public required Reading<PlatformHealth> Health { get; init; }

    public bool IsRunning => PowerState.Equals("running", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A machine that is unavailable or hung is restarted: powered on, not answering by Azure's own measurement, and neither Azure nor a person at work on it.</summary>
internal sealed class VirtualMachineRunbook(MachineSources sources, AzureContext agent, TimeProvider clock)
{
    public const string Name = "virtual-machine-unavailable";
    public const string MachineType = "Microsoft.Compute/virtualMachines";
    public const string AvailabilityMetric = "VmAvailabilityMetric";
    public const string ApiVersion = "2024-03-01";
    public const string InstanceView = "instanceView";

    /// <summary>Who powered it off may have done so days ago.</summary>
    public static readonly TimeSpan LookBack = TimeSpan.FromDays(14);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    public Runbook Runbook => new(Name, Fits, Investigate);

    /// <summary>Alerts on metrics of the machine, and those of Resource Health, which come as activity log alerts.</summary>
    private static bool Fits(Incident incident, ResourceId target) => target.IsOfType(MachineType)
        && (incident.Platform != Platform.AzureMonitor || incident.SignalType.ToUpperInvariant() is "METRIC" or "ACTIVITY LOG" or "RESOURCE HEALTH");

    private async Task<Investigated> Investigate(ResourceId target, Allowed allowed, CancellationToken cancellation)
    {
        var machine = sources.Arm.Get(target, "", ApiVersion, [], cancellation);
        var view = sources.Arm.Get(target, $"/{InstanceView}", ApiVersion, [], cancellation);
        return await (await machine).Match(
            async body => await (await view).Match(
                states => About(target, body, states, cancellation),
                (_, _) => Ended(Conclusion.CouldNotTell, target, $"Azure does not say in which state {target.Name} is"),
                (_, _) => Ended(Conclusion.CouldNotTell, target, $"the agent may not read the state of {target.Name}; grant it Reader on it, or on its resource group"),
                reason => Ended(Conclusion.CouldNotTell, target, $"the state of {target.Name} could not be read: {reason.TrimEnd('.')}")),
            (_, _) => Ended(Conclusion.Gone, target, $"{target.Name} does not exist or is hidden from the agent"),
            (_, _) => Ended(Conclusion.CouldNotTell, target, $"the agent may not read {target.Name}; grant it Reader on it, or on its resource group"),
            reason => Ended(Conclusion.CouldNotTell, target, $"{target.Name} could not be looked at: {reason.TrimEnd('.')}"));
    }

    private async Task<Investigated> About(ResourceId target, JsonElement body, JsonElement states, CancellationToken cancellation)
    {
        if (!ResourceId.TryParse(body.Text("id"), out var id, out _) || !id.Equals(target) || body.Text("properties", "provisioningState") is not { } provisioning
            || PreconditionProbe.Value(states, "statuses.PowerState") is not { } power)
        {
            return await Ended(Conclusion.CouldNotTell, target, $"Azure's answer about {target.Name} could not be understood");
        }

        var now = clock.GetUtcNow();
        var running = power.Equals("running", StringComparison.OrdinalIgnoreCase);
        var availability = sources.Metrics.Samples(id, AvailabilityMetric, "Average", now - Hour, now, cancellation);
        var cpu = sources.Metrics.Samples(id, "Percentage CPU", "Average", now - Hour, now, cancellation);
        var changes = running ? sources.History.Since(now - AppServiceSignals.ChangesSpan, now, id, id, cancellation) : sources.History.Of(id, now - LookBack, now, cancellation);
        var health = sources.Healths.Of(id, cancellation);
        var read = new MachineReadings(
            id, provisioning, power, states.Child("vmAgent").Items("statuses").FirstOrDefault().Text("displayStatus")?.Plain(40), body.Text("properties", "hardwareProfile", "vmSize")?.Plain(40) ?? "", now - Hour, now)
        {
            Availability = await availability, Cpu = await cpu, Changes = await changes, Health = await health,
        };
        var judgement = VirtualMachineJudgement.Of(read);
        var sick = judgement.Conclusion == Conclusion.Sick;
        var symptom = sick && read.Availability is MetricReading.Samples { Points: [.., var latest] } ? new Measurement(AvailabilityMetric, latest.Value, "", latest.Start) : null;
        var finding = new Finding(judgement.Conclusion, id.Name, judgement.Present, judgement.Past, VirtualMachineEvidence.Of(read, judgement), symptom, now, judgement.Gap);
        return new Investigated(finding, sick ? Restart(id, body, states) : null);
    }

    /// <summary>Another machine under the same name, or one that was stopped or is being changed, is not the one that hung.</summary>
    public Remedy Restart(ResourceId id, JsonElement body, JsonElement states)
    {
        Precondition?[] seen =
        [
            PreconditionProbe.Seen("power state", id, ApiVersion, "statuses.PowerState", states) is { } power ? power with { View = InstanceView } : null,
            PreconditionProbe.Seen("provisioning state", id, ApiVersion, "properties.provisioningState", body),
            PreconditionProbe.Seen("machine", id, ApiVersion, "properties.vmId", body),
        ];
        return new(
            Operation.ArmCall.Of(ArmAction.RestartVirtualMachine, id, agent) with { DependsOn = [.. seen.OfType<Precondition>()] },
            Provenance.Runbook,
            new RecoverySignal(id, AvailabilityMetric, "Average", "Availability", "", NormalBelow: 0) { NormalFrom = 1, InWords = new("available", "unavailable") });
    }

    /// <summary>A person asked for the restart: no symptom is asked for, and it has to be there and running.</summary>
    public async Task<Investigated> OnRequest(ResourceId target, Provenance provenance, CancellationToken cancellation)
    {
        var looked = await Investigate(target, new([], MaxInstances: null), cancellation);
        if (looked.Remedy is not null || looked.Finding.Conclusion is Conclusion.Gone or Conclusion.StoppedOnPurpose or Conclusion.CouldNotTell)
        {
            return looked;
        }

        var (machine, view) = (sources.Arm.Get(target, "", ApiVersion, [], cancellation), sources.Arm.Get(target, $"/{InstanceView}", ApiVersion, [], cancellation));
        return await machine is ArmAnswer.Found(var body) && await view is ArmAnswer.Found(var states)
            ? new(looked.Finding with { Asked = true, Present = $"{looked.Finding.Present}; a person asked for the restart", Gap = null }, Restart(target, body, states) with { Provenance = provenance })
            : await Ended(Conclusion.CouldNotTell, target, $"{target.Name} could not be looked at");
    }

    private Task<Investigated> Ended(Conclusion conclusion, ResourceId target, string words) => Task.FromResult(
        new Investigated(new Finding(conclusion, target.Name, words, words, [], Symptom: null, clock.GetUtcNow()), Remedy: null));
}
