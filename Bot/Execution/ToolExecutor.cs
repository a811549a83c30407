using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Execution;

/// <summary>Spends a permit on one run of az or kubectl and tells what became of it. It never tries a second time.</summary>
internal sealed partial class ToolExecutor(ToolRunner runner, AzureContext agent, ILogger<ToolExecutor> log)
{
    public async Task<ExecutionResult> Execute(ExecutionPermit permit, ReadyTool ready, CancellationToken cancellation)
    {
        var call = permit.Operation.Match(_ => throw new InvalidOperationException("A request is sent, no program runs for it."), tool => tool);
        var result = Objection(call) is { } objection
            ? ExecutionResult.NotSent(objection)
            : await Run(permit, ready, call, cancellation);
        Executed(log, call.Tool, call.Command, call.Key, permit.Claim.Value, result.Outcome, result.Code, result.Sent);
        return result;
    }

    private async Task<ExecutionResult> Run(ExecutionPermit permit, ReadyTool ready, Operation.ToolCall call, CancellationToken cancellation)
    {
        var (dead, started) = (false, false);
        ProgramEnd end;
        try
        {
            end = await runner.Run(ready, call.Tool, call.Scope, call.Arguments, call.Limit, () => started = !(dead = !permit.TryUse()), cancellation);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidOperationException or OperationCanceledException or ArgumentException)
        {
            // How far it got decides, not what went wrong.
            return started ? ExecutionResult.Doubtful("Lost", "its program was started, and its end was not seen") : ExecutionResult.NotSent("its program could not be prepared on this machine");
        }

        return dead
            ? ExecutionResult.NotSent($"the permit was used, or older than {ExecutionPermit.Life.TotalSeconds:0} seconds when {(call.Tool == CommandTool.Az ? "az" : "kubectl")} was ready", "PermitExpired")
            : ToolAnswer.Judge(call.Tool, end);
    }

    /// <summary>The catalogue, the settings and the identity of this build, not those of the day it was proposed, say what may run: written anew, it has to be the same.</summary>
    private string? Objection(Operation.ToolCall call)
    {
        if (call.Context != agent)
        {
            return "it was approved for another cloud, tenant or identity";
        }

        return call.Known is not null && Again(call) is CommandReading.Understood again && Operation.ToolCall.Of(again, agent) == call
            ? null
            : "this version of the bot, or its settings, would not write this command";
    }

    /// <summary>Read as if somebody typed it, without what the bot adds by itself.</summary>
    private CommandReading? Again(Operation.ToolCall call)
    {
        IReadOnlyList<string> typed = call.Tool == CommandTool.Az ? WithoutPair(call.Arguments.Where(a => a != "--only-show-errors").ToList(), "--output")
            : Clustered(WithoutPair([.. call.Arguments], "--request-timeout"), call.Scope);
        return runner.Settings.Read(call.Tool, string.Join(' ', typed.Select(a => a.Contains(' ', StringComparison.Ordinal) ? $"\"{a}\"" : a)));
    }

    /// <summary>By the name that the settings give it; its kubeconfig may call it otherwise.</summary>
    private List<string> Clustered(List<string> words, ResourceId scope)
    {
        var at = words.IndexOf("--context");
        if (at >= 0 && at + 1 < words.Count && runner.Settings.Clusters.FirstOrDefault(c => c.Known.Id.Equals(scope))?.Known.Name is { } name)
        {
            words[at + 1] = name;
        }

        return words;
    }

    private static List<string> WithoutPair(List<string> words, string option)
    {
        var at = words.IndexOf(option);
        if (at >= 0)
        {
            words.RemoveRange(at, Math.Min(2, words.Count - at));
        }

        return words;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Tool} {Command} on {Target} under claim {Claim}: {Outcome} ({Code}), started: {Sent}")]
    private static partial void Executed(ILogger log, CommandTool tool, string command, string target, string claim, Outcome outcome, string code, bool sent);
}

/// <summary>Before anything is claimed: a permit's ten seconds are for looking once more and for the start, not for a program that signs in.</summary>
internal sealed class ToolPreparation(ToolRunner runner)
{
    /// <returns>Null: no program runs for it. Whoever asked disposes of it, whatever becomes of the operation.</returns>
    public async Task<ReadyTool?> Prepare(Operation operation, CancellationToken cancellation) =>
        operation.Match<CommandTool?>(_ => null, call => call.Tool) is { } tool ? await runner.Prepare(tool, cancellation, ToolIdentity.Actor) : null;
}

/// <summary>Whoever does what the permit is for.</summary>
internal sealed class OperationExecutor(ArmExecutor arm, ToolExecutor tool, RecentRights recent)
{
    /// <param name="ready">For an operation that a program does.</param>
    public async Task<ExecutionResult> Execute(ExecutionPermit permit, ReadyTool? ready, CancellationToken cancellation)
    {
        var result = await permit.Operation.Match(
            _ => arm.Execute(permit, cancellation),
            _ => ready is null ? Task.FromResult(ExecutionResult.NotSent("its program was not made ready")) : tool.Execute(permit, ready, cancellation));
        if (result is { Sent: true, Outcome: not Outcome.Succeeded })
        {
            // A refusal is the truth, whatever the forecast was.
            recent.Forget();
        }

        return result;
    }
}

/// <summary>What is done before the claim, and what after it.</summary>
internal sealed record Executors(ToolPreparation Preparation, OperationExecutor Operations);
