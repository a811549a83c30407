using RunModes.Bot.Proposals;

namespace RunModes.Bot.Cards;

/// <summary>The state in one glance: its word, a colour behind it that never speaks alone, and the one or two sentences that belong to it.</summary>
internal sealed record Headline(CardText Status, ContainerStyle Style, IReadOnlyList<CardText> Lines)
{
    public static Headline Of(CardModel model)
    {
        var proposal = model.Proposal;
        var why = CardText.Outside(proposal.StatusWhy, 300);
        return proposal.Status switch
        {
            ProposalStatus.AwaitingApproval => Asks(CardText.Of($"Awaiting approval"), proposal.Revision > 1
                ? CardText.Of($"Asks again (revision {proposal.Revision}): {Or(why, CardText.Of($"what was shown before no longer holds."))}")
                : why, CardText.Outside(proposal.Waiting.Note, 400), CardText.Outside(model.Astray, 300)),
            ProposalStatus.Cleared => Busy(CardText.Of($"Approved by the run mode"), CardText.Of($"Nobody is asked: {model.Gated.Mode.ToString()}."), why),
            ProposalStatus.Approved => Busy(CardText.Of($"Approved"), Decided(proposal), Or(why, CardText.Of($"Starting now.")), StartBy(proposal)),
            ProposalStatus.Executing => Busy(CardText.Of($"Executing"), UnderWay(proposal), Decided(proposal), why),
            ProposalStatus.Succeeded => Done(proposal),
            ProposalStatus.Failed => Bad(CardText.Of($"Failed"), Or(Answer(proposal), Or(why, CardText.Of($"{OperationWords.Answerer(proposal.Operation)} did not carry it out."))), Decided(proposal)),
            ProposalStatus.Indeterminate => Bad(
                proposal.Annotation is null ? CardText.Of($"Indeterminate: nobody knows yet whether it happened") : CardText.Of($"Indeterminate: no answer, but looked at"),
                Noted(proposal),
                why,
                proposal.Annotation is null ? CardText.Of($"It is not tried again by itself. Look at the resource before doing anything else.") : CardText.Empty,
                proposal.NextPoll is not null ? CardText.Of($"Azure goes on being asked after it; if it tells how it ended, this card follows.") : CardText.Empty,
                Decided(proposal)),
            ProposalStatus.Blocked => Held(CardText.Of($"Blocked: cannot run as things are"), why),
            ProposalStatus.Denied => Over(CardText.Of($"Denied"), Decided(proposal), CardText.Of($"Nothing was executed, and nothing else is offered in this incident unless somebody has it investigated again.")),
            ProposalStatus.Expired => Over(CardText.Of($"Expired"), Or(why, CardText.Of($"Nobody decided in time.")), CardText.Of($"Nothing was executed. This is not a denial."), Decided(proposal)),
            ProposalStatus.Superseded => Over(CardText.Of($"Superseded"), Or(why, CardText.Of($"A newer proposal took its place.")), CardText.Of($"Nothing was executed from this card.")),
            ProposalStatus.Withdrawn => Over(CardText.Of($"Withdrawn"), why, CardText.Of($"Nothing was executed."), Decided(proposal)),
            _ => Bad(CardText.Of($"{(model.Gated.Verdict.ByHook ? "Refused: a hook forbids it" : "Refused: the bot never does this")}"), why, CardText.Of($"Nothing was executed."), Decided(proposal)),
        };
    }

    /// <summary>"Approved by Ada Lovelace, …", with the reason that was given.</summary>
    public static CardText Decided(Proposal proposal)
    {
        if (proposal.Decision is not { } decision)
        {
            return CardText.Empty;
        }

        var what = decision.Kind == DecisionKind.Approve ? CardText.Of($"Approved") : CardText.Of($"Denied");
        var line = CardText.Of($"{what} by **{CardText.Outside(decision.By.Name, 80)}**, {CardText.When(decision.At)}");
        return string.IsNullOrWhiteSpace(decision.Reason) ? line : CardText.Of($"{line}. Reason: {CardText.Outside(decision.Reason, 400)}");
    }

