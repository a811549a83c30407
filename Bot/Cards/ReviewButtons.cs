using RunModes.Bot.Proposals;

namespace RunModes.Bot.Cards;

/// <summary>Which buttons a state has. Presentation alone: every click is authorised again on the server, whatever a client shows.</summary>
internal static class ReviewButtons
{
    public const string ReasonInput = "reason";
    public const int LongestReason = 500;

    public static IEnumerable<CardElement> Of(Proposal proposal)
    {
        var data = new ActionData(proposal.Id.Value, proposal.Revision);
        IReadOnlyList<CardButton> buttons =
        [
            .. proposal.Status switch
            {
                ProposalStatus.AwaitingApproval => (IEnumerable<CardButton>)[new ActionExecute("Approve", Verbs.Approve, data) { Style = ActionStyle.Positive }, Deny(data)],
                ProposalStatus.Blocked => [new ActionExecute("Re-check", Verbs.Recheck, data) { Style = ActionStyle.Positive }],
                ProposalStatus.Indeterminate when proposal.Annotation is null =>
                [
                    new ActionExecute("It was done", Verbs.Annotate, data with { Choice = ActionData.Done }),
                    new ActionExecute("It was not done", Verbs.Annotate, data with { Choice = ActionData.NotDone }),
                ],
                _ when proposal.MayBeUndone => [new ActionExecute("Undo", Verbs.Undo, data)],
                _ => [],
            },
            .. MayInvestigate(proposal) ? [Investigate(data)] : (CardButton[])[],
        ];
        // Buttons of one row do not wrap: three of them run over the edge of a phone.
        return buttons.Chunk(2).Select((row, i) => new ActionSet(row) { Id = i == 0 ? "buttons" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"buttons{i + 1}") });
    }

    public static ActionExecute Investigate(ActionData data) => new("Investigate again", Verbs.Investigate, data);

    private static bool MayInvestigate(Proposal proposal) => proposal.Status switch
    {
        ProposalStatus.Denied or ProposalStatus.Expired or ProposalStatus.Failed or ProposalStatus.Indeterminate => true,
        ProposalStatus.Succeeded => proposal.Verification?.State is VerificationState.NotRecovered or VerificationState.CouldNotTell,
        _ => false,
    };

    /// <summary>The reason sits inside the card that opens: a parent's button would not send it.</summary>
    private static ActionShowCard Deny(ActionData data) => new("Deny",
    [
        new InputText(ReasonInput, CardText.Of($"Why not? (optional, kept with the decision)"))
        {
            Multiline = true,
            MaxLength = LongestReason,
            Placeholder = "For example: deploy in progress, we are looking by hand",
        },
        new ActionSet([new ActionExecute("Confirm deny", Verbs.Deny, data) { Style = ActionStyle.Destructive }]),
    ])
    { Style = ActionStyle.Destructive };
}
