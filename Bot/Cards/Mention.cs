using System.Text;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Cards;

/// <summary>A person of the settings, mentioned so that Teams notifies them. Text and entity are made here together, because they must read alike to the letter.</summary>
internal sealed class Mention(string id, string name)
{
    private const int Longest = 80;

    private string Shown { get; } = $"<at>{Plain(name)}</at>";

    public CardText Text => CardText.MentionOf(this, Shown);

    public JsonObject ToJson() => new()
    {
        ["type"] = "mention",
        ["text"] = Shown,
        ["mentioned"] = new JsonObject { ["id"] = id, ["name"] = Plain(name) },
    };

    /// <summary>Letters, digits and what stands in names; nothing that ends a tag or begins markup.</summary>
    private static string Plain(string name)
    {
        var plain = new StringBuilder();
        foreach (var rune in name.EnumerateRunes().Take(Longest))
        {
            plain.Append(Rune.IsLetterOrDigit(rune) || rune.Value is ' ' or '-' or '\'' or '.' or ',' ? rune.ToString() : "");
        }

        return plain.ToString().Trim() is { Length: > 0 } left ? left : "somebody";
    }
}
