using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Hooks;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>Puts what hooks look at together, before and after the operations and the investigations of a run.</summary>
internal sealed class OperationHooks(RunTables tables, Governance governance, TagReader tags, TimeProvider clock)
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
        // A step of another tool is asked about as that.
        if (incident.Target is not { } target || (run.Steps is [var step, ..] && ToolStep.TryRead(step, out _, out _)))
        {
            return null;
        }

        var ruling = await governance.Ask(
            new ToolCall
            {
                Event = result is null ? HookEvent.PreToolUse : HookEvent.PostToolUse, Tool = Tools.ArmRead, Subject = run.Subject, Plan = run.Plan ?? run.Task, Effect = Effect.ReadOnly, Action = "*/read",
                Target = target.Value, TargetKey = "", Lines = [$"GET {target}"], Result = result is null ? null : new(true, result.Present),
            },
            cancellation);
        if (ruling.Opinion == HookOpinion.None)
        {
            return null;
        }

        var words = $"{target.Name} {(result is null ? "was not looked at" : "was looked at, and what was read is not used")}. {ruling.Words}";
        return new(Conclusion.CouldNotTell, target.Name, words, words, [], Symptom: null, clock.GetUtcNow());
    }

    private async Task<ToolCall> Known(ToolCall call, Candidate candidate, CancellationToken cancellation)
    {
        var measured = await tables.Ledger.Read(async t => FactCollector.IsNewerThan(candidate.Finding, await tables.Incidents.Find(t, candidate.Run.Incident)), cancellation);
        return call with { Measured = measured, Tags = governance.LooksAtTags(call) ? await TagsOf(candidate.Operation, cancellation) : Tags.None };
    }

    private Task<Tags> TagsOf(Operation operation, CancellationToken cancellation) => operation.Match(async arm =>
    {
        var (known, complete) = await tags.Read(arm.Target, arm.ApiVersion, cancellation);
        return new Tags([.. known.Select(t => new Tag(t.Key, t.Value))], complete);
    });

    private static ToolCall Of(Operation operation, Run run, HookEvent happened) => new()
    {
        Event = happened, Tool = ToolOf(operation), Subject = run.Subject, Plan = run.Plan ?? run.Task, Effect = operation.Effect,
        Action = operation.Match(arm => arm.Action), Target = operation.Match(arm => arm.Target.Value), TargetKey = operation.TargetKey, Lines = operation.Lines,
    };

    private static string ToolOf(Operation operation) => operation.Match(arm => operation.Effect == Effect.ReadOnly ? Tools.ArmRead : Tools.ArmWrite);
}
