using System.Text.Json.Nodes;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Cards;

/// <summary>It fires again after a Deny: nothing is offered by itself, but nobody may miss that it goes on.</summary>
internal static class DeniedAgainNotice
{
    /// <param name="denied">The proposal that was denied; its id is what the button names.</param>
    public static JsonObject Render(Proposal denied, IncidentFacts incident, DateTimeOffset firedAt, bool sandbox)
    {
        List<CardElement> header = sandbox ? [ReviewCard.SandboxLine()] : [];
        header.Add(new TextBlock(CardText.Of($"Denied before, and it fires again")) { Id = "status", Size = TextSize.Large, Bold = true });
        header.Add(new TextBlock(CardText.Of($"{incident.Named} · firing {incident.Firings}, {CardText.When(firedAt)}"))
        {
            Id = "incident",
            Spacing = Spacing.None,
        });

        List<CardElement> body =
        [
            new Container(header) { Style = ContainerStyle.Attention, Bleed = true },
            new TextBlock(CardText.Of($"Denied action: **{CardText.Outside(denied.Operation.Title, 300)}**")) { Id = "action" },
            new TextBlock(Headline.Decided(denied)) { Id = "decision", Spacing = Spacing.Small },
            new TextBlock(CardText.Of($"Nothing is proposed again by itself in this incident.")) { Spacing = Spacing.Small },
            new ActionSet([ReviewButtons.Investigate(new ActionData(denied.Id.Value, denied.Revision))]) { Id = "buttons" },
        ];
        return new AdaptiveCard(body, OutsideText.Plain($"Fires again after a denial: {denied.Operation.TargetName}", 200)).ToJson();
    }
}
