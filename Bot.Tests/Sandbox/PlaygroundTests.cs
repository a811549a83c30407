using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RunModes.Bot.Roles;
using RunModes.Bot.Sandbox;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Sandbox;

public sealed class PlaygroundTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task It_opens_where_it_really_listens_reaches_the_bot_and_ends_with_it()
    {
        var program = Counterpart.RequireFile(
            Repository.Path("Bot.Tests/Judges/playground/node_modules/.bin/agentsplayground"), "the Agents Playground is not installed (npm ci in Bot.Tests/Judges/playground).");
        using var taken = new TcpListener(IPAddress.IPv6Any, 0);
        taken.Server.DualMode = true;
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var log = new LogLines();
        await using var bot = Bot(new PlaygroundOptions(port, Program: program), log);
        using var client = new HttpClient();

        await bot.StartAsync(TestContext.Current.CancellationToken);
        var page = await TheOnly(bot).Opened.WaitAsync(Patience, TestContext.Current.CancellationToken);

        Assert.NotNull(page);
        Assert.NotEqual(port, page.Port);
        Assert.Equal("pong", await client.GetStringAsync(new Uri(page, "_debug/ping"), TestContext.Current.CancellationToken));
        var world = JsonNode.Parse(await client.GetStringAsync(new Uri(page, "_internal/v1/config"), TestContext.Current.CancellationToken))!.ToJsonString();
        Assert.Contains(PracticePeople.Avery.ObjectId, world, StringComparison.Ordinal);
        Assert.Contains(log, line => line.Contains($"{page}", StringComparison.Ordinal) && line.Contains("Avery Admin", StringComparison.Ordinal));
        Assert.Contains(log, line => line.Contains("every network interface", StringComparison.Ordinal));

        await bot.StopAsync(TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync(new Uri(page, "_debug/ping"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_Node_the_bot_runs_and_says_what_to_install()
    {
        var log = new LogLines();
        await using var bot = Bot(new PlaygroundOptions(Program: Path.Combine(Path.GetTempPath(), "no-such-playground")), log);

        await bot.StartAsync(TestContext.Current.CancellationToken);

        Assert.Null(await TheOnly(bot).Opened.WaitAsync(Patience, TestContext.Current.CancellationToken));
        Assert.Contains(log, line => line.Contains("install Node.js 20 or newer, or start a client yourself", StringComparison.Ordinal));
        Assert.False(bot.Lifetime.ApplicationStopping.IsCancellationRequested);
    }

    [Fact]
    public void The_practice_world_has_an_Administrator_writing_and_five_others_of_every_role()
    {
        var world = JsonNode.Parse(PlaygroundWorld.ConfigurationFor(PracticePeople.Avery))!;

        Assert.Equal(PracticePeople.Avery.ObjectId, (string?)world["currentUser"]!["aadObjectId"]);
        Assert.Equal(5, world["users"]!.AsArray().Select(user => (string?)user!["aadObjectId"]).Except([PracticePeople.Avery.ObjectId]).Distinct().Count());
        Assert.Equal(Enum.GetValues<Role>().Order(), PracticePeople.All.Select(person => person.Role).Distinct().Order());
    }

    private static WebApplication Bot(PlaygroundOptions options, LogLines log)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(log);
        builder.Services.AddSingleton(options);
        builder.Services.AddHostedService<Playground>();
        var app = builder.Build();
        app.MapPost("/api/messages", () => Results.Ok());
        return app;
    }

    private static Playground TheOnly(WebApplication bot) => bot.Services.GetServices<IHostedService>().OfType<Playground>().Single();

    private sealed class LogLines : ConcurrentQueue<string>, ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Enqueue(formatter(state, exception));

        public void Dispose()
        {
        }
    }
}
