using System.Globalization;
using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Investigation;

/// <summary>
/// A typed command that one of the bot's own requests stands for. Its target is read first: it exists, the operation makes sense as it is now, and what it depends
/// on is part of what is approved.
/// </summary>
internal sealed class RequestedChanges(RequestedRestart restart, VirtualMachineRunbook machines, ArmReader azure, DeploymentReader deployments, Requester requester)
{
    private const string Web = AppServiceSignals.WebVersion;

    public Task<Investigated> Investigate(CommandReading.Understood change, Provenance provenance, CancellationToken cancellation)
    {
        var target = change.Target;
        return change.Command.Equivalent!.Action switch
        {
            var a when a == ArmAction.RestartWebApp.Action => restart.Runbook.Investigate(target, new([], MaxInstances: null), cancellation),
            var a when a == ArmAction.StartWebApp.Action => Read(target, body => Switch(body, target, ArmAction.StartWebApp, ArmAction.StopWebApp, provenance), cancellation),
            var a when a == ArmAction.StopWebApp.Action => Read(target, body => Switch(body, target, ArmAction.StopWebApp, ArmAction.StartWebApp, provenance), cancellation),
            var a when a == ArmAction.SwapSlotIntoProduction.Action => Read(target, _ => Swap(target, provenance, cancellation), cancellation),
            var a when a == ArmAction.ScaleAppServicePlan.Action => Read(target, body => Scale(body, target, int.Parse(change.Values["--number-of-workers"], CultureInfo.InvariantCulture), provenance), cancellation),
            var a when a == ArmAction.RestartVirtualMachine.Action => machines.OnRequest(target, provenance, cancellation),
            _ => Ended(Conclusion.NoRunbook, target, $"'{change.Command.Program} {change.Command.Words}' has no request of this version that stands for it"),
        };
    }

    private async Task<Investigated> Read(ResourceId target, Func<JsonElement, Task<Investigated>> then, CancellationToken cancellation) =>
        await (await azure.Get(target, "", Web, [], cancellation)).Match(
            then,
            (_, _) => Ended(Conclusion.Gone, target, $"{target.NameInFull} does not exist or is hidden from the agent"),
            (_, _) => Ended(Conclusion.CouldNotTell, target, $"the agent may not read {target.NameInFull}; grant it Reader on it, or on its resource group"),
            reason => Ended(Conclusion.CouldNotTell, target, $"{target.NameInFull} could not be looked at: {reason.TrimEnd('.')}"));

    private Task<Investigated> Switch(JsonElement body, ResourceId target, ArmAction action, ArmAction back, Provenance provenance)
    {
        if (AppServiceSignals.Parse(body, target) is not { } site)
        {
            return Ended(Conclusion.CouldNotTell, target, $"Azure's answer about {target.Name} could not be understood");
        }

        var (wanted, now) = action == ArmAction.StopWebApp ? ("Stopped", "Running") : ("Running", "Stopped");
        if (AppServiceRunbooks.Other(site.Kind) is { } other)
        {
            return Ended(Conclusion.NoRunbook, target, $"{site.Name} is a {other}, and this agent starts and stops web apps only");
        }

        if (!site.State.Equals(now, StringComparison.OrdinalIgnoreCase))
        {
            return Ended(Conclusion.OtherCause, target, $"{site.Name} is {site.State.Plain(30).ToLowerInvariant()}, so there is nothing to {action.Short}");
        }

        Precondition State(string value) => new("state of the app", site.Id, Web, "properties.state", value);
        return Proposed(
            target, $"{site.Name} is {now.ToLowerInvariant()}; a person asked to {action.Short} it",
            new Remedy(Operation.ArmCall.Of(action, site.Id, requester.Agent) with { DependsOn = [State(site.State)] }, provenance, RecoverySignal.OfState("App state", State(wanted), site.State))
            {
                Undo = Operation.ArmCall.Of(back, site.Id, requester.Agent) with { DependsOn = [State(wanted)] },
            });
    }

    private async Task<Investigated> Swap(ResourceId slot, Provenance provenance, CancellationToken cancellation)
    {
        var site = slot.Parent!;
        var (ours, theirs) = (deployments.Active(site, cancellation), deployments.Active(slot, cancellation));
        if (await ours is not Reading<ActiveDeployment>.Told { Value: var inProduction})
        {
            return await Ended(Conclusion.CouldNotTell, slot, $"what would be swapped cannot be told: {((Reading<ActiveDeployment>.NotRead)await ours).Why}");
        }

        if (await theirs is not Reading<ActiveDeployment>.Told { Value: var inSlot })
        {
            return await Ended(Conclusion.CouldNotTell, slot, $"what would be swapped cannot be told: {((Reading<ActiveDeployment>.NotRead)await theirs).Why}");
        }

        Precondition?[] seen = [inProduction.On($"deployment {inProduction.Id.Plain(12)} is active in production", site), inSlot.On($"deployment {inSlot.Id.Plain(12)} is active in the slot", slot)];
        Precondition?[] afterwards = [inSlot.On($"deployment {inSlot.Id.Plain(12)} is active in production", site), inProduction.On($"deployment {inProduction.Id.Plain(12)} is active in the slot", slot)];
        if (seen.Concat(afterwards).Any(p => p is null))
        {
            return await Ended(Conclusion.OtherCause, slot, "the deployments have names that this agent does not accept, so it cannot tell later whether they are still these");
        }

        var swap = Operation.ArmCall.Of(ArmAction.SwapSlotIntoProduction, slot, requester.Agent);
        return await Proposed(
            slot, $"{site.Name} serves deployment {inProduction.Id.Plain(12)} and its slot {inSlot.Id.Plain(12)}; a person asked for the swap",
            new Remedy(swap with { DependsOn = [.. seen.OfType<Precondition>()] }, provenance, Recovery: null) { Undo = swap with { DependsOn = [.. afterwards.OfType<Precondition>()] } });
    }

    private Task<Investigated> Scale(JsonElement body, ResourceId plan, int to, Provenance provenance) => PlanScaling.To(plan, body, to, requester.Agent) switch
    {
        PlanScaling.Possible possible => Proposed(plan, $"a person asked to scale {plan.Name}", new Remedy(possible.Out, provenance, Recovery: null) { Undo = possible.Undo }),
        PlanScaling.Not not => Ended(Conclusion.OtherCause, plan, not.Why),
        _ => Ended(Conclusion.CouldNotTell, plan, $"whether {plan.Name} can be scaled cannot be told"),
    };

    private Task<Investigated> Proposed(ResourceId target, string words, Remedy remedy) => Task.FromResult(
        new Investigated(new Finding(Conclusion.OtherCause, target.NameInFull, words, words, [], Symptom: null, requester.Clock.GetUtcNow()) { Asked = true }, remedy));

    private Task<Investigated> Ended(Conclusion conclusion, ResourceId target, string words) => Task.FromResult(
        new Investigated(new Finding(conclusion, target.NameInFull, words, words, [], Symptom: null, requester.Clock.GetUtcNow()), Remedy: null));
}

/// <summary>As whom, and when.</summary>
internal sealed record Requester(AzureContext Agent, TimeProvider Clock);
