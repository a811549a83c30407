using RunModes.Bot.Cards;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Reporting;

/// <summary>
/// The plain messages: what the bot did by itself, and what it found when there was nothing to do. Ours in words, theirs neutralised: every text goes
/// through <see cref="CardText"/>, as a card's does.
/// </summary>
internal static class ReportText
{
    private const int MostEvidence = 12;

    /// <summary>The Autonomous result, sent once after the check has ended: "I found …", then what was done and the measured before → after.</summary>
    public static string Result(Proposal proposal, bool sandbox) => Say(sandbox, CardText.Of($"{Found(proposal.Finding)}\n\n{Done(proposal)}"));

    /// <summary>An investigation that ends without an operation.</summary>
    public static string NoAction(Finding finding, bool sandbox)
    {
        if (finding.IsAnswer)
        {
            return Answered(finding, sandbox);
        }

        var present = Sentence(finding.Present);
        var said = finding.Conclusion switch
        {
            Conclusion.NeverSick or Conclusion.Recovered => CardText.Of($"I found that {present} Nothing to do."),
            Conclusion.StoppedOnPurpose => CardText.Of($"I found that {present} It was stopped on purpose, so I leave it alone. Nothing to do."),
            Conclusion.Gone => CardText.Of($"I found that {present} There is nothing left to act on."),
            Conclusion.NoRunbook => CardText.Of($"I found that {present} I know no remedy for this: please have a look."),
            Conclusion.OtherCause => CardText.Of($"I found that {present} I propose nothing, because it would not help or would hide the cause: please have a look."),
            Conclusion.Informed => CardText.Of($"Done: {present}"),
            Conclusion.Sick => CardText.Of($"I found that {present}"),
            _ => CardText.Of($"Could not tell: {present} I propose nothing on a guess: please have a look."),
        };
        var evidence = finding.Evidence.Take(MostEvidence).Select(e => CardText.Of($"- **{CardText.Outside(e.Label, 40)}**: {CardText.Outside(e.Text, 300)}"));
        return Say(sandbox, CardText.Join("\n\n", [said, CardText.Join("\n", evidence)]));
    }

    /// <summary>What a program wrote, line by line: no line of it can be anything but text.</summary>
    private static string Answered(Finding finding, bool sandbox)
    {
        var lines = finding.Evidence.Select(e => e.Label == Evidence.Line
            ? CardText.Outside(e.Text, 300)
            : CardText.Of($"{CardText.Outside(e.Label, 40)}: {CardText.Outside(e.Text, 300)}"));
        return Say(sandbox, CardText.Of($"{CardText.Outside(finding.Present, 300)}:\n\n{CardText.Join("  \n", lines)}"));
    }

    public static string Blocked(Proposal proposal, IReadOnlyList<string> reasons, bool sandbox) =>
        Say(sandbox, CardText.Of($"{Found(proposal.Finding)}\n\nBlocked: I may not {Short(proposal)} as things are. {Sentences(reasons)}"));

    public static string Withdrawn(Proposal proposal, bool sandbox) =>
        Say(sandbox, CardText.Of($"{Found(proposal.Finding)}\n\nWithdrawn: I did not {Short(proposal)}. {Sentence(proposal.StatusWhy)}"));

    public static string HandedOver(string subject, int attempts, bool sandbox) =>
        Say(sandbox, CardText.Of($"**{CardText.Outside(subject, 100)}** is still not well after {attempts} attempts, and I stop here: this needs people now."));

    public static string FiredAgain(string title, string severity, int firings, bool sandbox) =>
        Say(sandbox, CardText.Of($"Fired again (**{CardText.Outside(severity, 20)}** · {CardText.Outside(title, 120)}), {firings} times so far. The run under way covers it."));

    public static string Expired(Proposal proposal, bool sandbox) =>
        Say(sandbox, CardText.Of($"Expired: nobody decided within {Words.Span(proposal.ApprovalExpiry)} whether to {Short(proposal)}. Nothing was executed, and the next firing is investigated anew."));

    public static string Stopped(string by, int blocked, int executing, bool sandbox) => Say(sandbox, CardText.Of(
        $"**Emergency stop**, pressed by {CardText.Outside(by, 80)}. No change starts until an Administrator writes `start`. {Caught(blocked, executing)}"));

