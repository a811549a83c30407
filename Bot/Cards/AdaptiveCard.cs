using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Cards;

/// <param name="Body">Everything, buttons included.</param>
/// <param name="Fallback">What a client shows that knows no card of this version.</param>
internal sealed record AdaptiveCard(IReadOnlyList<CardElement> Body, string Fallback)
{
    public const string Version = "1.5";

    /// <summary>Bytes of a card on the wire; Teams takes more, but not everywhere.</summary>
    public const int LargestSize = 25_000;

    /// <summary>Whom Teams notifies.</summary>
    public IReadOnlyList<Mention> Mentions { get; init; } = [];

    public JsonObject ToJson() => new()
    {
        ["type"] = "AdaptiveCard",
        ["$schema"] = "http://adaptivecards.io/schemas/adaptive-card.json",
        ["version"] = Version,
        ["fallbackText"] = Fallback,
        ["msteams"] = Teams(),
        ["body"] = new JsonArray([.. Body.Select(e => e.ToJson())]),
    };

    private JsonObject Teams()
    {
        var teams = new JsonObject { ["width"] = "Full" };
        if (Mentions.Count > 0)
        {
            teams["entities"] = new JsonArray([.. Mentions.Select(m => m.ToJson())]);
        }

        return teams;
    }

    public static int SizeOf(JsonObject card) => Encoding.UTF8.GetByteCount(card.ToJsonString());

    /// <summary>What a decision's record keeps of the card that was shown.</summary>
    public static string HashOf(JsonObject card) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(card.ToJsonString())));
}
