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
        var headline = Headline.Of(model);
        List<CardElement> body =
        [
            Header(model, headline),
            .. Hindrance(model, room),
            .. Proposed(model, room),
            .. Undo(model.Proposal),
            .. ReviewButtons.Of(model.Proposal),
            .. Outcome(model.Proposal, room),
            .. Grounds(model, room),
        ];
        return new AdaptiveCard(body, OutsideText.Plain($"{headline.Status}: {OperationWords.Short(model.Proposal.Operation)}", 200)).ToJson();
    }

    private static Container Header(CardModel model, Headline headline)
    {
        List<CardElement> items = [];
        if (model.Sandbox)
        {
            items.Add(SandboxLine());
        }

        items.Add(new TextBlock(headline.Status) { Id = "status", Size = TextSize.Large, Bold = true });
        if (model.Incident is { } incident)
        {
            var fired = incident.Firings > 1 ? CardText.Of($" · fired {incident.Firings} times") : CardText.Empty;
            items.Add(new TextBlock(CardText.Of($"{incident.Named}{Subject(incident, model.Proposal)}{fired}")) { Id = "incident", Spacing = Spacing.None });
        }

        items.AddRange(headline.Lines.Where(l => !l.IsEmpty).Select(l => new TextBlock(l) { Spacing = Spacing.Small }));
        return new Container(items) { Style = headline.Style, Bleed = true };
    }

    /// <summary>A title like "High memory" does not say of what.</summary>
    private static CardText Subject(IncidentFacts incident, Proposal proposal) => incident.Title.Contains(proposal.Operation.TargetName, StringComparison.OrdinalIgnoreCase)
        ? CardText.Empty
        : CardText.Of($" on {CardText.Outside(proposal.Operation.TargetName, 100)}");

    public static TextBlock SandboxLine() =>
        new(CardText.Of($"**Sandbox** · practice only, nothing real is touched")) { Id = "sandbox", Size = TextSize.Small };

    /// <summary>The verdict of a card that cannot run, first of all: it says what has to be mended.</summary>
    private static IEnumerable<CardElement> Hindrance(CardModel model, Room room) =>
        model.Gated.Status is ProposalStatus.Blocked or ProposalStatus.Refused
            ? [new Container([.. model.Gated.Verdict.Reasons.Take(Room.Reasons).SelectMany(r => Reason(r, room))]) { Id = "reasons", Spacing = Spacing.Medium }]
            : [];

    /// <summary>A reason may end in the command that would mend it; that stands alone and whole, to be copied.</summary>
    private static IEnumerable<CardElement> Reason(string reason, Room room) => reason.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line =>
        line.TrimStart().StartsWith("az ", StringComparison.Ordinal) ? Exactly([line.Trim()]) : (CardElement)new TextBlock(CardText.Outside(line, Math.Max(room.Text, 300))));

    private static Container Exactly(IReadOnlyList<string> lines) => new(
    [
        .. lines.Select((line, i) => new TextBlock(CardText.Exact(line)) { Monospace = true, Size = TextSize.Small, Spacing = i == 0 ? Spacing.Default : Spacing.None }),
    ])
    { Style = ContainerStyle.Emphasis };

    /// <summary>What became of it: one line when it went well, else with what Azure's support asks for.</summary>
    private static IEnumerable<CardElement> Outcome(Proposal proposal, Room room)
    {
        if (proposal.Execution is not { } execution)
        {
            return [];
        }

        IReadOnlyList<(CardText, CardText)> facts = execution.Outcome == Proposals.Outcome.Succeeded
            ?
            [
                (CardText.Of($"{OperationWords.Answerer(proposal.Operation)} answered at {Words.Clock(execution.EndedAt ?? execution.StartedAt)}"),
                    CardText.Outside(execution.Message is { Length: > 0 } said ? said.TrimEnd('.') : execution.Code, room.Text)),
                (CardText.Of($"Seen since"), CardText.Outside(execution.Probe, room.Text)),
            ]
            :
            [
                (CardText.Of($"Result"), CardText.Join(", ", [Result(execution), CardText.Outside(execution.Code, 100)])),
                (CardText.Of($"Message"), CardText.Outside(execution.Message, room.Text)),
                (CardText.Of($"Seen since"), CardText.Outside(execution.Probe, room.Text)),
                (CardText.Of($"Started"), CardText.When(execution.StartedAt)),
                (CardText.Of($"Correlation id"), CardText.Outside(execution.CorrelationId, 100)),
            ];
        return [Facts("outcome", facts)];
    }

    /// <summary>What the button under it would ask for, or what became of it.</summary>
    private static IEnumerable<CardElement> Undo(Proposal proposal)
    {
        CardText words = proposal switch
        {
            { MayBeUndone: true, Undo: { } undo } => CardText.Of($"{CardText.Outside(undo.Title, 300)}. Asks with a card of its own, and only while nothing else has changed."),
            { Undone: { Why: { } why } no } => CardText.Of($"not possible any more when {CardText.Outside(no.By.Name, 80)} asked, {CardText.When(no.At)}: {CardText.Outside(why, 300)}"),
            { Undone: { } asked } => CardText.Of($"proposed for **{CardText.Outside(asked.By.Name, 80)}**, {CardText.When(asked.At)}, with a card of its own."),
            _ => CardText.Empty,
        };
        return words.IsEmpty ? [] : [new TextBlock(CardText.Of($"**Undo:** {words}")) { Id = "undo", Spacing = Spacing.Medium }];
    }

    private static CardText Result(ExecutionRecord execution) => execution.Outcome switch
    {
        Proposals.Outcome.Failed => CardText.Of($"Failed"),
        Proposals.Outcome.Unknown => CardText.Of($"Not known"),
        _ => CardText.Empty,
    };

    /// <summary>The request was sent, or tried: the card looks back, and has nothing left to warn of.</summary>
    private static bool LooksBack(Proposal proposal) => proposal.Status is ProposalStatus.Succeeded or ProposalStatus.Failed or ProposalStatus.Indeterminate;

    private static IEnumerable<CardElement> Proposed(CardModel model, Room room)
    {
        var operation = model.Proposal.Operation;
        var finding = model.Proposal.Finding;
        var title = CardText.Outside(operation.Title, 300);
        var past = LooksBack(model.Proposal);
        var found = CardText.Outside((past ? finding.Past : finding.Present).TrimEnd('.'), Math.Max(room.Text, 200));
        yield return new TextBlock(past ? CardText.Of($"I found {found}.") : CardText.Of($"I found that {found}.")) { Id = "finding", Spacing = Spacing.Medium };
        yield return new TextBlock(past ? CardText.Of($"**Action: {title}**") : CardText.Of($"**Proposed action: {title}**")) { Id = "action", Size = TextSize.Medium };
        if (!past)
        {
            yield return new TextBlock(CardText.Outside(OperationWords.Impact(operation), 300)) { Id = "impact", Spacing = Spacing.None };
        }

        yield return Exactly(operation.Lines) with { Id = "operation" };
    }

    /// <summary>One line a fact, its label in front: a fact set cuts long words on a phone.</summary>
    private static IEnumerable<CardElement> Grounds(CardModel model, Room room)
    {
        var proposal = model.Proposal;
        if (!LooksBack(proposal))
        {
            yield return new TextBlock(CardText.Of($"**Rollback:** {CardText.Outside(OperationWords.Rollback(proposal.Operation), 300)}"))
            {
                Id = "rollback",
                Spacing = Spacing.Medium,
                Separator = true,
            };
        }

        var evidence = proposal.Finding.Evidence;
        if (evidence.Count > 0)
        {
            var rest = evidence.Count - room.Items;
            yield return Facts("evidence",
            [
                .. evidence.Take(room.Items).Select(e => (CardText.Outside(e.Label, 40), CardText.Outside(e.Text, room.Text))),
                (CardText.Of($"Not shown"), rest > 0 ? CardText.Of($"{rest} more") : CardText.Empty),
            ]) with { Separator = LooksBack(proposal) };
        }

        yield return Facts("rules", Rules(model, room));
    }

    private static Container Facts(string id, IEnumerable<(CardText Label, CardText Value)> facts) => new(
    [
        .. facts.Where(f => !f.Value.IsEmpty).Select((f, i) => new TextBlock(CardText.Of($"**{f.Label}:** {f.Value}")) { Spacing = i == 0 ? Spacing.Default : Spacing.Small }),
    ])
    { Id = id, Spacing = Spacing.Medium };

    private static IEnumerable<(CardText Label, CardText Value)> Rules(CardModel model, Room room)
    {
        var proposal = model.Proposal;
        yield return (CardText.Of($"Permission"), CardText.Outside(model.Permission, room.Text));
        yield return (CardText.Of($"Run mode"), CardText.Of($"{model.Gated.Mode.ToString()}"));
        if (!LooksBack(proposal))
        {
            yield return (CardText.Of($"Runs only while"), List([.. proposal.Operation.Preconditions.Select(p => p.Value == "true" ? p.Label : $"{p.Label} is {Named(p.Value)}")], room));
        }

        // The line above says it already when the mode alone asks.
        if (model.Gated.Status == ProposalStatus.AwaitingApproval && !(model.Gated.Verdict.Reasons is [var only] && only == model.Gated.Mode.AsReason))
        {
            yield return (CardText.Of($"Why it asks"), CardText.Join(" ", model.Gated.Verdict.Reasons.Take(Room.Reasons).Select(r => CardText.Outside(r, room.Text))));
        }

        if (model.Gated.Status is ProposalStatus.AwaitingApproval or ProposalStatus.Blocked)
        {
            yield return (CardText.Of($"The plan says"), CardText.Outside(model.Instructions, room.Text));
        }

        yield return (CardText.Of($"Other runs"), List(model.OtherRuns, room));
        yield return (CardText.Of($"Not proposed"), List(model.NotProposed, room));
        yield return (CardText.Of($"Runs in"), CardText.Outside(OperationWords.Context(proposal.Operation), 300));
        yield return (CardText.Of($"Fingerprint"), CardText.Of($"{proposal.Fingerprint.Short}, revision {proposal.Revision}"));
        if (model.Gated.Status == ProposalStatus.AwaitingApproval)
        {
            yield return (CardText.Of($"Who decides"), CardText.Outside(model.Approvers.Length > 0 ? model.Approvers : "Administrators only", 200));
            yield return (CardText.Of($"Decide by"), proposal.Deadline is { } deadline
                ? CardText.When(deadline)
                : CardText.Of($"{Words.Span(proposal.ApprovalExpiry)} after this message"));
        }

        yield return (CardText.Of($"Trace"), CardText.Outside(Correlation.Of(proposal.Incident), 32));
    }

    /// <summary>An id by its last segment: the whole of it is in the fingerprint.</summary>
    private static string Named(string value) => value.StartsWith('/') ? value[(value.LastIndexOf('/') + 1)..] : value;

    private static CardText List(IReadOnlyList<string> lines, Room room)
    {
        var shown = CardText.Join("; ", lines.Take(room.Items).Select(l => CardText.Outside(l, Math.Min(room.Text, 160))));
        return lines.Count > room.Items ? CardText.Of($"{shown}; and {lines.Count - room.Items} more") : shown;
    }

    /// <summary>How much of the grounds is shown. The operation is never cut: what does not fit with the least room is not proposed.</summary>
    private sealed record Room(int Items, int Text)
    {
        public const int Reasons = 8;

        public static IReadOnlyList<Room> All { get; } = [new(12, 600), new(8, 200), new(4, 60)];
    }
}
