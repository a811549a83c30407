using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunModes.Bot.Sandbox;
using RunModes.Bot.Tests.Cards;
using RunModes.Bot.Tests.Execution;

namespace RunModes.Bot.Tests.Sandbox;

/// <summary>What the bot wrote last in one message.</summary>
internal sealed record Written(string Id, JsonObject Activity)
{
    public string Text => (string?)Activity["text"] ?? "";

    public JsonObject? Card => Activity["attachments"]?[0]?["content"] as JsonObject;

    public string Status => Card is { } card ? Nodes.Status(card) : "";
}

/// <summary>The whole bot in its sandbox, and a client beside it that plays Teams as the Agents Playground does: plain http, loopback, no tokens.</summary>
internal sealed class PracticeClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);
    private readonly ConcurrentDictionary<string, Written> _written = new();
    private readonly Lines _log = new();
    private WebApplication _connector = null!;
    private WebApplication _bot = null!;
    private SandboxFolder? _folder;
    private HttpClient _http = null!;
    private TaskCompletionSource _change = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _ids;

    public IServiceProvider Services => _bot.Services;

    public string Log => _log.ToString();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<PracticeClient> Start()
    {
        var client = new PracticeClient();
        await client.Connect();
        return client;
    }

    public Task Install() => Send(new JsonObject
    {
        ["type"] = "installationUpdate", ["action"] = "add", ["conversation"] = Channel(PracticePeople.TeamId), ["channelData"] = TeamData(PracticePeople.TeamId),
    }, PracticePeople.Avery);

    /// <summary>Writes in General, mentioning the bot.</summary>
    public Task Say(string text, PracticePerson who)
    {
        const string mention = $"<at>{PracticePeople.BotName}</at>";
        return Send(new JsonObject
        {
            ["type"] = "message", ["text"] = $"{mention} {text}", ["conversation"] = Channel(PracticePeople.TeamId), ["channelData"] = TeamData(PracticePeople.TeamId),
            ["entities"] = new JsonArray(new JsonObject
            {
                ["type"] = "mention", ["text"] = mention, ["mentioned"] = new JsonObject { ["id"] = PracticePeople.BotId, ["name"] = PracticePeople.BotName },
            }),
        }, who);
    }

    /// <summary>The first message that fits, now or later; bounded in real time.</summary>
    public async Task<Written> WaitFor(Func<Written, bool> fits)
    {
        var until = DateTimeOffset.UtcNow + Patience;
        while (true)
        {
            var change = _change.Task;
            if (_written.Values.FirstOrDefault(fits) is { } found)
            {
                return found;
            }

            var left = until - DateTimeOffset.UtcNow;
            Assert.True(left > TimeSpan.Zero, $"It was not written. Written:\n{string.Join('\n', _written.Values.Select(w => w.Activity.ToJsonString()))}\n{Log}");
            await Task.WhenAny(change, Task.Delay(left, Cancellation));
        }
    }

    public async Task<JsonObject> Press(Written card, string verb, PracticePerson who)
    {
        var button = Nodes.OfType(card.Card!, "Action.Execute").Single(action => (string?)action["verb"] == verb);
        using var answer = await Deliver(new JsonObject
        {
            ["type"] = "invoke", ["name"] = "adaptiveCard/action", ["replyToId"] = card.Id, ["conversation"] = Channel($"{PracticePeople.TeamId};messageid={card.Id}"),
            ["channelData"] = TeamData(PracticePeople.TeamId),
            ["value"] = new JsonObject
            {
                ["action"] = new JsonObject { ["type"] = "Action.Execute", ["verb"] = verb, ["data"] = button["data"]!.DeepClone() }, ["trigger"] = "manual",
            },
        }, who);
        return (await answer.Content.ReadFromJsonAsync<JsonObject>(Cancellation))!;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _bot.StopAsync(CancellationToken.None);
        await _bot.DisposeAsync();
        _folder?.Dispose();
        await _connector.DisposeAsync();
    }

    private async Task Connect()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _connector = builder.Build();
        _connector.MapPost("/_connector/v3/conversations", async (HttpRequest request) => Root((await Body(request))["activity"]!.AsObject()));
        _connector.MapPost("/_connector/v3/conversations/{conversation}/activities", async (HttpRequest request) => Keep($"{++_ids}", await Body(request)));
        _connector.MapPut("/_connector/v3/conversations/{conversation}/activities/{id}", async (string id, HttpRequest request) => Keep(id, await Body(request)));
        await _connector.StartAsync(Cancellation);

        var built = BotApplication.Build(Arguments.Parse(["--sandbox", "--environment", "Development", "--urls", "http://127.0.0.1:0"]), host =>
        {
            // The machine of the tests may have settings of its own.
            foreach (var source in host.Configuration.Sources.OfType<EnvironmentVariablesConfigurationSource>().ToList())
            {
                host.Configuration.Sources.Remove(source);
            }

            // Nobody waits half a minute for an app that will not recover.
            host.Configuration["Verification:GiveUpAfter"] = "00:00:08";
            host.Logging.ClearProviders().AddProvider(_log);
        });
        (_bot, _folder) = Assert.IsType<BotApplication.Ready>(built);
        await _bot.StartAsync(Cancellation);
        _http = new HttpClient { BaseAddress = new Uri(_bot.Urls.First()) };
    }

    private async Task Send(JsonObject activity, PracticePerson who)
    {
        using var answer = await Deliver(activity, who);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private Task<HttpResponseMessage> Deliver(JsonObject activity, PracticePerson who)
    {
        activity["id"] = $"in-{++_ids}";
        activity["channelId"] = "msteams";
        activity["serviceUrl"] = $"{_connector.Urls.Single()}/_connector";
        activity["from"] = new JsonObject { ["id"] = who.ChannelUserId, ["name"] = who.Name, ["aadObjectId"] = who.ObjectId };
        activity["recipient"] = new JsonObject { ["id"] = PracticePeople.BotId, ["name"] = PracticePeople.BotName };
        return _http.PostAsJsonAsync("/api/messages", activity, Cancellation);
    }

    private IResult Root(JsonObject activity)
    {
        var id = $"{++_ids}";
        Keep(id, activity);
        return Results.Json(new JsonObject { ["id"] = $"{PracticePeople.TeamId};messageid={id}", ["activityId"] = id }, statusCode: 201);
    }

    private IResult Keep(string id, JsonObject activity)
    {
        _written[id] = new(id, activity);
        Interlocked.Exchange(ref _change, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
        return Results.Json(new JsonObject { ["id"] = id }, statusCode: 201);
    }

    private static async Task<JsonObject> Body(HttpRequest request) => (await request.ReadFromJsonAsync<JsonObject>())!;

    private static JsonObject Channel(string id) => new() { ["id"] = id, ["conversationType"] = "channel", ["tenantId"] = PracticePeople.TenantId, ["isGroup"] = true };

    private static JsonObject TeamData(string channel) => new()
    {
        ["tenant"] = new JsonObject { ["id"] = PracticePeople.TenantId }, ["team"] = new JsonObject { ["id"] = PracticePeople.TeamId, ["name"] = PracticePeople.TeamName },
        ["channel"] = new JsonObject { ["id"] = channel },
    };
}