    public static string Started(string by, bool sandbox) => Say(sandbox, CardText.Of(
        $"The emergency stop was ended by {CardText.Outside(by, 80)}. What it blocked is looked at again and asks for approval anew."));

    /// <summary>The bot lowered a plan by itself.</summary>
    public static string Demoted(string plan, IReadOnlyList<(DateTimeOffset At, string What)> lapses, TimeSpan window, bool sandbox)
    {
        var listed = CardText.Join("\n", lapses.Select(l => CardText.Of($"- {Words.Day(l.At)}, {Words.Clock(l.At)}: {CardText.Outside(l.What, 300)}")));
        return Say(sandbox, CardText.Of(
            $"**{CardText.Outside(plan, 64)} is set to Review.** It acted without asking, and that went wrong {Times(lapses.Count)} within {Words.Span(window)}:\n\n{listed}\n\nFrom now on it asks first. An Administrator raises it again with `set {CardText.Outside(plan, 64)} to autonomous`; the count then starts anew."));
    }

    private static string Times(int count) => count == 1 ? "once" : count == 2 ? "twice" : $"{count} times";

    /// <param name="lowered">What was Autonomous until now.</param>
    public static string PutBack(int asked, IReadOnlyList<string> lowered) => Say(false, CardText.Of(
        $"**My store was put back to an older state.** What was decided since then is forgotten, so no earlier decision counts: {asked} unfinished operations ask again. {Lowered(lowered)}"));

    private static CardText Lowered(IReadOnlyList<string> lowered) => lowered.Count == 0
        ? CardText.Of($"Please check with `plans` and `health` whether a stop or a changed plan was lost.")
        : CardText.Of($"Set to Review until an Administrator raises it again: {CardText.Outside(string.Join(", ", lowered), 500)}. Please check with `health` whether a stop was lost.");

    /// <summary>Posted once where the bot is installed. Says who must act before anything can be approved.</summary>
    public static string Welcome(string agent, string mode, bool approversConfigured, bool sandbox)
    {
        var name = CardText.Outside(agent, 60);
        List<CardText> parts =
        [
            CardText.Of($"Hello, I'm **{name}**. When an alert fires I investigate, and if an Azure operation would help I propose it here."),
            CardText.Of($"- **Review**: I ask first. An Administrator clicks Approve or Deny; nothing runs before.\n- **Autonomous**: I act at once, check that it helped, and report.\n\nThe default is **{mode}**. Each response plan and scheduled task can have its own."),
            CardText.Of($"Start with `help`, `plans`, `pending` or `health`. `stop` halts every change at once, and anyone on the team may say it."),
        ];
        if (!approversConfigured)
        {
            parts.Add(CardText.Of($"**Before anything can be approved** an administrator must name the approvers: `Roles:Administrator:Groups` in the settings, then `doctor` checks them."));
        }

        if (sandbox)
        {
            parts.Add(CardText.Of($"Try it: `practice prod` raises an alert that asks for your approval, `practice staging` one that I mend by myself."));
        }

        return Say(sandbox, CardText.Join("\n\n", parts));
    }

    /// <summary>What a notification shows for a card; plain, it knows no markup.</summary>
    public static string Summary(Proposal proposal, bool sandbox)
    {
        var what = OperationWords.Short(proposal.Operation);
        var said = proposal.Status switch
        {
            ProposalStatus.AwaitingApproval when proposal.Revision > 1 => $"Approval needed again: {what}",
            ProposalStatus.AwaitingApproval => $"Approval needed: {what}",
            ProposalStatus.Approved or ProposalStatus.Cleared => $"Approved: {what}",
            ProposalStatus.Succeeded => $"Done: {what}",
            ProposalStatus.Indeterminate => $"Result unknown, please look: {what}",
            ProposalStatus.Blocked => $"Blocked, needs an Administrator: {what}",
            var status => $"{status}: {what}",
        };
        return OutsideText.Plain(sandbox ? $"Sandbox · {said}" : said, 200);
    }

