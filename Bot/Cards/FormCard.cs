using System.Text.Json.Nodes;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Cards;

internal enum FormState { Expired = 0, Open, Saved, Cancelled, Overtaken }

internal enum InputKind { Text = 0, LongText, OneOf, SomeOf, Switch }

/// <summary>One field as the form shows it.</summary>
/// <param name="Value">As it stands or was typed: a person's text.</param>
internal sealed record FormInput(string Id, string Label, InputKind Kind, string Value)
{
    public IReadOnlyList<(string Title, string Value)> Choices { get; init; } = [];
    public string Hint { get; init; } = "";
    public bool Required { get; init; }

    /// <summary>Why what was typed cannot be taken, and what is accepted.</summary>
    public string? Problem { get; init; }
}

/// <param name="Title">"Edit plan prod-web".</param>
internal sealed record FormModel(string Id, int Revision, FormState State, string Title, Who AskedBy, DateTimeOffset ExpiresAt, IReadOnlyList<FormInput> Inputs)
{
    public bool Sandbox { get; init; }

    /// <summary>What to know before filling it in, one line each: the recommendation for the mode.</summary>
    public IReadOnlyList<string> Notes { get; init; } = [];

    /// <summary>What keeps all of it from being saved, beside the fields' own problems.</summary>
    public string? Problem { get; init; }

    /// <summary>What became of it, once it ended.</summary>
    public string Outcome { get; init; } = "";
}

/// <summary>A form to fill in. Whatever was typed comes back in its field, with what is accepted beside it.</summary>
internal static class FormCard
{
    /// <summary>How much of a value its box shows, and of a problem its line. What is stored may be longer, and twenty full boxes are more than a card holds.</summary>
    private sealed record Room(int Text, int LongText, int Problem);

    private static readonly Room[] Rooms = [new(500, 3000, 400), new(200, 1000, 400), new(80, 300, 200), new(30, 100, 60)];

    /// <summary>How much a box takes.</summary>
    public static int LongestOf(InputKind kind) => kind == InputKind.LongText ? Rooms[0].LongText : Rooms[0].Text;

    /// <summary>Every box shows its value as far as it takes it.</summary>
    public static bool Fits(FormModel model) => AdaptiveCard.SizeOf(Compose(model, Rooms[0])) <= AdaptiveCard.LargestSize;

    /// <summary>A value as its box shows it among the others of the form: a client that nobody touched sends back exactly that.</summary>
    public static string AsShown(FormModel model, FormInput input) => Cut(input, RoomFor(model));

    public static JsonObject Render(FormModel model) => Compose(model, RoomFor(model));

    private static Room RoomFor(FormModel model) => Array.Find(Rooms, r => AdaptiveCard.SizeOf(Compose(model, r)) <= AdaptiveCard.LargestSize) ?? Rooms[^1];

    private static string Cut(FormInput input, Room room)
    {
        var most = input.Kind == InputKind.LongText ? room.LongText : room.Text;
        // Never through the middle of a character: what came back would be another text.
        return input.Value.Length <= most ? input.Value : input.Value[..(char.IsHighSurrogate(input.Value[most - 1]) ? most - 1 : most)];
    }

