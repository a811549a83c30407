using System.Text.Json;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Chat;

/// <summary>Inbound port of the channel: only authenticated activities of our tenant arrive here.</summary>
internal interface IInbound
{
    Task OnMessage(ChatMessage message, CancellationToken cancellation);

    Task<CardReply> OnCardAction(CardAction action, CancellationToken cancellation);

    Task OnInstalled(Installed installed, CancellationToken cancellation);

    Task OnRemoved(Conversation conversation, CancellationToken cancellation);
}

/// <summary>The authenticated person behind an activity. The object id may be absent (then nobody is authorised); name and MRI only address people, they never identify them.</summary>
internal sealed record Actor(string TenantId, string? ObjectId, string ChannelUserId, string? Name);

/// <param name="ActivityId">Id of the incoming message; in a channel also names the thread when it is a root post.</param>
/// <param name="RootId">Root post of the thread in a channel, else null.</param>
/// <param name="Text">Without the mention of the bot, trimmed.</param>
internal sealed record ChatMessage(Actor Actor, Conversation Conversation, string ActivityId, string? RootId, string Text);

/// <param name="Data">What the card carried plus the inputs of its form: a claim of the client, never trusted beyond the opaque id and revision.</param>
/// <param name="MessageId">The message that holds the card (<c>replyToId</c>).</param>
/// <param name="Fallback">Arrived as Action.Submit: no card or message can be returned, the answer is posted.</param>
internal sealed record CardAction(Actor Actor, Conversation Conversation, string? RootId, string? MessageId, string Verb, JsonElement Data, bool Fallback);

internal sealed record Installed(Conversation Conversation, string? InstalledBy)
{
    /// <summary>Who installed it; in a personal chat, whose chat it is.</summary>
    public Actor? By { get; init; }
}

/// <summary>What the clicker alone sees at once; what everybody sees goes through the outbox.</summary>
internal abstract record CardReply
{
    private CardReply() { }

    public sealed record Card(System.Text.Json.Nodes.JsonObject Content) : CardReply;

    public sealed record Notice(string Text) : CardReply;

    public sealed record Error(string Code, string Text) : CardReply;
}