    private static Headline Done(Proposal proposal)
    {
        var decided = Decided(proposal);
        if (proposal.Verification is not { } watch)
        {
            return proposal.Recovery is null ? Good(CardText.Of($"Done"), decided) : Busy(CardText.Of($"Done, checking…"), decided);
        }

        var signal = watch.Signal.Label;
        var measured = OperationWords.BeforeAfter(watch);
        return watch.State switch
        {
            VerificationState.Recovered when proposal.Finding.Asked => Good(CardText.Of($"Done"), CardText.Of($"{signal} is normal (**{measured}**)."), decided),
            VerificationState.Recovered => Good(CardText.Of($"Done, recovered"), CardText.Of($"{signal} is now normal (**{measured}**)."), decided),
            VerificationState.NotRecovered => Bad(
                CardText.Of($"Done, but not recovered"), CardText.Of($"{signal} is not normal (**{measured}**). People are needed."), decided),
            VerificationState.Watching => Busy(
                CardText.Of($"Done, checking…"),
                CardText.Of($"{signal} was {watch.Signal.Say(watch.Before)}; the result of the check will be here by {CardText.When(watch.GiveUpAt)}."),
                decided),
            _ => Held(
                CardText.Of($"Done, but could not tell whether it recovered"),
                CardText.Of($"{signal} could not be measured afterwards (before: {watch.Signal.Say(watch.Before)})."),
                decided),
        };
    }

    /// <summary>Since when, how far by Azure's own word, and when people will be told that nobody knows.</summary>
    private static CardText UnderWay(Proposal proposal)
    {
        if (proposal.Execution is not { } execution)
        {
            return CardText.Empty;
        }

        return execution.Following is { } following
            ? CardText.Of($"Azure accepted it at {Words.Clock(following.Since)} and is working on it{(following.Progress.Length > 0 ? CardText.Of($": {CardText.Outside(following.Progress, 80)}") : CardText.Empty)}. The result is here by {CardText.When(following.Until)}.")
            : CardText.Of($"Since {Words.Clock(execution.StartedAt)}; {OperationWords.Answerer(proposal.Operation)} has not answered yet.");
    }

    /// <summary>"409 Conflict: Cannot modify this site…"</summary>
    private static CardText Answer(Proposal proposal) => CardText.Join(": ",
        [CardText.Outside(proposal.Execution?.Code, 100), CardText.Outside(proposal.Execution?.Message, 400)]);

    private static CardText StartBy(Proposal proposal) =>
        proposal.UseBy is { } useBy ? CardText.Of($"If it has not started by {CardText.When(useBy)}, it expires.") : CardText.Empty;

    private static CardText Noted(Proposal proposal) => proposal.Annotation switch
    {
        null => CardText.Empty,
        { Done: true } note => CardText.Of($"**{CardText.Outside(note.By.Name, 80)}** noted that **it was done**, {CardText.When(note.At)}"),
        var note => CardText.Of($"**{CardText.Outside(note.By.Name, 80)}** noted that **it was not done**, {CardText.When(note.At)}"),
    };

    private static CardText Or(CardText first, CardText otherwise) => first.IsEmpty ? otherwise : first;

    private static Headline Asks(CardText status, params CardText[] lines) => new(status, ContainerStyle.Accent, lines);

    private static Headline Busy(CardText status, params CardText[] lines) => new(status, ContainerStyle.Emphasis, lines);

    private static Headline Good(CardText status, params CardText[] lines) => new(status, ContainerStyle.Good, lines);

    private static Headline Held(CardText status, params CardText[] lines) => new(status, ContainerStyle.Warning, lines);

    private static Headline Bad(CardText status, params CardText[] lines) => new(status, ContainerStyle.Attention, lines);

    private static Headline Over(CardText status, params CardText[] lines) => new(status, ContainerStyle.Emphasis, lines);
}
