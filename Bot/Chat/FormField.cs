using System.Globalization;
using RunModes.Bot.Cards;

namespace RunModes.Bot.Chat;

/// <summary>One field of a form about a <typeparamref name="T"/>: how it stands, and how what was typed becomes part of it.</summary>
/// <param name="Property">By which the checks on the server name what is wrong.</param>
/// <param name="Fill">With the field set; or null and what is accepted.</param>
internal sealed record FormField<T>(string Id, string Property, string Label, InputKind Kind, Func<T, string> Value, Func<T, string, (T? Filled, string? Problem)> Fill) where T : class
{
    public IReadOnlyList<(string Title, string Value)> Choices { get; init; } = [];
    public string Hint { get; init; } = "";

    /// <summary>Of a thing that does not exist yet.</summary>
    public bool OnlyNew { get; init; }

    public bool Required { get; init; }
}

/// <summary>The kinds of fields that forms have in common.</summary>
internal static class FieldsOf<T> where T : class
{
    public const string Inherit = "Default";

    public static FormField<T> Text(string id, string property, string label, Func<T, string> value, Func<T, string, T> fill, string hint) =>
        new(id, property, label, InputKind.Text, value, (p, v) => (fill(p, v), null)) { Hint = hint };

    public static FormField<T> Words(string id, string property, string label, Func<T, IReadOnlyList<string>> value, Func<T, IReadOnlyList<string>, T> fill) =>
        new(id, property, label, InputKind.Text, p => string.Join(", ", value(p)), (p, v) => List(v) is { Count: <= 20 } words ? (fill(p, words), null) : (null, "takes at most 20 words or phrases, with commas between them.")) { Hint = "with commas between them" };

    public static FormField<T> Switch(string id, string property, string label, string title, Func<T, bool> value, Func<T, bool, T> fill) =>
        new(id, property, label, InputKind.Switch, p => value(p) ? "true" : "false", (p, v) => v switch
        {
            "true" => (fill(p, true), null),
            "false" => (fill(p, false), null),
            _ => (null, "is on or off."),
        })
        { Hint = title };

    public static FormField<T> Number(string id, string property, string label, Func<T, int?> value, Func<T, int?, T> fill, int least, int most, string hint) =>
        new(id, property, label, InputKind.Text, p => value(p)?.ToString(CultureInfo.InvariantCulture) ?? "", (p, v) =>
            v.Length == 0 ? (fill(p, null), null)
            : int.TryParse(v, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? (fill(p, number), null)
            : (null, $"takes a whole number from {least} to {most}, or nothing."))
        { Hint = hint };

    public static FormField<T> Span(string id, string property, string label, Func<T, TimeSpan?> value, Func<T, TimeSpan?, (T?, string?)> fill, string hint) =>
        new(id, property, label, InputKind.Text, p => value(p) is { } span ? Cards.Words.Span(span) : "", (p, v) =>
            v.Length == 0 ? fill(p, null) : TypedSpan.Read(v) is { } span ? fill(p, span) : (null, "takes a time from 1 minute to 7 days, such as 45 minutes, 2 hours or 1 day."))
        { Hint = hint };

    public static FormField<T> Mode(string id, string property, Func<T, Gate.RunMode?> value, Func<T, Gate.RunMode?, T> fill) =>
        new(id, property, "Run mode", InputKind.OneOf, p => value(p)?.ToString() ?? Inherit, (p, v) =>
            v == Inherit ? (fill(p, null), null)
            : Gate.RunModes.TryParse(v, out var mode) ? (fill(p, mode), null)
            : (null, "is Autonomous, Review, or the agent's default."))
        {
            Choices = [("Autonomous: act at once, report afterwards", nameof(Gate.RunMode.Autonomous)), ("Review: ask before every change", nameof(Gate.RunMode.Review)), ("The agent's default", Inherit)],
        };

    public static List<string> List(string value) => [.. value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.OrdinalIgnoreCase)];

    public static FormInput Input(FormField<T> field, Form form) => new(field.Id, field.Label, field.Kind, form.Values.GetValueOrDefault(field.Id, ""))
    {
        Choices = field.Choices, Hint = field.Hint, Required = field.OnlyNew || field.Required, Problem = form.Problems.GetValueOrDefault(field.Id),
    };

    /// <summary>Only what differs from what the form opened with is read, so that a field nobody touched can stay as it is stored.</summary>
    public static (T Filled, Dictionary<string, string> Values, Dictionary<string, string> Problems) Read(IEnumerable<FormField<T>> fields, T opened, Form form, IReadOnlyDictionary<string, string> inputs)
    {
        var now = opened;
        Dictionary<string, string> values = [], problems = [];
        foreach (var field in fields)
        {
            var typed = Typed(field, form, inputs);
            values[field.Id] = typed;
            if (typed == field.Value(now).Trim())
            {
                values[field.Id] = field.Value(now);
                continue;
            }

            var most = FormCard.LongestOf(field.Kind);
            var (filled, problem) = typed.Length > most ? (null, $"takes at most {most} characters.") : field.Fill(now, typed);
            now = filled ?? now;
            if (problem is not null)
            {
                problems[field.Id] = $"{field.Label}: {problem}";
            }
        }

        return (now, values, problems);
    }

    /// <summary>A client leaves out what is empty; a switch or a choice that is not there was not touched.</summary>
    private static string Typed(FormField<T> field, Form form, IReadOnlyDictionary<string, string> inputs) =>
        inputs.TryGetValue(field.Id, out var typed) ? typed.Trim() : field.Kind is InputKind.Switch or InputKind.OneOf ? form.Values.GetValueOrDefault(field.Id, "") : "";
}
