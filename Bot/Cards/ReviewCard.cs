using System.Text.Json.Nodes;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Cards;

/// <summary>
/// The card of one proposal, in every state of its life. Top to bottom as a person needs it at three in the morning: what state, how bad, what was found,
/// what would be done, the exact operation, the buttons; then the grounds.
/// </summary>
internal static class ReviewCard
{
    /// <summary>Left free while asking, for what a decision, a result and a check add later.</summary>
    private const int Reserve = 6_000;

    public static JsonObject Render(CardModel model)
    {
        JsonObject card = Compose(model, Room.All[0]);
        foreach (var room in Room.All.Skip(1).TakeWhile(_ => AdaptiveCard.SizeOf(card) > AdaptiveCard.LargestSize))
        {
            card = Compose(model, room);
        }

        return card;
    }

    /// <summary>False: the operation cannot be shown whole, so it cannot be proposed.</summary>
    public static bool Fits(CardModel model)
    {
        var asking = model with
        {
            Gated = model.Gated with
            {
                Proposal = model.Proposal with { Status = ProposalStatus.AwaitingApproval, Decision = null, Execution = null, Verification = null },
            },
        };
        return AdaptiveCard.SizeOf(Compose(asking, Room.All[^1])) <= AdaptiveCard.LargestSize - Reserve;
    }

    private static JsonObject Compose(CardModel model, Room room)
    {
        List<CardElement> body =
        [
            Header(model),
            .. Outcome(model, room),
            .. Proposed(model, room),
            .. ReviewButtons.Of(model.Proposal),
            .. Grounds(model, room),
        ];
        var words = OutsideText.Plain($"{model.Gated.Status}: {OperationWords.Short(model.Proposal.Operation)}", 200);
        return new AdaptiveCard(body, words).ToJson();
    }

    private static Container Header(CardModel model)
    {
        var headline = Headline.Of(model);
        List<CardElement> items = [];
        if (model.Sandbox)
        {
            items.Add(SandboxLine());
        }

        items.Add(new TextBlock(headline.Status) { Id = "status", Size = TextSize.Large, Bold = true, Color = headline.Color });
        if (model.Incident is { } incident)
        {
            var fired = incident.Firings > 1 ? CardText.Of($" · fired {incident.Firings} times") : CardText.Empty;
            items.Add(new TextBlock(CardText.Of($"**{CardText.Outside(incident.Severity, 20)}** · {CardText.Outside(incident.Title, 120)}{fired}")) { Id = "incident", Spacing = Spacing.None });
        }

        items.AddRange(headline.Lines.Where(l => !l.IsEmpty).Select(l => new TextBlock(l) { Spacing = Spacing.Small }));
        return new Container(items) { Style = headline.Style, Bleed = true };
    }

    public static TextBlock SandboxLine() =>
        new(CardText.Of($"**Sandbox** · practice only, nothing real is touched")) { Id = "sandbox", Size = TextSize.Small };

    /// <summary>What became of it: verdict of a card that cannot run, result of one that ran.</summary>
    private static IEnumerable<CardElement> Outcome(CardModel model, Room room)
    {
        if (model.Gated.Status is ProposalStatus.Blocked or ProposalStatus.Refused)
        {
            return [new Container([.. model.Gated.Verdict.Reasons.Take(Room.Reasons).SelectMany(r => Reason(r, room))]) { Id = "reasons" }];
        }

        if (model.Proposal.Execution is not { } execution)
        {
            return [];
        }

        List<Fact> facts = [new(CardText.Of($"Started"), CardText.When(execution.StartedAt))];
        if (execution.EndedAt is { } ended)
        {
            facts.Add(new(CardText.Of($"Ended"), CardText.When(ended)));
        }

        Add(facts, CardText.Of($"Result"), Result(execution));
        Add(facts, CardText.Of($"Code"), CardText.Outside(execution.Code, 100));
        Add(facts, CardText.Of($"Message"), CardText.Outside(execution.Message, room.Text));
        Add(facts, CardText.Of($"Seen since"), CardText.Outside(execution.Probe, room.Text));
        Add(facts, CardText.Of($"Correlation id"), CardText.Outside(execution.CorrelationId, 100));
        return [new FactSet(facts) { Id = "outcome" }];
    }

    private static CardText Result(ExecutionRecord execution) => execution.Outcome switch
    {
        Proposals.Outcome.Succeeded => CardText.Of($"Succeeded"),
        Proposals.Outcome.Failed => CardText.Of($"Failed"),
        Proposals.Outcome.Unknown => CardText.Of($"Not known"),
        _ => CardText.Empty,
    };

