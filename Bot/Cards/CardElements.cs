using System.Text.Json.Nodes;

namespace RunModes.Bot.Cards;

internal enum Spacing { Default = 0, None, Small, Medium, Large }

internal enum TextSize { Default = 0, Small, Medium, Large }

internal enum ContainerStyle { Default = 0, Emphasis, Accent, Good, Warning, Attention }

/// <summary>The part of Adaptive Cards 1.5 that our cards use. Unset members are not written, so that a golden file shows only what was meant.</summary>
internal abstract record CardElement
{
    public string? Id { get; init; }
    public Spacing Spacing { get; init; }
    public bool Separator { get; init; }

    public JsonObject ToJson()
    {
        var json = new JsonObject { ["type"] = Type };
        json.Put("id", Id);
        Write(json);
        json.Put("spacing", Spacing);
        json.Put("separator", Separator);
        return json;
    }

    private protected abstract string Type { get; }

    private protected abstract void Write(JsonObject json);
}

internal sealed record TextBlock(CardText Text) : CardElement
{
    public TextSize Size { get; init; }
    public bool Bold { get; init; }
    public bool Subtle { get; init; }
    public bool Monospace { get; init; }

    private protected override string Type => "TextBlock";

    private protected override void Write(JsonObject json)
    {
        json["text"] = Text.Markdown;
        json["wrap"] = true;
        json.Put("size", Size);
        json.Put("weight", Bold ? "Bolder" : null);
        json.Put("isSubtle", Subtle);
        json.Put("fontType", Monospace ? "Monospace" : null);
    }
}

internal sealed record Container(IReadOnlyList<CardElement> Items) : CardElement
{
    public ContainerStyle Style { get; init; }
    public bool Bleed { get; init; }

    private protected override string Type => "Container";

    private protected override void Write(JsonObject json)
    {
        json.Put("style", Style == ContainerStyle.Default ? null : Style.ToString().ToLowerInvariant());
        json.Put("bleed", Bleed);
        json["items"] = Items.ToJson();
    }
}

/// <summary>Always labelled: a placeholder alone is not read out.</summary>
internal sealed record InputText(string InputId, CardText Label) : CardElement
{
    public bool Multiline { get; init; }
    public int MaxLength { get; init; }
    public string? Placeholder { get; init; }
    public string? Value { get; init; }

    /// <summary>What the client says when it is left empty; null: it may be.</summary>
    public string? Required { get; init; }

    private protected override string Type => "Input.Text";

    private protected override void Write(JsonObject json)
    {
        json["id"] = InputId;
        json["label"] = Label.Markdown;
        json.Put("isMultiline", Multiline);
        json.Put("placeholder", Placeholder);
        json.Put("value", Value);
        json.Put("isRequired", Required is not null);
        json.Put("errorMessage", Required);
        if (MaxLength > 0)
        {
            json["maxLength"] = MaxLength;
        }
    }
}

/// <summary>One of a few, or some of them. In the compact style a phone shows its own picker.</summary>
internal sealed record InputChoice(string InputId, CardText Label, IReadOnlyList<(string Title, string Value)> Choices) : CardElement
{
    /// <summary>Several values stand with commas between them, as the client sends them.</summary>
    public bool Several { get; init; }
    public string? Value { get; init; }

    private protected override string Type => "Input.ChoiceSet";

    private protected override void Write(JsonObject json)
    {
        json["id"] = InputId;
        json["label"] = Label.Markdown;
        json["style"] = "compact";
        json.Put("isMultiSelect", Several);
        json.Put("value", Value);
        json["choices"] = new JsonArray([.. Choices.Select(c => new JsonObject { ["title"] = c.Title, ["value"] = c.Value })]);
    }
}

internal sealed record InputToggle(string InputId, CardText Label, string Title) : CardElement
{
    public bool On { get; init; }

    private protected override string Type => "Input.Toggle";

    private protected override void Write(JsonObject json)
    {
        json["id"] = InputId;
        json["label"] = Label.Markdown;
        json["title"] = Title;
        json["value"] = On ? "true" : "false";
    }
}

/// <summary>Buttons stand in the body: some clients ignore a fallback outside an ActionSet.</summary>
internal sealed record ActionSet(IReadOnlyList<CardButton> Actions) : CardElement
{
    private protected override string Type => "ActionSet";

    private protected override void Write(JsonObject json) => json["actions"] = new JsonArray([.. Actions.Select(a => a.ToJson())]);
}

file static class Json
{
    public static JsonArray ToJson(this IReadOnlyList<CardElement> elements) => new([.. elements.Select(e => e.ToJson())]);

    public static void Put(this JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }

    public static void Put(this JsonObject json, string name, bool value)
    {
        if (value)
        {
            json[name] = true;
        }
    }

    public static void Put<T>(this JsonObject json, string name, T value) where T : struct, Enum
    {
        if (!EqualityComparer<T>.Default.Equals(value, default))
        {
            json[name] = value.ToString();
        }
    }
}
