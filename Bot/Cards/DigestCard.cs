using System.Text.Json.Nodes;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Cards;

/// <param name="Pending">What waits for people in the thread, oldest first.</param>
internal sealed record DigestModel(string Plan, string Date, IReadOnlyList<Proposal> Pending)
{
    public bool Sandbox { get; init; }
}

/// <summary>The root of a digest thread: a list of what waits in it. It has no buttons: each operation is decided on its own card.</summary>
internal static class DigestCard
{
    public static JsonObject Render(DigestModel model)
    {
        for (var lines = model.Pending.Count; ; lines = lines * 3 / 4)
        {
            var card = Of(model, lines);
            if (lines == 0 || AdaptiveCard.SizeOf(card) <= AdaptiveCard.LargestSize)
            {
                return card;
            }
        }
    }

    public static string Summary(DigestModel model) => OutsideText.Plain($"{Words(model)}: plan {model.Plan}, {model.Date}", 200);

    private static string Words(DigestModel model) => model.Pending.Count switch
    {
        0 => "Done: nothing waits for a decision",
        1 => "Awaiting approval: 1 operation waits for a decision",
        var many => $"Awaiting approval: {many} operations wait for a decision",
    };

    private static JsonObject Of(DigestModel model, int lines)
    {
        var some = model.Pending.Count > 0;
        List<CardElement> header = model.Sandbox ? [ReviewCard.SandboxLine()] : [];
        header.Add(new TextBlock(CardText.Of($"{Words(model)}")) { Id = "status", Size = TextSize.Medium, Bold = true });
        header.Add(new TextBlock(CardText.Of($"Plan **{CardText.Outside(model.Plan, 64)}**, {model.Date} (UTC)")) { Id = "digest", Spacing = Spacing.None });
        List<CardElement> body = [new Container(header) { Style = some ? ContainerStyle.Warning : ContainerStyle.Emphasis, Bleed = true }];
        if (lines > 0)
        {
            // Bullets of our own: clients draw a Markdown list wider than a phone.
            body.Add(new TextBlock(CardText.Join("\n\n", model.Pending.Take(lines).Select(Line))) { Id = "pending" });
        }

        if (model.Pending.Count - lines is var more and > 0)
        {
            body.Add(new TextBlock(CardText.Of($"and {more} more: write `pending`")) { Id = "more", Spacing = Spacing.Small });
        }

        body.Add(new TextBlock(CardText.Join(" ", [CardText.Of($"{(some ? "Each has a card of its own in this thread, to be decided there." : "")}"), CardText.Of($"Sev0 and Sev1 are never collected here.")])) { Spacing = Spacing.Small, Subtle = true });
        return new AdaptiveCard(body, Summary(model)).ToJson();
    }

    private static CardText Line(Proposal proposal) => CardText.Of(
        $"• **{CardText.Outside(OperationWords.Short(proposal.Operation), 200)}** · {Until(proposal)}");

    private static CardText Until(Proposal proposal) => proposal switch
    {
        { Status: ProposalStatus.Blocked } => CardText.Of($"blocked"),
        { Deadline: { } deadline } => CardText.Of($"decide by {CardText.When(deadline)}"),
        _ => CardText.Of($"its card is on the way"),
    };
}
