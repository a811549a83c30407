using System.Net;
using System.Net.Http.Headers;
using Azure.Identity;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Teams;

/// <summary>The Bot Connector's REST calls that we need: post, reply, update. One attempt a call; only a refused token is replaced and tried once more.</summary>
internal sealed partial class BotConnector(TeamsOptions options, ConnectorToken tokens, IHttpClientFactory clients, TimeProvider time, ILogger<BotConnector> log)
    : IMessenger
{
    public static readonly TimeSpan AttemptLimit = TimeSpan.FromSeconds(20);

    /// <summary>A process that was stopped while it waited for its token has no turn to speak any more when it wakes.</summary>
    private static readonly TimeSpan BeginWithin = TimeSpan.FromSeconds(5);

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

        var delivery = await Attempt(method, uri, body, created, cancellation);
        if (delivery is not Delivery.Delivered)
            NotDelivered(log, method.Method, delivery);
        return delivery;
    }

    private async Task<Delivery> Attempt(HttpMethod method, Uri uri, byte[] body, bool created, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(AttemptLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var update = method == HttpMethod.Put;
        var began = time.GetTimestamp();
        for (var renewed = false; ; renewed = true)
        {
            string? token = null;
            try
            {
                if (!options.Sandbox)
                    token = await tokens.Get(either.Token);
            }
            catch (AuthenticationFailedException failure)
            {
                return new Delivery.TryAgain($"the bot got no token: {failure.Message}", null);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return new Delivery.TryAgain("the bot got no token in time", null);
            }

            if (time.GetElapsedTime(began) >= BeginWithin)
                return new Delivery.TryAgain("the bot was held up for too long before it could send", null);

            try
            {
                var answer = await Call(method, uri, body, token, either.Token);
                if (answer.Status != HttpStatusCode.Unauthorized || token is null || renewed)
                    return answer.Means(update, created);
                await tokens.Drop(token, either.Token);
            }
            catch (HttpRequestException failure)
            {
                return NotSent(failure) || update ? new Delivery.TryAgain(failure.Message, null) : new Delivery.MayHaveArrived(failure.Message);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return update ? new Delivery.TryAgain("no answer in time", null) : new Delivery.MayHaveArrived("no answer in time");
            }
        }
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

    private static bool NotSent(HttpRequestException failure) => failure.HttpRequestError is
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} to the Bot Connector: {Delivery}")]
    private static partial void NotDelivered(ILogger log, string method, Delivery delivery);
}
