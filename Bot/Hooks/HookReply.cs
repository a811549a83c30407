using System.Text.Json;
using RunModes.Bot.Execution;
using RunModes.Bot.Gate;

namespace RunModes.Bot.Hooks;

/// <summary>Reads what a hook's program answered. What cannot be read is a failure, and blocks unless the deployer said otherwise; silence in time always blocks.</summary>
internal static class HookReply
{
    private const int LongestReason = 300;

    /// <param name="reason">Of the hook, for an objection that brings none.</param>
    public static (HookOpinion Opinion, string Why) Of(ProcessEnd end, HookCheck.Command command, TimeSpan timeout, string reason) => end.Fate switch
    {
        ProcessFate.TimedOut => (HookOpinion.Block, FormattableString.Invariant($"it did not answer within {timeout.TotalSeconds:0} s, and that always blocks. Make the program faster, or raise its Timeout")),
        ProcessFate.TooMuchOutput => Failed(command, $"it printed {HookProcess.MostOutput / 1024} KB or more, or left something behind that went on printing. It has to print one JSON object, or nothing"),
        ProcessFate.Ended => Ended(end, command, reason),
        _ => Failed(command, $"it could not be started ({Cut(end.Errors)}). Check {command.Script}: it has to be there and executable"),
    };

    private static (HookOpinion, string) Ended(ProcessEnd end, HookCheck.Command command, string reason) => end.ExitCode switch
    {
        0 when end.Output.AsSpan().Trim().IsEmpty => (HookOpinion.None, ""),
        0 => Parsed(end.Output, reason) ?? Failed(command, "what it printed is not an answer. It has to be nothing, or one JSON object with \"ok\" or \"decision\""),
        2 => (HookOpinion.Block, Cut(end.Errors) is { Length: > 0 } said ? said : reason),
        var code => Failed(command, FormattableString.Invariant($"it ended with exit code {code}. 0 is no objection and 2 is one")),
    };

    private static (HookOpinion, string)? Parsed(string output, string otherwise)
    {
        try
        {
            using var document = JsonDocument.Parse(output, new JsonDocumentOptions { AllowDuplicateProperties = false });
            if (document.RootElement is not { ValueKind: JsonValueKind.Object } root)
            {
                return null;
            }

            var reason = root.TryGetProperty("reason", out var given) && given.ValueKind == JsonValueKind.String && Cut(given.GetString()!) is { Length: > 0 } said ? said : otherwise;
            var opinions = new[] { Ok(root), Decision(root) };
            // Exactly one of the two forms: an answer that says two things says nothing.
            return opinions.Count(o => o.Said) == 1 && opinions.Single(o => o.Said).Opinion is { } opinion ? (opinion, opinion == HookOpinion.None ? "" : reason) : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static (bool Said, HookOpinion? Opinion) Ok(JsonElement root) => !root.TryGetProperty("ok", out var ok) ? (false, null) : ok.ValueKind switch
    {
        JsonValueKind.True => (true, HookOpinion.None),
        JsonValueKind.False => (true, HookOpinion.Block),
        _ => (true, null),
    };

    private static (bool Said, HookOpinion? Opinion) Decision(JsonElement root) => !root.TryGetProperty("decision", out var decision) ? (false, null)
        : decision.ValueKind != JsonValueKind.String ? (true, null)
        : decision.GetString() switch
        {
            "allow" => (true, HookOpinion.None),
            "ask" => (true, HookOpinion.Ask),
            "block" or "deny" => (true, HookOpinion.Block),
            _ => (true, null),
        };

    private static (HookOpinion, string) Failed(HookCheck.Command command, string why) => command.FailMode == FailMode.Allow
        ? (HookOpinion.None, $"It gave no answer: {why}. Its FailMode is allow.")
        : (HookOpinion.Block, why);

    private static string Cut(string text) => text.Trim() is var trimmed && trimmed.Length > LongestReason ? trimmed[..LongestReason] + "…" : trimmed;
}
