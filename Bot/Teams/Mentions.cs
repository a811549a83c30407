namespace RunModes.Bot.Teams;

/// <summary>What a person typed, without having to address the bot.</summary>
internal static class Mentions
{
    public static string TextWithoutBot(Activity activity)
    {
        var text = activity.Text ?? "";
        foreach (var entity in activity.Entities ?? [])
        {
            if (entity is not { Type: "mention", Mentioned.Id: { } id } || id != activity.Recipient?.Id)
                continue;
            if (entity.Text is { Length: > 0 } shown)
                text = text.Replace(shown, " ", StringComparison.Ordinal);
            if (entity.Mentioned.Name is { Length: > 0 } name)
                text = text.Replace($"<at>{name}</at>", " ", StringComparison.OrdinalIgnoreCase);
        }

        return text.Replace("&nbsp;", " ", StringComparison.OrdinalIgnoreCase).Replace('\u00A0', ' ').Trim();
    }
}
