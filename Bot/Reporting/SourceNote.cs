using System.Globalization;
using RunModes.Bot.Cards;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Reporting;

/// <summary>What is written beside an incident at its source: what was found, and what was done about it. Plain text; whatever others wrote keeps to its line.</summary>
internal static class SourceNote
{
    /// <summary>Ends the note, and tells it apart from every other one.</summary>
    public static string Mark(RunId run) => $"[run {run}]";

    public static string Of(Finding finding, Proposal? proposal, string mark) => string.Join('\n', (string[])
    [
        $"SRE bot found that {Sentence(finding.Present)}",
        .. finding.Evidence.Take(4).Select(e => $"- {Plain(e.Label, 40)}: {Plain(e.Text, 300)}"),
        Done(proposal),
        mark,
    ]);

    private static string Done(Proposal? proposal)
    {
        if (proposal is null)
        {
            return "It proposed no operation, and nothing was done.";
        }

        var operation = Plain(proposal.Operation.Title, 300);
        var by = proposal.Decision is { Kind: DecisionKind.Approve } approved ? $"approved by {Plain(approved.By.Name, 80)} at {Time(approved.At)}" : "without asking, as its plan says";
        return proposal.Status switch
        {
            ProposalStatus.Denied when proposal.Decision is { } denied =>
                $"Proposed: {operation}. Denied by {Plain(denied.By.Name, 80)}{(denied.Reason is { } reason ? $": {Sentence(reason)}" : ".")} Nothing was executed.",
            ProposalStatus.Expired => $"Proposed: {operation}. Nobody decided in time, and nothing was executed.",
            ProposalStatus.Succeeded => $"Done: {operation}, {by}. {Measured(proposal)}",
            ProposalStatus.Failed => $"Failed: {operation}, {by}. {Sentence(proposal.Execution?.Message ?? proposal.StatusWhy)}",
            ProposalStatus.Indeterminate => $"Nobody knows whether this was carried out: {operation}, {by}. It is not tried again by itself.",
            var status => $"Proposed: {operation}. {status}: {Sentence(proposal.StatusWhy)} Nothing was executed.",
        };
    }

    private static string Measured(Proposal proposal) => proposal.Verification switch
    {
        { State: VerificationState.Recovered } watch => $"{watch.Signal.Label} is now normal ({OperationWords.BeforeAfter(watch)}).",
        { State: VerificationState.NotRecovered } watch => $"It did not help: {watch.Signal.Label} is still not normal ({OperationWords.BeforeAfter(watch)}). People are needed.",
        null => "",
        _ => "Whether it helped could not be measured.",
    };

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);

    private static string Sentence(string text) => Plain(text, 500).TrimEnd() is { Length: > 0 } plain ? plain[^1] is '.' or '!' or '?' or '…' ? plain : $"{plain}." : "";

    private static string Plain(string text, int limit) => OutsideText.Plain(text, limit);
}
