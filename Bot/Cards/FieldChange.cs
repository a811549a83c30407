namespace RunModes.Bot.Cards;

/// <summary>One field of something that is edited, as people read it. An empty value is one that is not set.</summary>
/// <param name="Before">Null: what it belongs to is new.</param>
internal sealed record FieldChange(string Field, string? Before, string After)
{
    public override string ToString() => Before is null ? $"{Field}: {Shown(After)}" : $"{Field}: {Shown(Before)} → {Shown(After)}";

    public static string Shown(string? value) => string.IsNullOrEmpty(value) ? "(none)" : value;
}
