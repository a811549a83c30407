using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Browser;

/// <summary>
/// Stands where the Bot Connector stands: the Playground signs nothing and the bot believes nothing unsigned. It says Teams' service URL instead of the
/// Playground's own, adds the connector's token, and hands the bot's answer back unread. Who presses and what is pressed stay as the Playground sent them.
/// </summary>
internal sealed class TokenRelay : IAsyncDisposable
{
    private readonly WebApplication _server;
    private readonly HttpClient _bot;
    private readonly ConnectorTokens _tokens;
    private readonly ConcurrentQueue<string> _refusals = new();

    private TokenRelay(BotHost bot)
    {
        _tokens = bot.Tokens;
        _bot = new HttpClient { BaseAddress = AddressOf(bot.Services) };
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        _server = builder.Build();
        _server.Run(Forward);
    }

    public Uri Messages => new(AddressOf(_server.Services), "/api/messages");

    /// <summary>Activities the bot did not take: none, when all goes well.</summary>
    public IReadOnlyCollection<string> Refusals => _refusals;

    public static async Task<TokenRelay> Start(BotHost bot, CancellationToken cancellation)
    {
        var relay = new TokenRelay(bot);
        await relay._server.StartAsync(cancellation);
        return relay;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _bot.Dispose();
    }

    private async Task Forward(HttpContext http)
    {
        // The page asks with HEAD whether a bot is there before it shows anything.
        if (!HttpMethods.IsPost(http.Request.Method))
            return;
        var activity = (await JsonNode.ParseAsync(http.Request.Body, cancellationToken: http.RequestAborted))!.AsObject();
        activity["serviceUrl"] = Known.ServiceUrl;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/messages") { Content = JsonContent.Create(activity) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _tokens.Good());
        using var answer = await _bot.SendAsync(request, http.RequestAborted);
        if (!answer.IsSuccessStatusCode)
            _refusals.Enqueue($"{(int)answer.StatusCode} for {activity.ToJsonString()}");
        http.Response.StatusCode = (int)answer.StatusCode;
        http.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await answer.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
    }

    private static Uri AddressOf(IServiceProvider services) =>
        new(services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
