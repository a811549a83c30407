using System.Text.RegularExpressions;
using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Investigation;

/// <summary>What a person asked for is looked into by its own rules; everything else by the runbooks.</summary>
internal sealed class CommandInvestigator(RunbookInvestigator runbooks, RequestedCommands commands) : IInvestigator
{
    public Task<Investigated> Investigate(Incident incident, ResponsePlan? plan, CancellationToken cancellation) =>
        incident.Command is { } command ? commands.Investigate(command, cancellation) : runbooks.Investigate(incident, plan, cancellation);

    public IReadOnlyList<string> WouldLook(Incident incident, ResponsePlan? plan) => incident.Command is null ? runbooks.WouldLook(incident, plan) : [];
}

/// <summary>
/// A typed command of az or kubectl, read anew from what was stored: a read runs here and its output is the finding; a change becomes an operation that waits for
/// the gate. What has an equivalent among the bot's own requests becomes that, with what its target is like now as its preconditions.
/// </summary>
internal sealed class RequestedCommands(CommandSettings settings, ToolReads reads, ClusterReader clusters, RequestedChanges changes, AzureContext agent)
{
    private readonly TimeProvider clock = clusters.Clock;

    public async Task<Investigated> Investigate(RequestedCommand command, CancellationToken cancellation)
    {
        var program = command.Tool == CommandTool.Kubectl ? "kubectl" : "az";
        return settings.Read(command.Tool, command.Typed) switch
        {
            CommandReading.Understood { Command.Effect: Effect.ReadOnly } read => await Answer(read, cancellation),
            CommandReading.Understood { Command.Equivalent: not null } change => await changes.Investigate(change, command.Provenance, cancellation),
            CommandReading.Understood { Command.Tool: CommandTool.Kubectl } change => await Bound(change, command, cancellation),
            CommandReading.Understood change => Proposed(Operation.ToolCall.Of(change, agent), command),
            CommandReading.Refused refused => Ended(Conclusion.NoRunbook, program, $"the {program} command is not run: {refused.Why}"),
            _ => Ended(Conclusion.CouldNotTell, program, $"the {program} command could not be read"),
        };
    }

    private async Task<Investigated> Answer(CommandReading.Understood read, CancellationToken cancellation)
    {
        var words = $"'{read.Command.Program} {read.About}'";
        var output = await reads.Read(read, cancellation);
        return output.Failed is { } why
            ? Ended(Conclusion.CouldNotTell, read.Target.NameInFull, $"{words} gave no answer: {why.TrimEnd('.')}")
            : new(new Finding(Conclusion.NeverSick, read.Target.NameInFull, words, words, [.. ReadOutput.Fold(output.Text)], Symptom: null, clock.GetUtcNow()) { IsAnswer = true }, Remedy: null);
    }

    /// <summary>What cannot be seen is not proposed: the command would be bound to nothing.</summary>
    private async Task<Investigated> Bound(CommandReading.Understood change, RequestedCommand command, CancellationToken cancellation)
    {
        var seen = Operation.ToolCall.Of(change, agent).InCluster is { } it ? await clusters.Get(it, cancellation) : new ArmAnswer.CouldNotRead("it is no object that can be read.");
        var (bound, why, gone) = ClusterBinding.Bind(change, agent, new(settings.Readers.Clusters), seen);
        return bound is not null ? Proposed(bound, command) : Ended(gone ? Conclusion.Gone : Conclusion.CouldNotTell, change.Target.NameInFull, why);
    }

    private Investigated Proposed(Operation.ToolCall operation, RequestedCommand command)
    {
        var (present, past) = Words(operation);
        var finding = new Finding(Conclusion.OtherCause, operation.TargetName, present, past, [], Symptom: null, clock.GetUtcNow()) { Asked = true };
        return new(finding, new Remedy(operation, command.Provenance, Recovery: null));
    }

    /// <summary>Nothing was measured, and the card says so.</summary>
    public static (string Present, string Past) Words(Operation operation) =>
        ($"a person asked for this command on {operation.TargetName}; nothing was measured that calls for it", $"that a person had asked for this command on {operation.TargetName}");

    private Investigated Ended(Conclusion conclusion, string subject, string words) => new(new Finding(conclusion, subject, words, words, [], Symptom: null, clock.GetUtcNow()), Remedy: null);
}

/// <summary>Output of a read as people can look at it: the beginning, line by line, without what looks like a credential, and how much more there is.</summary>
internal static partial class ReadOutput
{
    private const int MostLines = 40;
    private const int LongestLine = 200;
    private const int MostText = 6000;

    public static IEnumerable<Evidence> Fold(string output)
    {
        var lines = Redaction.Of(output.Split('\n')).Select(l => Columns().Replace(l.Trim(), " | ")).ToList();
        while (lines.Count > 0 && lines[^1].Length == 0)
        {
            lines.RemoveAt(lines.Count - 1);
        }

        if (lines.Count == 0)
        {
            yield return new(Evidence.Line, "(nothing)");
            yield break;
        }

        var (shown, length) = (0, 0);
        foreach (var line in lines.Take(MostLines).TakeWhile(l => (length += Math.Min(l.Length, LongestLine)) <= MostText))
        {
            shown++;
            yield return new(Evidence.Line, line.Length > LongestLine ? line[..LongestLine] + "…" : line);
        }

        if (lines.Count > shown)
        {
            yield return new("Not shown", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{lines.Count - shown} more lines"));
        }
    }

    /// <summary>Messages drop what sets the columns of a table apart.</summary>
    [GeneratedRegex(@"[ \t]{2,}")]
    private static partial Regex Columns();
}
