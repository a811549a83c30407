using System.Text.Json.Nodes;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Cards;

internal enum ConfirmationState { Expired = 0, Pending, Confirmed, Cancelled }

/// <summary>A change of settings that raises autonomy, stored on the server and waiting for the Administrator who asked for it.</summary>
/// <param name="Id">Of the stored confirmation; the card carries nothing else.</param>
/// <param name="Change">"Set plan prod-web to Autonomous".</param>
/// <param name="NoLongerAsked">What runs without asking from then on, one line each. The reason for having this card at all.</param>
/// <param name="StaysAsked">What still asks or stops, one line each.</param>
internal sealed record ConfirmationModel(
    string Id,
    ConfirmationState State,
    Who AskedBy,
    string Change,
    string Before,
    string After,
    IReadOnlyList<string> NoLongerAsked,
    IReadOnlyList<string> StaysAsked,
    DateTimeOffset ExpiresAt)
{
    public bool Sandbox { get; init; }

    /// <summary>What is edited, field by field, besides what <see cref="Before"/> and <see cref="After"/> say.</summary>
    public IReadOnlyList<FieldChange> Fields { get; init; } = [];

    /// <summary>What else becomes different, one line each.</summary>
    public IReadOnlyList<string> Consequences { get; init; } = [];

    /// <summary>What the confirmed change means for what is under way.</summary>
    public string InForce { get; init; } = "In force from the next run on; runs under way keep their mode.";

    /// <summary>When it was confirmed or cancelled.</summary>
    public DateTimeOffset? EndedAt { get; init; }
}

internal static class ConfirmationCard
{
    private const int MostLines = 10;

    /// <summary>A line names an operation with its full id: it is cut only where the card would not hold all of them.</summary>
    private const int LeastLine = 200;

    /// <summary>How long a value may be, by how much room there is. A longer one is cut visibly; the plan itself shows it.</summary>
    private static readonly int[] LongestValue = [1500, 400, 80, 40];

    public static JsonObject Render(ConfirmationModel model) =>
        LongestValue.Select(longest => Compose(model, longest)).FirstOrDefault(c => AdaptiveCard.SizeOf(c) <= AdaptiveCard.LargestSize) ?? Compose(model, LongestValue[^1]);

    private static JsonObject Compose(ConfirmationModel model, int longest)
    {
        var who = CardText.Of($"**{CardText.Outside(model.AskedBy.Name, 80)}**");
        var ended = model.EndedAt is { } at ? CardText.Of($", {CardText.When(at)}") : CardText.Empty;
        var (status, style, line) = model.State switch
        {
            ConfirmationState.Pending => (CardText.Of($"Awaiting approval: confirm this change"), ContainerStyle.Accent,
                CardText.Of($"Asked by {who}, who alone can confirm it, by {CardText.When(model.ExpiresAt)}.")),
            ConfirmationState.Confirmed => (CardText.Of($"Done: changed"), ContainerStyle.Good,
                CardText.Of($"Confirmed by {who}{ended}. {model.InForce}")),
            ConfirmationState.Cancelled => (CardText.Of($"Withdrawn: nothing was changed"), ContainerStyle.Emphasis, CardText.Of($"Cancelled by {who}{ended}.")),
            _ => (CardText.Of($"Expired: nothing was changed"), ContainerStyle.Emphasis, CardText.Of($"{who} did not confirm it by {CardText.When(model.ExpiresAt)}.")),
        };

        List<CardElement> header = model.Sandbox ? [ReviewCard.SandboxLine()] : [];
        header.Add(new TextBlock(status) { Id = "status", Size = TextSize.Large, Bold = true });
        header.Add(new TextBlock(line) { Spacing = Spacing.Small });

        List<CardElement> body =
        [
            new Container(header) { Style = style, Bleed = true },
            new TextBlock(CardText.Outside(model.Change, 200)) { Id = "change", Size = TextSize.Medium, Bold = true },
            new TextBlock(model.Before == model.After ? CardText.Of($"Stays {model.After}") : CardText.Of($"{model.Before} → **{model.After}**")) { Id = "beforeAfter", Spacing = Spacing.None },
            .. Fields(model.Fields, longest),
            .. Lines("What it means", "consequences", model.Consequences, longest),
            .. Lines("No longer asked", "noLongerAsked", model.NoLongerAsked, longest),
            .. Lines("Still asked or stopped", "stillAsked", model.StaysAsked, longest),
        ];
        if (model.State == ConfirmationState.Pending)
        {
            var data = new ActionData(model.Id, 1);
            body.Add(new ActionSet(
            [
                new ActionExecute("Confirm", Verbs.Confirm, data) { Style = ActionStyle.Positive },
                new ActionExecute("Cancel", Verbs.Cancel, data),
            ])
            { Id = "buttons" });
        }

        return new AdaptiveCard(body, OutsideText.Plain($"{status}: {model.Change}", 200)).ToJson();
    }

    /// <summary>All of them: a change that was not read is not confirmed.</summary>
    private static IEnumerable<CardElement> Fields(IReadOnlyList<FieldChange> fields, int longest) => fields.Count == 0 ? [] :
    [
        new Container(
        [
            new TextBlock(fields.All(f => f.Before is null) ? CardText.Of($"**What it says**") : CardText.Of($"**What changes**")),
            .. fields.Select(f => new TextBlock(CardText.Of($"• {f.Field}: {(f.Before is { } before ? CardText.Of($"{Value(before, longest)} → ") : CardText.Empty)}**{Value(f.After, longest)}**")) { Spacing = Spacing.Small }),
        ])
        { Id = "fields", Spacing = Spacing.Medium },
    ];

    private static CardText Value(string value, int longest) => CardText.Outside(FieldChange.Shown(value), longest);

    private static IEnumerable<CardElement> Lines(string title, string id, IReadOnlyList<string> lines, int longest)
    {
        if (lines.Count == 0)
        {
            return [];
        }

        var shown = lines.Take(MostLines).Select(l => CardText.Of($"• {CardText.Outside(l, Math.Max(longest, LeastLine))}"));
        var rest = lines.Count > MostLines ? CardText.Of($"• and {lines.Count - MostLines} more") : CardText.Empty;
        return
        [
            new Container(
            [
                new TextBlock(CardText.Of($"**{title}**")),
                .. shown.Append(rest).Where(l => !l.IsEmpty).Select(l => new TextBlock(l) { Spacing = Spacing.Small }),
            ])
            { Id = id, Spacing = Spacing.Medium },
        ];
    }
}
