using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Execution;

/// <param name="Failed">Null: it ended well.</param>
internal sealed record ToolOutput(string Text, string? Failed)
{
    /// <summary>What its server called the failure: "NotFound".</summary>
    public string? Code { get; init; }
}

/// <summary>Runs what was classified as a read, and nothing else: no permit is asked for, because nothing changes.</summary>
internal sealed class ToolReads(ToolRunner runner)
{
    /// <param name="keep">Of its output, in characters.</param>
    public async Task<ToolOutput> Read(CommandReading.Understood understood, CancellationToken cancellation, int keep = Subprocess.MostKept)
    {
        if (understood.Command.Effect != Effect.ReadOnly)
        {
            throw new ArgumentException($"{understood.Command.Words} is no read.", nameof(understood));
        }

        var end = await runner.Run(understood.Command.Tool, understood.Target, understood.Arguments, understood.Command.Limit, cancellation, keep: keep);
        return end switch
        {
            ProgramEnd.Exited { Code: 0 } read => new(read.Output, null),
            ProgramEnd.Exited failed => new("", $"{understood.Command.Program} ended with {failed.Code}: {ToolAnswer.FirstLine(failed.Errors)}") { Code = ToolAnswer.CodeOf(failed.Errors) },
            ProgramEnd.Killed { TimedOut: true } => new("", $"{understood.Command.Program} did not answer within {understood.Command.Limit.TotalSeconds:0} seconds and was ended"),
            ProgramEnd.NotStarted not => new("", not.Why),
            _ => new("", "the bot is stopping"),
        };
    }
}
