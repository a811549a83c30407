using System.Text.Json.Nodes;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Cards;

/// <param name="People">Whom to mention: the plan's escalation people, when it is their turn.</param>
internal sealed record ReminderModel(CardModel Card, IReadOnlyList<Contact> People)
{
    /// <summary>A further reminder followed, or the proposal asks anew in another card.</summary>
    public bool Followed { get; init; }
}

/// <summary>Nobody has decided yet. A card and not a text, because only a card's mention knows people by their object id.</summary>
internal static class ReminderCard
{
    private const int MostPeople = 10;

    public static JsonObject Render(ReminderModel model)
    {
        var proposal = model.Card.Proposal;
        var asks = proposal.Status == ProposalStatus.AwaitingApproval && !model.Followed;
        var people = asks ? model.People.Take(MostPeople).Select(p => new Mention(p.Id, p.Name)).ToList() : [];
        List<CardElement> header = model.Card.Sandbox ? [ReviewCard.SandboxLine()] : [];
        header.Add(new TextBlock(Status(model, asks)) { Id = "status", Size = TextSize.Medium, Bold = true });
        if (model.Card.Incident is { } incident)
        {
            header.Add(new TextBlock(CardText.Of($"{incident.Named}")) { Id = "incident", Spacing = Spacing.None });
        }

        List<CardElement> body =
        [
            new Container(header) { Style = asks ? ContainerStyle.Warning : ContainerStyle.Emphasis, Bleed = true },
            new TextBlock(CardText.Of($"Proposed action: **{CardText.Outside(proposal.Operation.Title, 300)}**")) { Id = "action" },
            .. asks ? Asking(proposal, people) : [new TextBlock(CardText.Of($"Nothing to do here any more: the newest card of this thread shows how it stands.")) { Spacing = Spacing.Small }],
        ];
        return new AdaptiveCard(body, OutsideText.Plain($"{(asks ? "Still awaiting approval" : "Over")}: {OperationWords.Short(proposal.Operation)}", 200)) { Mentions = people }.ToJson();
    }

    private static CardText Status(ReminderModel model, bool asks) =>
        asks ? CardText.Of($"Awaiting approval: nobody has decided yet")
        : model.Followed ? CardText.Of($"Superseded: a newer card of this thread asks")
        : Headline.Of(model.Card).Status;

    private static IEnumerable<CardElement> Asking(Proposal proposal, List<Mention> people)
    {
        if (people.Count > 0)
        {
            yield return new TextBlock(CardText.Of($"{CardText.Join(", ", people.Select(p => p.Text))}: you are named for the case that nobody answers.")) { Id = "people" };
        }

        if (proposal.Deadline is { } deadline)
        {
            yield return new TextBlock(CardText.Of($"Decide on the card of this thread by {CardText.When(deadline)}. Otherwise it expires, and nothing is executed.")) { Id = "deadline", Spacing = Spacing.Small };
        }

        if (proposal.Extended is { } until)
        {
            var left = Waiting.MostExtensions - proposal.Waiting.Extensions.Count;
            yield return new TextBlock(CardText.Of($"An Administrator may have it wait until {CardText.When(until)} ({(left == 1 ? "for the last time" : "this can be done twice")}).")) { Spacing = Spacing.Small, Subtle = true };
            yield return new ActionSet([new ActionExecute("Keep waiting", Verbs.KeepWaiting, new ActionData(proposal.Id.Value, proposal.Revision))]) { Id = "buttons" };
        }
    }
}
