using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunModes.Bot.Chat;
using RunModes.Bot.Reporting;
using RunModes.Bot.Teams;

namespace RunModes.Bot.Tests.Teams;

/// <summary>The real endpoint and connector on a real port; Microsoft and the rest of the bot are the test's.</summary>
internal sealed class TeamsWorld : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _caller;

    private TeamsWorld(WebApplication app, FakeMicrosoft microsoft, RecordingInbound inbound, TestClock clock, KeptLog log)
    {
        (_app, Microsoft, Inbound, Clock, Log) = (app, microsoft, inbound, clock, log);
        _caller = new HttpClient { BaseAddress = new(app.Urls.Single()) };
    }

    public FakeMicrosoft Microsoft { get; }

    public RecordingInbound Inbound { get; }

    public TestClock Clock { get; }

    public KeptLog Log { get; }

    public required BotKey Key { get; init; }

    public IMessenger Messenger => _app.Services.GetRequiredService<IMessenger>();

    public T The<T>() where T : notnull => _app.Services.GetRequiredService<T>();

    public static async Task<TeamsWorld> Start(bool sandbox = false, bool keysDown = false)
    {
        var (microsoft, inbound, clock, log) = (new FakeMicrosoft { KeysDown = keysDown }, new RecordingInbound(), new TestClock(), new KeptLog());
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        if (!sandbox)
            builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["MicrosoftAppType"] = "SingleTenant", ["MicrosoftAppId"] = Known.App, ["MicrosoftAppTenantId"] = Known.Tenant, ["MicrosoftAppPassword"] = Known.Secret,
            });
        builder.Logging.ClearProviders().AddProvider(log).SetMinimumLevel(LogLevel.Trace);
        builder.Services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => microsoft));
        builder.Services.AddSingleton<TimeProvider>(clock).AddSingleton<IInbound>(inbound).AddTeams(builder.Configuration, sandbox);
        var app = builder.Build();
        app.MapTeams();
        var key = new BotKey("key-1", "msteams");
        microsoft.Keys.Add(key);
        _ = app.Services.GetService<IMessenger>();
        SdkKeys.From(microsoft);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new(app, microsoft, inbound, clock, log) { Key = key };
    }

    public JsonObject Claims() => new()
    {
        ["iss"] = "https://api.botframework.com", ["aud"] = Known.App, ["serviceurl"] = Known.Service,
        ["nbf"] = Clock.GetUtcNow().ToUnixTimeSeconds(), ["exp"] = Clock.GetUtcNow().AddHours(1).ToUnixTimeSeconds(),
    };

    public Task<HttpResponseMessage> Deliver(JsonObject activity, string? token = null) => Deliver(activity.ToJsonString(), token);

    public Task<HttpResponseMessage> Deliver(string body, string? token = null) => Deliver(body, [$"Bearer {token ?? Key.Sign(Claims())}"]);

    public async Task<HttpResponseMessage> Deliver(string body, string[] authorization, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/messages")
        {
            Content = new StringContent(body, Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
        };
        foreach (var value in authorization)
            request.Headers.TryAddWithoutValidation("Authorization", value);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await _caller.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async Task<JsonNode> Answer(JsonObject invoke)
    {
        using var response = await Deliver(invoke);
        Assert.True(response.StatusCode == System.Net.HttpStatusCode.OK, $"{response.StatusCode}: {string.Join('\n', Log.Lines.TakeLast(3))}");
        return JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
    }

    public async ValueTask DisposeAsync()
    {
        _caller.Dispose();
        await _app.DisposeAsync();
    }
}

internal sealed class KeptLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

    public void Dispose() { }
}
