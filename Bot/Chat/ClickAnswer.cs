using System.Text.Json.Nodes;
using RunModes.Bot.Cards;

namespace RunModes.Bot.Chat;

/// <summary>What a click came to, for both ways of answering it.</summary>
/// <param name="Reply">For the clicker alone, where the client can show it.</param>
/// <param name="Words">The same in words, for a client that can show neither card nor message.</param>
internal sealed record ClickAnswer(CardReply Reply, string Words, bool Taken)
{
    private const int Longest = 700;

    public static ClickAnswer Shows(JsonObject card, string words) => new(new CardReply.Card(card), words, Taken: true);

    public static ClickAnswer Told(string words) => new(new CardReply.Notice(OutsideText.Plain(words, Longest)), words, Taken: true);

    public static ClickAnswer Refused(string why) => new(new CardReply.Notice(OutsideText.Plain(why, Longest)), why, Taken: false);

    public static ClickAnswer Unreadable(string why) => new(new CardReply.Error("BadRequest", why), why, Taken: false);
}