    private static CardText Caught(int blocked, int executing)
    {
        var caught = blocked > 0 ? CardText.Of($"{blocked} approved but not yet started: blocked.") : CardText.Empty;
        var running = executing > 0 ? CardText.Of($"{executing} already sent to Azure: these cannot be called back and are followed to their end.") : CardText.Empty;
        return CardText.Join(" ", [caught, running]);
    }

    private static CardText Done(Proposal proposal)
    {
        var subject = CardText.Outside(proposal.Operation.TargetName, 260);
        var did = CardText.Outside(OperationWords.Did(proposal.Operation), 40);
        var how = OperationWords.After(proposal.Operation);
        CardText Whole(CardText words) => how.Length == 0 ? words : CardText.Of($"{words} {CardText.Outside(how.TrimStart(), 80)}");
        if (proposal.Status == ProposalStatus.Failed)
        {
            return CardText.Of($"Failed: {subject} could not be {Whole(did)}. {Answer(proposal)}");
        }

        if (proposal.Status != ProposalStatus.Succeeded)
        {
            return CardText.Of($"Could not tell: nobody knows whether {subject} was {Whole(did)}. {Answer(proposal)} I do not try again by myself: please have a look.");
        }

        if (proposal.Verification is not { } watch)
        {
            return CardText.Of($"Done: I've {did} {Whole(subject)}.");
        }

        var measured = CardText.Of($"{OperationWords.BeforeAfter(watch)}");
        return watch.State switch
        {
            // What was asked for had no symptom that could be mended: the state is the result.
            VerificationState.Recovered when proposal.Finding.Asked && watch.Signal.InWords is not null => CardText.Of($"Done: I've {did} {Whole(subject)}. {watch.Signal.Label}: {measured}."),
            VerificationState.Recovered => CardText.Of($"Done: I've {did} {Whole(subject)}. {watch.Signal.Label} is now normal ({measured})."),
            VerificationState.NotRecovered => CardText.Of($"Not recovered: I've {did} {Whole(subject)}, but {Lower(watch.Signal.Label)} is still not normal ({measured}). People are needed."),
            VerificationState.Watching => CardText.Of($"Done: I've {did} {Whole(subject)}, and am checking whether it helped."),
            _ => CardText.Of($"Could not tell: I've {did} {Whole(subject)}, but {Lower(watch.Signal.Label)} could not be measured afterwards (before: {watch.Signal.Say(watch.Before)})."),
        };
    }

    /// <summary>What Azure said, for whoever has to ask Azure about it.</summary>
    private static CardText Answer(Proposal proposal)
    {
        var execution = proposal.Execution;
        var message = Sentence(execution?.Message ?? proposal.StatusWhy);
        var code = string.IsNullOrEmpty(execution?.Code) ? CardText.Empty : CardText.Of($"{CardText.Outside(execution.Code, 100)}:");
        var correlation = string.IsNullOrEmpty(execution?.CorrelationId) ? CardText.Empty : CardText.Of($"(Correlation id {CardText.Outside(execution.CorrelationId, 100)}.)");
        return CardText.Join(" ", [code, message, correlation]);
    }

    private static CardText Found(Finding finding) => CardText.Of($"I found {Sentence(finding.Past)}");

    private static CardText Short(Proposal proposal) => CardText.Outside(OperationWords.Short(proposal.Operation), 300);

    private static CardText Sentences(IReadOnlyList<string> reasons) => CardText.Join(" ", reasons.Take(8).Select(Sentence));

    private static CardText Sentence(string text)
    {
        var trimmed = text.TrimEnd();
        var safe = CardText.Outside(trimmed, 500);
        return safe.IsEmpty || trimmed[^1] is '.' or '!' or '?' or '…' ? safe : CardText.Of($"{safe}.");
    }

    private static string Lower(string label) => label.Length > 1 && char.IsLower(label[1]) ? char.ToLowerInvariant(label[0]) + label[1..] : label;

    /// <summary>Whatever is said in the practice world says that it is one.</summary>
    public static string Say(bool sandbox, CardText text) => sandbox
        ? CardText.Of($"Sandbox · practice only, nothing real is touched\n\n{text}").Markdown
        : text.Markdown;
}
