using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>
/// Literal steps of a task, one a run, in their order. No symptom is asked for: an Administrator stored the operation. What is looked at is the state
/// that it depends on, which stands on the card, is read again before the call, and tells afterwards whether it was done.
/// </summary>
internal sealed class TaskSteps(MachineSources sources, VirtualMachineRunbook machines, CommandSteps commands, AzureContext agent, TimeProvider clock)
{
    private const string Running = "Running";
    private const string Stopped = "Stopped";

    public TaskWork Work => new(Does.Steps, Look);

    private async Task<Investigated> Look(TaskPassage passage, CancellationToken cancellation)
    {
        // An edit of the steps ends what was begun by the old ones.
        if (passage.Steps is not [var text, ..] || !passage.Task.Steps.TakeLast(passage.Steps.Count).SequenceEqual(passage.Steps, StringComparer.Ordinal))
        {
            return Ended(Conclusion.Gone, passage.Task.Name, $"the steps of task {passage.Task.Name} were edited after it began; what was left of them is not done");
        }

        var number = passage.Task.Steps.Count - passage.Steps.Count + 1;
        var asked = $"step {number} of {passage.Task.Steps.Count} of task {passage.Task.Name}";
        if (CommandStep.TryRead(text, commands.Rules, out var command, out var problem))
        {
            return TaskStep.Of(command) is { } same ? await Look(same, asked, cancellation) : await commands.Look(command, asked, cancellation);
        }

        return problem is null && TaskStep.TryRead(text, out var step, out problem)
            ? await Look(step, asked, cancellation)
            : Ended(Conclusion.CouldNotTell, passage.Task.Name, $"a step of task {passage.Task.Name} cannot be run: {problem.TrimEnd('.')}");
    }

    private async Task<Investigated> Look(TaskStep step, string asked, CancellationToken cancellation)
    {
        var target = step.Target;
        return await (await sources.Arm.Resource(target, cancellation)).Match(
            async body => target.IsOfType(VirtualMachineRunbook.MachineType) ? await Machine(target, body, asked, cancellation) : Site(step, body, asked),
            (_, _) => Task.FromResult(Ended(Conclusion.CouldNotTell, target.Name, $"{target.Name} does not exist or is hidden from the agent ({asked})")),
            (_, _) => Task.FromResult(Ended(Conclusion.CouldNotTell, target.Name, $"the agent may not read {target.Name}; grant it Reader on it, or on its resource group ({asked})")),
            reason => Task.FromResult(Ended(Conclusion.CouldNotTell, target.Name, $"{target.Name} could not be looked at: {reason.TrimEnd('.')} ({asked})")));
    }

    private Investigated Site(TaskStep step, JsonElement body, string asked)
    {
        if (AppServiceSignals.Parse(body, step.Target) is not { } site)
        {
            return Ended(Conclusion.CouldNotTell, step.Target.Name, $"Azure's answer about {step.Target.Name} could not be understood ({asked})");
        }

        if (AppServiceRunbooks.Other(site.Kind) is { } other)
        {
            return Ended(Conclusion.CouldNotTell, site.Name, $"{site.Name} is a {other}, and this agent operates web apps only ({asked})");
        }

        var running = site.Enabled && site.State.Equals(Running, StringComparison.OrdinalIgnoreCase);
        var wants = step.Action == ArmAction.StopWebApp ? Stopped : Running;
        if (step.Action != ArmAction.RestartWebApp && (wants == Running ? running : site.IsStopped))
        {
            return Ended(Conclusion.NeverSick, site.Name, $"{site.Name} is {site.State.Plain(30).ToLowerInvariant()} already ({asked})");
        }

        if (step.Action == ArmAction.RestartWebApp && !running)
        {
            return Ended(Conclusion.OtherCause, site.Name, $"{site.Name} is {(site.Enabled ? site.State.Plain(30).ToLowerInvariant() : "disabled")}, and a restart would not start it ({asked})");
        }

        Precondition State(string value) => new("state of the app", site.Id, AppServiceSignals.WebVersion, "properties.state", value);
        var operation = Operation.ArmCall.Of(step.Action, site.Id, agent) with { DependsOn = [State(site.State)] };
        return Asked(site.Name, asked, site.State.Plain(30), new Remedy(
            operation, Provenance.AdministratorText, RecoverySignal.OfState("App state", State(wants), site.State == wants ? $"not {wants.ToLowerInvariant()}" : site.State))
        {
            Undo = step.Action == ArmAction.StartWebApp ? Operation.ArmCall.Of(ArmAction.StopWebApp, site.Id, agent) with { DependsOn = [State(Running)] }
                : step.Action == ArmAction.StopWebApp ? Operation.ArmCall.Of(ArmAction.StartWebApp, site.Id, agent) with { DependsOn = [State(Stopped)] }
                : null,
        }, measured: site.State == wants ? 1 : 0);
    }

    private async Task<Investigated> Machine(ResourceId target, JsonElement body, string asked, CancellationToken cancellation)
    {
        var view = await sources.Arm.Get(target, $"/{VirtualMachineRunbook.InstanceView}", VirtualMachineRunbook.ApiVersion, [], cancellation);
        if (view is not ArmAnswer.Found(var states) || PreconditionProbe.Value(states, "statuses.PowerState") is not { } power)
        {
            return Ended(Conclusion.CouldNotTell, target.Name, $"the state of {target.Name} could not be read ({asked})");
        }

        return power.Equals(Running, StringComparison.OrdinalIgnoreCase)
            ? Asked(target.Name, asked, power.Plain(30), machines.Restart(target, body, states) with { Provenance = Provenance.AdministratorText }, measured: 1)
            : Ended(Conclusion.OtherCause, target.Name, $"{target.Name} is {power.Plain(30)}, and a restart would not start it ({asked})");
    }

    /// <summary>What was measured is the state, a moment ago and after the tick.</summary>
    private Investigated Asked(string subject, string asked, string state, Remedy remedy, double measured)
    {
        var now = clock.GetUtcNow();
        return new(
            new Finding(Conclusion.Sick, subject, $"{asked} is due", $"that {asked} was due", [new("State", $"{state} at {now.Utc()} UTC")], new("State", measured, "", now), now) { Asked = true },
            remedy);
    }

    private Investigated Ended(Conclusion conclusion, string subject, string words) => new(new Finding(conclusion, subject, words, $"that {words}", [], Symptom: null, clock.GetUtcNow()), Remedy: null);
}