    private static JsonObject Compose(FormModel model, Room room)
    {
        var who = CardText.Of($"**{CardText.Outside(model.AskedBy.Name, 80)}**");
        var wrong = model.Inputs.Count(i => i.Problem is not null) + (model.Problem is null ? 0 : 1);
        var (status, style, line) = model.State switch
        {
            FormState.Open when wrong > 0 => (CardText.Of($"Awaiting input: {Fields(wrong)} cannot be taken"), ContainerStyle.Warning, CardText.Of($"Nothing was changed. {who}, please correct what is marked and save again, by {CardText.When(model.ExpiresAt)}.")),
            FormState.Open => (CardText.Of($"Awaiting input: fill in and save"), ContainerStyle.Accent, CardText.Of($"Asked by {who}, who alone can save it, by {CardText.When(model.ExpiresAt)}. Nothing is changed before.")),
            FormState.Saved => (CardText.Of($"Done: taken"), ContainerStyle.Good, CardText.Of($"Filled in by {who}.")),
            FormState.Cancelled => (CardText.Of($"Withdrawn: nothing was changed"), ContainerStyle.Emphasis, CardText.Of($"Cancelled by {who}.")),
            FormState.Overtaken => (CardText.Of($"Superseded: nothing was changed"), ContainerStyle.Warning, CardText.Of($"Somebody else changed it while {who} filled this in.")),
            _ => (CardText.Of($"Expired: nothing was changed"), ContainerStyle.Emphasis, CardText.Of($"{who} did not save it by {CardText.When(model.ExpiresAt)}.")),
        };
        List<CardElement> header = model.Sandbox ? [ReviewCard.SandboxLine()] : [];
        header.Add(new TextBlock(status) { Id = "status", Size = TextSize.Large, Bold = true });
        header.Add(new TextBlock(line) { Spacing = Spacing.Small });
        List<CardElement> body =
        [
            new Container(header) { Style = style, Bleed = true },
            new TextBlock(CardText.Outside(model.Title, 200)) { Id = "change", Size = TextSize.Medium, Bold = true },
        ];
        if (model.State != FormState.Open)
        {
            body.AddRange(model.Outcome.Length == 0 ? [] : [new TextBlock(CardText.Outside(model.Outcome, 1500)) { Id = "outcome" }]);
            return new AdaptiveCard(body, OutsideText.Plain($"{status}: {model.Title}", 200)).ToJson();
        }

        body.AddRange(model.Problem is null ? [] : [Problem(model.Problem, room)]);
        body.AddRange(model.Notes.Select(n => new TextBlock(CardText.Outside(n, 400)) { Spacing = Spacing.Small }));
        body.AddRange(model.Inputs.SelectMany(i => Field(i, room)));
        var data = new ActionData(model.Id, model.Revision);
        body.Add(new ActionSet(
        [
            new ActionExecute("Save", Verbs.Confirm, data) { Style = ActionStyle.Positive },
            new ActionExecute("Cancel", Verbs.Cancel, data),
        ])
        { Id = "buttons" });
        return new AdaptiveCard(body, OutsideText.Plain($"{status}: {model.Title}", 200)).ToJson();
    }

    private static string Fields(int count) => count == 1 ? "1 field" : $"{count} fields";

    private static TextBlock Problem(string problem, Room room) => new(CardText.Of($"**⚠ {CardText.Outside(problem, room.Problem)}**"));

    private static IEnumerable<CardElement> Field(FormInput input, Room room)
    {
        if (input.Problem is { } problem)
        {
            yield return Problem(problem, room);
        }

        var shown = input.Kind is InputKind.Text or InputKind.LongText ? Cut(input, room) : input.Value;
        var label = shown.Length == input.Value.Length ? CardText.Of($"{input.Label}") : CardText.Of($"{input.Label} (too long to show: left alone it stays whole)");
        yield return input.Kind switch
        {
            InputKind.OneOf or InputKind.SomeOf => new InputChoice(input.Id, label, input.Choices) { Several = input.Kind == InputKind.SomeOf, Value = input.Value },
            InputKind.Switch => new InputToggle(input.Id, label, input.Hint.Length == 0 ? "Yes" : input.Hint) { On = input.Value == "true" },
            _ => new InputText(input.Id, label)
            {
                Multiline = input.Kind == InputKind.LongText, MaxLength = LongestOf(input.Kind), Value = shown.Length == 0 ? null : shown,
                Placeholder = input.Hint.Length == 0 ? null : input.Hint, Required = input.Required ? $"{input.Label} is needed." : null,
            },
        };
    }
}
