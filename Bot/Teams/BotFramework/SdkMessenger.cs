using System.Net;
using System.Text.Json.Nodes;
using Microsoft.Bot.Connector;
using Microsoft.Rest;
using RunModes.Bot.Reporting;
using Sdk = Microsoft.Bot.Schema;

namespace RunModes.Bot.Teams.BotFramework;

/// <summary>
/// The outbound port over the SDK's connector client. One attempt a call, as the port wants it: the SDK makes its client from the factory it is given, and
/// such a client has no retry handler of its own.
/// </summary>
internal sealed partial class SdkMessenger(SdkChannel sdk, TeamsOptions options, ConnectorAttempts attempts, TimeProvider time, ILogger<SdkMessenger> log) : IMessenger
{
    private const string CardType = "application/vnd.microsoft.card.adaptive";

    private delegate Task<(string? Activity, string? Conversation)> Call(IConnectorClient client, CancellationToken limit);

    public Task<Delivery> Post(Conversation where, Message message, CancellationToken cancellation) => where.Kind == ConversationKind.Channel
        ? Send(where, where.Id, null, async (client, limit) =>
        {
            var made = await client.Conversations.CreateConversationAsync(RootPost(where, message), limit);
            return (made?.ActivityId, made?.Id);
        }, cancellation, created: true)
        : Send(where, where.Id, null, ToConversation(where.Id, message), cancellation);

    public Task<Delivery> Reply(Conversation where, string rootId, Message message, CancellationToken cancellation)
    {
        var place = Place(where, where.Id, rootId);
        return Send(where, place, null, ToConversation(place, message), cancellation);
    }

    public Task<Delivery> Update(Conversation where, MessageRef message, Message replacement, CancellationToken cancellation)
    {
        var place = Place(where, message.ConversationId, message.RootId);
        return Send(where, place, message.ActivityId, async (client, limit) =>
        {
            var activity = Alone(place, replacement);
            activity.Id = message.ActivityId;
            return (null, (await client.Conversations.UpdateActivityAsync(activity, limit))?.Id);
        }, cancellation);
    }

    private static Call ToConversation(string place, Message message) =>
        async (client, limit) => (null, (await client.Conversations.SendToConversationAsync(Alone(place, message), limit))?.Id);

    /// <param name="updated">Null: nothing that is there already.</param>
    private async Task<Delivery> Send(Conversation where, string place, string? updated, Call call, CancellationToken cancellation, bool created = false)
    {
        if (place.Trim('.').Length == 0 || updated?.Trim('.').Length == 0)
            return new Delivery.Rejected("the stored conversation has no usable id");
        // The SDK would carry the bot's token wherever a stored address leads.
        if (!ServiceHosts.Allowed(where.ServiceUrl, sandbox: false))
            return new Delivery.Rejected("the stored service URL is not the Bot Connector's; nothing was sent");
        var reference = Reference(where, place);
        var delivery = await attempts.Make(updated is not null, created, (token, limit) => Answer(reference, call, token, limit), cancellation);
        if (delivery is not Delivery.Delivered)
            NotDelivered(log, delivery);
        return delivery;
    }

    private async Task<ConnectorAnswer> Answer(Sdk.ConversationReference reference, Call call, string? token, CancellationToken limit)
    {
        try
        {
            (string? Activity, string? Conversation) ids = default;
            sdk.Credentials.Carry(token);
            await sdk.Adapter.ContinueConversationAsync(options.AppId, reference, async (turn, within) => ids = await call(turn.TurnState.Get<IConnectorClient>(), within), limit);
            return new ConnectorAnswer(HttpStatusCode.OK, null, null, null, ids.Activity, ids.Conversation, null);
        }
        catch (Sdk.ErrorResponseException failure) when (failure.Response is { } response)
        {
            var wait = response.Headers?.FirstOrDefault(h => h.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();
            return ConnectorAnswer.Of(response.StatusCode, wait, response.Content ?? "", time.GetUtcNow());
        }
        catch (SerializationException)
        {
            // It only reads an answer of success, so the message is there; what it is called was not said.
            return new ConnectorAnswer(HttpStatusCode.OK, null, null, null, null, null, null);
        }
    }

    private static string Place(Conversation where, string conversationId, string? rootId) =>
        where.Kind == ConversationKind.Channel && rootId is { Length: > 0 } ? ConversationReader.Thread(conversationId, rootId) : conversationId;

    private static Sdk.ConversationReference Reference(Conversation where, string place) => new()
    {
        ChannelId = "msteams", ServiceUrl = where.ServiceUrl.AbsoluteUri, Bot = new Sdk.ChannelAccount { Id = where.BotId },
        Conversation = new Sdk.ConversationAccount { Id = place, TenantId = where.TenantId },
    };

    private static Sdk.ConversationParameters RootPost(Conversation channel, Message message) => new()
    {
        IsGroup = true, Bot = new Sdk.ChannelAccount { Id = channel.BotId }, TenantId = channel.TenantId, Activity = Alone(null, message),
        ChannelData = SdkJson.Of(new JsonObject
        {
            ["channel"] = new JsonObject { ["id"] = channel.ChannelId ?? channel.Id }, ["tenant"] = new JsonObject { ["id"] = channel.TenantId },
        }),
    };

    /// <summary>A card goes alone, its notification text in the summary: the same rule as in <see cref="OutboundActivity"/>.</summary>
    private static Sdk.Activity Alone(string? place, Message message)
    {
        var activity = new Sdk.Activity { Type = "message", Summary = message.Summary.Length > 0 ? message.Summary : null };
        if (place is not null)
            activity.Conversation = new Sdk.ConversationAccount { Id = place };
        if (message.Card is { } card)
        {
            activity.Attachments = [new Sdk.Attachment { ContentType = CardType, Content = SdkJson.Of(card) }];
            return activity;
        }

        (activity.Text, activity.TextFormat) = (message.Text ?? "", "markdown");
        return activity;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Bot Framework SDK: {Delivery}")]
    private static partial void NotDelivered(ILogger log, Delivery delivery);
}
