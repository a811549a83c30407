using System.Net.Http.Headers;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Teams;

/// <summary>The Bot Connector's REST calls that we need: post, reply, update. One attempt a call; only a refused token is replaced and tried once more.</summary>
internal sealed partial class BotConnector(TeamsOptions options, ConnectorAttempts attempts, IHttpClientFactory clients, TimeProvider time, ILogger<BotConnector> log)
    : IMessenger
{
    public Task<Delivery> Post(Conversation where, Message message, CancellationToken cancellation) =>
        where.Kind == ConversationKind.Channel
            ? Send(HttpMethod.Post, where, ["v3", "conversations"], OutboundActivity.RootPost(where, message), created: true, cancellation)
            : Send(HttpMethod.Post, where, ["v3", "conversations", where.Id, "activities"], OutboundActivity.Alone(message), created: false, cancellation);

    public Task<Delivery> Reply(Conversation where, string rootId, Message message, CancellationToken cancellation) =>
        Send(HttpMethod.Post, where, ["v3", "conversations", Place(where, where.Id, rootId), "activities"], OutboundActivity.Alone(message), created: false, cancellation);

    public Task<Delivery> Update(Conversation where, MessageRef message, Message replacement, CancellationToken cancellation) =>
        Send(
            HttpMethod.Put, where, ["v3", "conversations", Place(where, message.ConversationId, message.RootId), "activities", message.ActivityId],
            OutboundActivity.Alone(replacement), created: false, cancellation);

    private static string Place(Conversation where, string conversationId, string? rootId) =>
        where.Kind == ConversationKind.Channel && rootId is { Length: > 0 } ? ConversationReader.Thread(conversationId, rootId) : conversationId;

    private async Task<Delivery> Send(HttpMethod method, Conversation where, string[] path, byte[] body, bool created, CancellationToken cancellation)
    {
        if (path.Any(segment => segment.Trim('.').Length == 0))
            return new Delivery.Rejected("the stored conversation has no usable id");
        var uri = new Uri($"{where.ServiceUrl.AbsoluteUri.TrimEnd('/')}/{string.Join('/', path.Select(Uri.EscapeDataString))}");
        if (!ServiceHosts.Allowed(uri, options.Sandbox))
            return new Delivery.Rejected("the stored service URL is not the Bot Connector's; nothing was sent");

        var delivery = await attempts.Make(method == HttpMethod.Put, created, (token, limit) => Call(method, uri, body, token, limit), cancellation);
        if (delivery is not Delivery.Delivered)
            NotDelivered(log, method.Method, delivery);
        return delivery;
    }

    private async Task<ConnectorAnswer> Call(HttpMethod method, Uri uri, byte[] body, string? token, CancellationToken cancellation)
    {
        using var client = clients.CreateClient(TeamsHttp.ClientName);
        using var request = new HttpRequestMessage(method, uri) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new("application/json") { CharSet = "utf-8" };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.SendAsync(request, cancellation);
        return await ConnectorAnswer.Read(response, time.GetUtcNow(), cancellation);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} to the Bot Connector: {Delivery}")]
    private static partial void NotDelivered(ILogger log, string method, Delivery delivery);
}
