using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Hooks;
using RunModes.Bot.Incidents;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Runs;

/// <summary>Puts what hooks look at together, before and after the operations and the investigations of a run.</summary>
internal sealed class OperationHooks(RunTables tables, Governance governance, TagReader tags, StepRules rules, TimeProvider clock)
{
    public bool LookAfterwards => governance.All.Any(h => h.Event == HookEvent.PostToolUse);

    public Task<string?> Objection(Audit.ITransaction transaction, string targetKey) => governance.Objection(transaction, targetKey);

    public async Task<Fact<HookOpinion>> Before(Candidate candidate, CancellationToken cancellation)
    {
        var call = Of(candidate.Operation, candidate.Run, HookEvent.PreToolUse);
        var ruling = governance.Concern(call) ? await governance.Ask(await Known(call, candidate, cancellation), cancellation, candidate.Watching, candidate.Claimed) : HookRuling.Of([]);
        return ruling.Fact;
    }

    /// <summary>What was done is told to the hooks that look afterwards; what they hold against it makes whatever comes next on the target ask.</summary>
    public async Task After(Run run, CancellationToken cancellation)
    {
        if (run.State != RunState.Acting || await tables.Ledger.Read(async t => (await tables.Proposals.OfRun(t, run.Id)).LastOrDefault(), cancellation) is not
            { Status: ProposalStatus.Succeeded or ProposalStatus.Failed, Proposal: { Execution: { EndedAt: not null } execution } proposal })
        {
            return;
        }

        var call = Of(proposal.Operation, run, HookEvent.PostToolUse) with { Result = new(execution.Outcome == Outcome.Succeeded, $"{execution.Code}: {execution.Message}") };
        if (governance.Concern(call))
        {
            await governance.Ask(await Known(call, new(proposal.Operation, proposal.Provenance, run, proposal.Finding, proposal), cancellation), cancellation);
        }
    }

    /// <summary>An investigation looks at one resource. What a hook denies is not read, and people are told so.</summary>
    /// <param name="result">What was read, once it was.</param>
    /// <returns>Null: nobody objects.</returns>
    public async Task<Finding?> OfRead(Run run, Incident incident, Finding? result, CancellationToken cancellation)
    {
        if (OfLook(run, incident) is not { } call)
        {
            return null;
        }

        var ruling = await governance.Ask(
            result is null ? call : call with { Event = HookEvent.PostToolUse, Result = new(true, string.Join("\n", [result.Present, .. result.Evidence.Select(e => e.Text)])) }, cancellation);
        if (ruling.Opinion == HookOpinion.None)
        {
            return null;
        }

        var name = result?.Subject ?? call.Target.Split('/')[^1];
        var words = $"{name} {(result is null ? "was not looked at" : "was looked at, and what was read is not used")}. {ruling.Words}";
        return new(Conclusion.CouldNotTell, name, words, words, [], Symptom: null, clock.GetUtcNow());
    }

    private async Task<ToolCall> Known(ToolCall call, Candidate candidate, CancellationToken cancellation)
    {
        var measured = await tables.Ledger.Read(async t => FactCollector.IsNewerThan(candidate.Finding, await tables.Incidents.Find(t, candidate.Run.Incident)), cancellation);
        return call with { Measured = measured, Tags = governance.LooksAtTags(call) ? await TagsOf(candidate.Operation, cancellation) : Tags.None };
    }

    private async Task<Tags> TagsOf(Operation operation, CancellationToken cancellation)
    {
        var (target, version) = operation.Match<(ResourceId, string?)>(arm => (arm.Target, arm.ApiVersion), tool => (tool.Scope, null));
        var (known, complete) = await tags.Read(target, version, cancellation);
        return new([.. known.Select(t => new Tag(t.Key, t.Value))], complete);
    }

    private static ToolCall Of(Operation operation, Run run, HookEvent happened) => operation.Match(
        arm => new ToolCall
        {
            Event = happened, Tool = operation.Effect == Effect.ReadOnly ? Tools.ArmRead : Tools.ArmWrite, Subject = run.Subject, Plan = run.Plan ?? run.Task, Effect = operation.Effect,
            Action = arm.Action, Target = arm.Target.Value, TargetKey = operation.TargetKey, Lines = operation.Lines,
        },
        tool => new ToolCall
        {
            Event = happened, Tool = tool.Tool == CommandTool.Kubectl ? Tools.KubectlWrite : Tools.AzWrite, Subject = run.Subject, Plan = run.Plan ?? run.Task, Effect = operation.Effect,
            Action = tool.Action, Command = tool.Command, Target = tool.Object.Length == 0 ? tool.Scope.Value : $"{tool.Scope.Value}/{tool.Object}", TargetKey = operation.TargetKey, Lines = operation.Lines,
        });

    /// <summary>What an investigation reads: a resource, or what a command shows, typed or stored as a step.</summary>
    /// <returns>Null: nothing of Azure; a step of another tool is asked about as that.</returns>
    private ToolCall? OfLook(Run run, Incident incident)
    {
        var step = run.Steps is [var first, ..] ? first : null;
        if (step is not null && ToolStep.TryRead(step, out _, out _))
        {
            return null;
        }

        var command = step is not null && CommandStep.TryRead(step, rules, out var stored, out _) ? stored.Read
            : incident.Command is { } typed && rules.Commands.Read(typed.Tool, typed.Typed) is CommandReading.Understood understood ? understood : null;
        if (command is { Command: { Effect: not Effect.ReadOnly, Tool: CommandTool.Kubectl } } && StepObject.Of(command, rules.Commands) is { } at && step is not null)
        {
            // Before a change its object is looked at, by the same program.
            command = at.Look;
        }

        var target = command?.Target ?? (step is not null && TaskStep.TryRead(step, out var plain, out _) ? plain.Target : incident.Target);
        if (target is null)
        {
            return null;
        }

        var call = new ToolCall
        {
            Event = HookEvent.PreToolUse, Tool = Tools.ArmRead, Subject = run.Subject, Plan = run.Plan ?? run.Task, Effect = Effect.ReadOnly, Action = "*/read", Target = target.Value, Lines = [$"GET {target}"],
        };
        return command is { Command.Effect: Effect.ReadOnly } read
            ? call with
            {
                Tool = read.Command.Tool == CommandTool.Kubectl ? Tools.KubectlRead : Tools.AzRead, Action = read.Action, Command = read.Command.Words,
                Target = read.Object.Length == 0 ? read.Target.Value : $"{read.Target.Value}/{read.Object}", Lines = [read.Command.Program, .. read.Arguments],
            }
            : call;
    }
}
