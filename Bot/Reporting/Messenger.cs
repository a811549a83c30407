using System.Text.Json.Nodes;

namespace RunModes.Bot.Reporting;

/// <summary>A conversation the bot may post to, as the channel last described it. The service URL belongs to the conversation, never to the bot.</summary>
internal sealed record Conversation(
    string Id,
    ConversationKind Kind,
    Uri ServiceUrl,
    string TenantId,
    string BotId,
    string? TeamId = null,
    string? ChannelId = null,
    string? Name = null);

internal enum ConversationKind { Unknown = 0, Personal, GroupChat, Channel }

/// <summary>One message of ours: where it stands and, in a channel, the root post of its thread.</summary>
internal sealed record MessageRef(string ConversationId, string ActivityId, string? RootId);

/// <summary>A card travels without text (Teams splits the two and hands back no id); <see cref="Summary"/> is what the notification shows.</summary>
internal sealed record Message(string? Text, JsonObject? Card, string Summary)
{
    private const int LongestSummary = 300;

    /// <summary>Bytes on the wire; as with cards, Teams takes more, but not everywhere.</summary>
    public const int LargestText = 24_000;

    /// <summary>
    /// Whatever makes the text, it is not longer than what every client takes: a message that is refused says less than a shortened one. Of a long text the
    /// notification shows the beginning, because it would travel twice, and count twice.
    /// </summary>
    public static Message Plain(string text)
    {
        var fits = ListText.Fitting(text, LargestText);
        return new(fits, null, fits.Length <= LongestSummary ? fits : First(fits));
    }

    public static Message OfCard(JsonObject card, string summary) => new(null, card, summary);

    private static string First(string text)
    {
        var line = text.TrimStart('\n').Split('\n', 2)[0];
        return line.Length <= LongestSummary ? line : string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[LongestSummary - 2]) ? LongestSummary - 2 : LongestSummary - 1), "…");
    }
}

/// <summary>Outbound port of the channel. One attempt a call: retrying is the outbox's business, because only it knows what is still worth saying.</summary>
internal interface IMessenger
{
    /// <summary>A new root post in a channel, a plain message in a chat.</summary>
    Task<Delivery> Post(Conversation where, Message message, CancellationToken cancellation);

    Task<Delivery> Reply(Conversation where, string rootId, Message message, CancellationToken cancellation);

    Task<Delivery> Update(Conversation where, MessageRef message, Message replacement, CancellationToken cancellation);
}

/// <summary>What became of one attempt. Anything that is not <see cref="Delivered"/> says what the outbox may do next.</summary>
internal abstract record Delivery
{
    private Delivery() { }

    public sealed record Delivered(string? ActivityId) : Delivery;

    /// <summary>Certainly not accepted; worth another try, not before <paramref name="After"/> when the channel said so.</summary>
    public sealed record TryAgain(string Reason, TimeSpan? After) : Delivery;

    /// <summary>May or may not have arrived (500 on a first post, connection lost after sending).</summary>
    public sealed record MayHaveArrived(string Reason) : Delivery;

    /// <summary>The message to update or the thread to reply to no longer exists.</summary>
    public sealed record MessageGone(string Reason) : Delivery;

    /// <summary>The conversation is closed to the bot until it is installed or spoken to again.</summary>
    public sealed record ConversationGone(string Reason) : Delivery;

    /// <summary>Refused for good: our message or our registration is wrong.</summary>
    public sealed record Rejected(string Reason) : Delivery;
}
