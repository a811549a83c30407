namespace RunModes.Bot.Cards;

/// <summary>One field of something that is edited, as people read it. Empty: there was, or will be, nothing.</summary>
internal sealed record FieldChange(string Field, string Before, string After)
{
    public override string ToString() => $"{Field}: {Shown(Before)} → {Shown(After)}";

    public static string Shown(string value) => value.Length == 0 ? "(none)" : value;
}