    /// <summary>A reason may end in the command that would mend it; that stands alone, whole, to be copied.</summary>
    private static IEnumerable<CardElement> Reason(string reason, Room room) => reason.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        line.TrimStart().StartsWith("az ", StringComparison.Ordinal)
            ? new TextBlock(CardText.Exact(line.Trim())) { Monospace = true, Size = TextSize.Small }
            : new TextBlock(CardText.Outside(line, Math.Max(room.Text, 300))));

    private static IEnumerable<CardElement> Proposed(CardModel model, Room room)
    {
        var operation = model.Proposal.Operation;
        yield return new TextBlock(CardText.Of($"I found that {CardText.Outside(model.Proposal.Finding.Present.TrimEnd('.'), Math.Max(room.Text, 200))}.")) { Id = "finding", Spacing = Spacing.Medium };
        yield return new TextBlock(CardText.Of($"**Proposed action: {CardText.Outside(operation.Title, 300)}**")) { Id = "action", Size = TextSize.Medium };
        yield return new TextBlock(CardText.Outside(OperationWords.Impact(operation), 300)) { Id = "impact", Spacing = Spacing.None };
        yield return new Container(
        [
            .. operation.Lines.Select((line, i) => new TextBlock(CardText.Exact(line))
            {
                Monospace = true,
                Size = TextSize.Small,
                Spacing = i == 0 ? Spacing.Default : Spacing.None,
            }),
        ])
        { Id = "operation", Style = ContainerStyle.Emphasis };
    }

    private static IEnumerable<CardElement> Grounds(CardModel model, Room room)
    {
        var proposal = model.Proposal;
        yield return new TextBlock(CardText.Of($"**Rollback:** {CardText.Outside(OperationWords.Rollback(proposal.Operation), 300)}")) { Id = "rollback", Separator = true };

        if (proposal.Finding.Evidence.Count > 0)
        {
            List<Fact> evidence = [.. proposal.Finding.Evidence.Take(room.Items).Select(e => new Fact(CardText.Outside(e.Label, 40), CardText.Outside(e.Text, room.Text)))];
            if (proposal.Finding.Evidence.Count > room.Items)
            {
                evidence.Add(new(CardText.Of($"Not shown"), CardText.Of($"{proposal.Finding.Evidence.Count - room.Items} more")));
            }

            yield return new TextBlock(CardText.Of($"Evidence")) { Bold = true };
            yield return new FactSet(evidence) { Id = "evidence", Spacing = Spacing.Small };
        }

        yield return new TextBlock(CardText.Of($"Ground rules")) { Bold = true };
        yield return new FactSet(Rules(model, room)) { Id = "rules", Spacing = Spacing.Small };
    }

    private static List<Fact> Rules(CardModel model, Room room)
    {
        var proposal = model.Proposal;
        List<Fact> facts = [];
        Add(facts, CardText.Of($"Permission"), CardText.Outside(model.Permission, room.Text));
        Add(facts, CardText.Of($"Runs in"), CardText.Outside(OperationWords.Context(proposal.Operation), 300));
        Add(facts, CardText.Of($"Run mode"), CardText.Of($"{model.Gated.Mode.ToString()}"));
        if (model.Gated.Status == ProposalStatus.AwaitingApproval)
        {
            Add(facts, CardText.Of($"Why it asks"), CardText.Join(" ", model.Gated.Verdict.Reasons.Take(Room.Reasons).Select(r => CardText.Outside(r, room.Text))));
        }

        Add(facts, CardText.Of($"Plan says"), CardText.Outside(model.Instructions, room.Text));
        Add(facts, CardText.Of($"Other runs"), List(model.OtherRuns, room));
        Add(facts, CardText.Of($"Not proposed"), List(model.NotProposed, room));
        Add(facts, CardText.Of($"Fingerprint"), CardText.Of($"{proposal.Fingerprint.Short}, revision {proposal.Revision}"));
        if (model.Gated.Status == ProposalStatus.AwaitingApproval)
        {
            Add(facts, CardText.Of($"Who decides"), model.Approvers.Length > 0 ? CardText.Outside(model.Approvers, 200) : CardText.Of($"Administrators only"));
            Add(facts, CardText.Of($"Decide by"), proposal.Deadline is { } deadline ? CardText.When(deadline) : CardText.Of($"{Words.Span(proposal.ApprovalExpiry)} after this message"));
        }

        return facts;
    }

    private static CardText List(IReadOnlyList<string> lines, Room room)
    {
        var shown = CardText.Join("; ", lines.Take(room.Items).Select(l => CardText.Outside(l, Math.Min(room.Text, 160))));
        return lines.Count > room.Items ? CardText.Of($"{shown}; and {lines.Count - room.Items} more") : shown;
    }

    private static void Add(List<Fact> facts, CardText title, CardText value)
    {
        if (!value.IsEmpty)
        {
            facts.Add(new(title, value));
        }
    }

    /// <summary>How much of the grounds is shown. The operation is never cut: what does not fit with the least room is not proposed.</summary>
    private sealed record Room(int Items, int Text)
    {
        public const int Reasons = 8;

        public static IReadOnlyList<Room> All { get; } = [new(12, 600), new(8, 200), new(4, 60)];
    }
}
