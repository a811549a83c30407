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
    private const int LongestText = 500;
    private const int LongestLongText = 3000;

    public static int LongestOf(InputKind kind) => kind == InputKind.LongText ? LongestLongText : LongestText;

    /// <summary>A value as its box shows it: a client can send back no more than that.</summary>
    public static string AsShown(InputKind kind, string value) => value.Length <= LongestOf(kind) ? value : value[..LongestOf(kind)];

    public static JsonObject Render(FormModel model)
    {
        var who = CardText.Of($"**{CardText.Outside(model.AskedBy.Name, 80)}**");
        var wrong = model.Inputs.Count(i => i.Problem is not null) + (model.Problem is null ? 0 : 1);
        var (status, style, line) = model.State switch
        {
            FormState.Open when wrong > 0 => (CardText.Of($"Awaiting approval: {Fields(wrong)} cannot be taken"), ContainerStyle.Warning, CardText.Of($"Nothing was changed. {who}, please correct what is marked and save again, by {CardText.When(model.ExpiresAt)}.")),
            FormState.Open => (CardText.Of($"Awaiting approval: fill in and save"), ContainerStyle.Accent, CardText.Of($"Asked by {who}, who alone can save it, by {CardText.When(model.ExpiresAt)}. Nothing is changed before.")),
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

        body.AddRange(model.Problem is null ? [] : [Problem(model.Problem)]);
        body.AddRange(model.Notes.Select(n => new TextBlock(CardText.Outside(n, 400)) { Spacing = Spacing.Small }));
        body.AddRange(model.Inputs.SelectMany(Field));
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

    private static TextBlock Problem(string problem) => new(CardText.Of($"**⚠ {CardText.Outside(problem, 400)}**"));

    private static IEnumerable<CardElement> Field(FormInput input)
    {
        if (input.Problem is { } problem)
        {
            yield return Problem(problem);
        }

        var label = CardText.Of($"{input.Label}");
        yield return input.Kind switch
        {
            InputKind.OneOf or InputKind.SomeOf => new InputChoice(input.Id, label, input.Choices) { Several = input.Kind == InputKind.SomeOf, Value = input.Value },
            InputKind.Switch => new InputToggle(input.Id, label, input.Hint.Length == 0 ? "Yes" : input.Hint) { On = input.Value == "true" },
            _ => new InputText(input.Id, label)
            {
                Multiline = input.Kind == InputKind.LongText, MaxLength = LongestOf(input.Kind), Value = input.Value.Length == 0 ? null : AsShown(input.Kind, input.Value),
                Placeholder = input.Hint.Length == 0 ? null : input.Hint, Required = input.Required ? $"{input.Label} is needed." : null,
            },
        };
    }
}
