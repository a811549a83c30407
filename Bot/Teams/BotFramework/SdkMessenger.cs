using System.Text.Json.Nodes;
using Microsoft.Bot.Builder.Integration.AspNet.Core;
using Microsoft.Bot.Connector;
using RunModes.Bot.Reporting;
using Sdk = Microsoft.Bot.Schema;

namespace RunModes.Bot.Teams.BotFramework;

/// <summary>
/// The outbound port over the SDK's connector client. One attempt a call, as the port wants it: the SDK makes its client from the factory it is given, and
/// such a client has no retry handler of its own.
/// </summary>
internal sealed partial class SdkMessenger(CloudAdapter adapter, TeamsOptions options, TimeProvider time, ILogger<SdkMessenger> log) : IMessenger
{
    private const string CardType = "application/vnd.microsoft.card.adaptive";

    public Task<Delivery> Post(Conversation where, Message message, CancellationToken cancellation) => where.Kind == ConversationKind.Channel
        ? Send(where, where.Id, update: false, async (client, limit) =>
        {
            var made = await client.Conversations.CreateConversationAsync(RootPost(where, message), limit);
            return made.ActivityId ?? ConversationReader.RootIn(made.Id);
        }, cancellation)
        : Send(where, where.Id, update: false, (client, limit) => ToConversation(client, where.Id, message, limit), cancellation);

    public Task<Delivery> Reply(Conversation where, string rootId, Message message, CancellationToken cancellation)
    {
        var place = Place(where, where.Id, rootId);
        return Send(where, place, update: false, (client, limit) => ToConversation(client, place, message, limit), cancellation);
    }

    public Task<Delivery> Update(Conversation where, MessageRef message, Message replacement, CancellationToken cancellation)
    {
        var place = Place(where, message.ConversationId, message.RootId);
        return Send(where, place, update: true, async (client, limit) =>
        {
            var activity = Alone(place, replacement);
            activity.Id = message.ActivityId;
            return (await client.Conversations.UpdateActivityAsync(activity, limit)).Id;
        }, cancellation);
    }

    private static async Task<string?> ToConversation(IConnectorClient client, string place, Message message, CancellationToken limit) =>
        (await client.Conversations.SendToConversationAsync(Alone(place, message), limit)).Id;

    private async Task<Delivery> Send(Conversation where, string place, bool update, Func<IConnectorClient, CancellationToken, Task<string?>> call, CancellationToken cancellation)
    {
        // The SDK would carry the bot's token wherever a stored address leads.
        if (!ServiceHosts.Allowed(where.ServiceUrl, sandbox: false))
            return new Delivery.Rejected("the stored service URL is not the Bot Connector's; nothing was sent");
        using var limit = new CancellationTokenSource(BotConnector.AttemptLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var delivery = await Attempt(Reference(where, place), update, call, either.Token, cancellation);
        if (delivery is not Delivery.Delivered)
            NotDelivered(log, delivery);
        return delivery;
    }

    private async Task<Delivery> Attempt(
        Sdk.ConversationReference reference, bool update, Func<IConnectorClient, CancellationToken, Task<string?>> call, CancellationToken limit, CancellationToken cancellation)
    {
        try
        {
            string? id = null;
            await adapter.ContinueConversationAsync(options.AppId, reference, async (turn, within) => id = await call(turn.TurnState.Get<IConnectorClient>(), within), limit);
            return new Delivery.Delivered(id);
        }
        catch (Sdk.ErrorResponseException failure) when (failure.Response is { } response)
        {
            var error = failure.Body?.Error;
            return new ConnectorAnswer(response.StatusCode, error?.Code, null, error?.Message, null, null, RetryAfter(response.Headers)).Means(update, created: false);
        }
        catch (HttpRequestException failure)
        {
            // Whether anything left cannot be told apart from here: a token that was not had ends here as well.
            return update ? new Delivery.TryAgain(failure.Message, null) : new Delivery.MayHaveArrived(failure.Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return update ? new Delivery.TryAgain("no answer in time", null) : new Delivery.MayHaveArrived("no answer in time");
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

    /// <summary>Seconds, fractions allowed.</summary>
    private static TimeSpan? RetryAfter(IDictionary<string, IEnumerable<string>>? headers)
    {
        var given = headers?.FirstOrDefault(h => h.Key.Equals("Retry-After", StringComparison.OrdinalIgnoreCase)).Value?.FirstOrDefault();
        return double.TryParse(given, System.Globalization.NumberStyles.AllowDecimalPoint, System.Globalization.CultureInfo.InvariantCulture, out var seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, 3600)) : null;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Bot Framework SDK: {Delivery}")]
    private static partial void NotDelivered(ILogger log, Delivery delivery);
}
