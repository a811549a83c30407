using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Logging;
using RunModes.Bot.Audit;
using RunModes.Bot.Cli;
using RunModes.Bot.Storage;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Support;

/// <summary>The real application in this process, its store a file, everything outside it a <see cref="FakeCloud"/>; the tests talk to it as Teams and Azure Monitor do.</summary>
internal sealed class BotHost : BotClient
{
    private readonly WebApplication _app;
    private readonly Home _home;
    private bool _stopped;
    private bool _handedOver;

    private BotHost(WebApplication app, FakeCloud cloud, ManualClock clock, Home home, LogCapture logs)
        : base(cloud, new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()))
    {
        (_app, Clock, _home, Logs) = (app, clock, home, logs);
    }

    public ManualClock Clock { get; }

    /// <summary>Holds the audit key and the anchors, and the store where it is a file.</summary>
    public string Folder => _home.Folder;

    public string ConnectionString => _home.Settings()["Store:ConnectionString"]!;

    /// <summary>What was logged since the first start, by every process on this store.</summary>
    public LogCapture Logs { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="world">Sets the cloud before the bot starts.</param>
    /// <param name="settings">Added to, and winning over, the defaults.</param>
    /// <param name="parts">Sees what the application registered, to put something of the test's into the middle where nothing at the wire leads.</param>
    /// <param name="home">Null: a new one, on the store of the test's class. It goes with the bot.</param>
    public static async Task<BotHost> Start(Action<FakeCloud>? world = null, IReadOnlyDictionary<string, string?>? settings = null, Action<IServiceCollection>? parts = null, Home? home = null)
    {
        var clock = ManualClock.Running();
        var cloud = await FakeCloud.Start(clock, Cancellation);
        People.Join(cloud);
        cloud.Arm.RunningSampleCarriesNow = true;
        world?.Invoke(cloud);
        return await Start(cloud, clock, home ?? await Home.New(), settings, new LogCapture(), parts);
    }

    /// <summary>A new process on the same store; this one is over, and the new one has what it owned.</summary>
    public async Task<BotHost> Restart(IReadOnlyDictionary<string, string?>? settings = null)
    {
        await StopApp();
        _handedOver = true;
        return await Start(Cloud, Clock, _home, settings, Logs);
    }

    private static async Task<BotHost> Start(FakeCloud cloud, ManualClock clock, Home home, IReadOnlyDictionary<string, string?>? settings, LogCapture logs, Action<IServiceCollection>? parts = null)
    {
        var built = BotApplication.Build(Arguments.Parse(["--environment", "Production", "--urls", "http://127.0.0.1:0"]), builder =>
        {
            Adjust(builder, cloud, clock, home.Settings(), settings);
            builder.Logging.ClearProviders().AddProvider(logs);
            if (parts is not null)
            {
                builder.Host.UseServiceProviderFactory(new Adjusted(parts));
            }
        });
        var app = built is BotApplication.Ready ready ? ready.App : throw new InvalidOperationException(string.Join('\n', ((BotApplication.Refused)built).Lines));
        await app.StartAsync(Cancellation);
        return new BotHost(app, cloud, clock, home, logs);
    }

    private static void Adjust(WebApplicationBuilder builder, FakeCloud cloud, TimeProvider clock, Dictionary<string, string?> home, IReadOnlyDictionary<string, string?>? settings)
    {
        builder.Configuration.AddInMemoryCollection(home);
        builder.Configuration.AddInMemoryCollection(settings ?? new Dictionary<string, string?>());
        builder.Services.AddSingleton(clock);
        // A test moves the bot's clock and not the database's.
        builder.Services.AddSingleton<IStoreClock>(new OwnClock(clock));
        builder.Services.PostConfigureAll<HttpClientFactoryOptions>(o => o.HttpMessageHandlerBuilderActions.Add(b => b.PrimaryHandler = cloud.CreateHandler()));
    }

    /// <summary>doctor or simulate, beside the bot or after it.</summary>
    public async Task<(int Exit, string Output)> Look(string[] words, IReadOnlyDictionary<string, string?>? settings = null, TimeProvider? clock = null)
    {
        await using var output = new StringWriter();
        var exit = await LookingCommand.Run(
            Arguments.Parse(words), output, output, Cancellation, builder =>
            {
                builder.Environment.EnvironmentName = "Production";
                // Where the real programs are, they take seconds.
                builder.Configuration["PATH"] = Folder;
                Adjust(builder, Cloud, clock ?? Clock, _home.Settings(), settings);
            });
        return (exit, output.ToString());
    }

    public static Dictionary<string, string?> Defaults(string folder) => new()
    {
        ["MicrosoftAppType"] = "SingleTenant", ["MicrosoftAppId"] = Known.AppId, ["MicrosoftAppTenantId"] = Known.Tenant, ["MicrosoftAppPassword"] = Known.AppSecret,
        ["AZURE_TENANT_ID"] = Known.Tenant, ["AZURE_CLIENT_ID"] = Known.AgentClientId, ["AZURE_CLIENT_SECRET"] = Known.AgentSecret,
        ["Roles:Administrator:Groups:0"] = Known.Administrators, ["Roles:StandardUser:Groups:0"] = People.StandardUsers,
        ["Store:ConnectionString"] = $"Data Source={Path.Combine(folder, "runmodes.db")}",
        ["Incidents:AzureMonitor:Key"] = WebhookKey,
        ["Verification:Settle"] = "00:00:00", ["Verification:Interval"] = "00:00:01", ["Verification:GiveUpAfter"] = "00:00:20",
        ["ResponsePlans:0:Name"] = "prod-web", ["ResponsePlans:0:Resource"] = "app-service-prod", ["ResponsePlans:0:Mode"] = "Review",
        ["ResponsePlans:1:Name"] = "staging-web", ["ResponsePlans:1:Resource"] = "app-service-staging", ["ResponsePlans:1:Mode"] = "Autonomous",
    };

    /// <summary>What somebody with a database does, past the bot.</summary>
    public async Task Tamper(string sql)
    {
        await using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(Folder, "runmodes.db")};Pooling=False;Default Timeout=10");
        await connection.OpenAsync(Cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.NotEqual(0, await command.ExecuteNonQueryAsync(Cancellation));
    }

    /// <summary>As an operator runs it beside the bot.</summary>
    public async Task<(int Exit, string Output)> Audit(params string[] words)
    {
        await using var output = new StringWriter();
        var settings = new ConfigurationBuilder().AddInMemoryCollection(_home.Settings()).Build();
        var exit = await AuditCommand.Run(words, settings, output, output, Cancellation);
        return (exit, output.ToString());
    }

    /// <summary>For steps that nobody sees in Teams.</summary>
    public async Task<string> WaitForAudit(string kind, int times = 1)
    {
        for (var beginning = TimeProvider.System.GetTimestamp(); ;)
        {
            var lines = (await Audit("--json")).Output.Split('\n').Where(l => l.Contains($"\"{kind}\"", StringComparison.Ordinal)).ToList();
            if (lines.Count >= times)
            {
                return lines[^1];
            }

            Assert.True(TimeProvider.System.GetElapsedTime(beginning) < Patience, $"The audit has no {kind}.");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }
    }

    /// <summary>What one number of the store is, past the bot.</summary>
    public Task<long> Count(string sql) => _home.Count(sql);

    public async Task WaitForCount(string sql, long least)
    {
        for (var beginning = TimeProvider.System.GetTimestamp(); await Count(sql) < least;)
        {
            Assert.True(TimeProvider.System.GetElapsedTime(beginning) < Patience, $"Never {least}: {sql}");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
        }
    }

    public async Task StopApp()
    {
        if (_stopped)
        {
            return;
        }

        _stopped = true;
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await StopApp();
        if (!_handedOver)
        {
            await Cloud.DisposeAsync();
            Clock.Dispose();
            await _home.DisposeAsync();
        }
    }

    private sealed class Adjusted(Action<IServiceCollection> adjust) : IServiceProviderFactory<IServiceCollection>
    {
        public IServiceCollection CreateBuilder(IServiceCollection services)
        {
            adjust(services);
            return services;
        }

        public IServiceProvider CreateServiceProvider(IServiceCollection containerBuilder) => containerBuilder.BuildServiceProvider();
    }
}
