using System.Text;
using System.Text.RegularExpressions;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Execution;

/// <summary>What the end of a program means. That it failed does not mean that nothing was done: only what its server refused in words is Failed.</summary>
internal static partial class ToolAnswer
{
    /// <summary>Answers after which nobody knows: the server broke off, or may still be at it.</summary>
    private static readonly string[] Doubtful = ["Internal", "Timeout", "TimedOut", "Unavailable", "Gateway", "Retryable", "Unknown", "ServerError"];

    private static readonly string[] NoConnection = ["connection refused", "no such host", "network is unreachable"];

    public static ExecutionResult Judge(CommandTool tool, ProgramEnd end)
    {
        var result = Ended(tool, end);
        return result.Sent && end.Changes is { } times and not 1 ? result with { Message = $"{result.Message.TrimEnd('.')}; by its own log {Name(tool)} sent {(times == 0 ? "no change" : $"the change {times} times")}." } : result;
    }

    private static ExecutionResult Ended(CommandTool tool, ProgramEnd end) => end switch
    {
        ProgramEnd.NotStarted not => ExecutionResult.NotSent(not.Why.TrimEnd('.')),
        ProgramEnd.Killed killed => ExecutionResult.Doubtful("TimedOut", killed.TimedOut ? $"{Name(tool)} did not end in its time and was ended" : $"the bot stopped, and ended {Name(tool)} before it was done"),
        ProgramEnd.Exited { Code: 0 } => new(Outcome.Succeeded, "Accepted", $"{Name(tool)} ended well", CorrelationId: null, Sent: true),
        ProgramEnd.Exited failed => Judge(tool, failed),
        _ => ExecutionResult.Doubtful("Unknown", "how it ended is not known"),
    };

    private static ExecutionResult Judge(CommandTool tool, ProgramEnd.Exited failed)
    {
        var words = FirstLine(failed.Errors);
        if (tool == CommandTool.Az && failed.Code == 2)
        {
            return ExecutionResult.NotSent($"az does not know the command as this version of the bot writes it: {words.TrimEnd('.')}", "NotParsed");
        }

        var code = Code().Match(failed.Errors) is { Success: true } found ? found.Groups["code"].Value : null;
        if (code is not null)
        {
            return Doubtful.Any(d => code.Contains(d, StringComparison.OrdinalIgnoreCase))
                ? ExecutionResult.Doubtful(code, words.TrimEnd('.'))
                : new(Outcome.Failed, ArmError.Clean(code, 100), words, CorrelationId: null, Sent: true);
        }

        if (tool == CommandTool.Kubectl && KubectlErrors.Judge(failed.Errors) is (var said, var sent))
        {
            return sent ? new(Outcome.Failed, said, words, CorrelationId: null, Sent: true) : ExecutionResult.NotSent(words.TrimEnd('.'), said);
        }

        // kubectl asks first and changes last; az goes on asking after the change, and a connection that is refused then says nothing about it.
        return tool == CommandTool.Kubectl && NoConnection.Any(n => failed.Errors.Contains(n, StringComparison.OrdinalIgnoreCase))
            ? ExecutionResult.NotSent($"the cluster does not answer; check that it runs and that its address is right: {words.TrimEnd('.')}", "NotReached")
            : ExecutionResult.Doubtful($"Exit{failed.Code}", $"{Name(tool)} ended with {failed.Code}: {words.TrimEnd('.')}");
    }

    /// <summary>The line that says what went wrong, without what looks like a secret.</summary>
    public static string FirstLine(string errors)
    {
        var lines = errors.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return ArmError.Clean(
            KubectlErrors.GaveUp(errors) ?? lines.FirstOrDefault(l => l.StartsWith("ERROR", StringComparison.OrdinalIgnoreCase) && !l.EndsWith("Here is the traceback:", StringComparison.Ordinal)) ?? lines.LastOrDefault() ?? "it said nothing", 300);
    }

    public static Version? AzVersion(string output) =>
        ArmJson.Parse(Encoding.UTF8.GetBytes(output)) is { } json && Version.TryParse(json.Text("azure-cli"), out var version) ? version : null;

    public static string? KubectlVersion(string output) =>
        ArmJson.Parse(Encoding.UTF8.GetBytes(output)) is { } json && json.Member("clientVersion")?.Text("gitVersion") is { Length: > 0 } said ? ArmError.Clean(said, 40) : null;

    private static string Name(CommandTool tool) => tool == CommandTool.Kubectl ? "kubectl" : "az";

    /// <summary>"ERROR: (AuthorizationFailed) …" of az, "Error from server (Forbidden): …" of kubectl.</summary>
    [GeneratedRegex(@"^(?:ERROR: |Error from server )\((?<code>[A-Za-z0-9_.]{1,80})\)", RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Code();
}
