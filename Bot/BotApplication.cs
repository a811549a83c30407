using Microsoft.Extensions.Configuration.EnvironmentVariables;
using Microsoft.Extensions.Configuration.Json;
using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Chat;
using RunModes.Bot.Cli.Checks;
using RunModes.Bot.Execution;
using RunModes.Bot.Hooks;
using RunModes.Bot.Incidents;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals.CommandLines;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;
using RunModes.Bot.Runs;
using RunModes.Bot.Sandbox;
using RunModes.Bot.Storage;
using RunModes.Bot.Teams;
using RunModes.Bot.Telemetry;

namespace RunModes.Bot;

/// <summary>The bot put together, or the reasons why it does not start.</summary>
internal abstract record BotApplication
{
    private BotApplication() { }

    /// <param name="Folder">The sandbox's, to be disposed of after the app.</param>
    public sealed record Ready(WebApplication App, SandboxFolder? Folder) : BotApplication;

    /// <param name="Lines">One line a problem, naming key and fix.</param>
    public sealed record Refused(IReadOnlyList<string> Lines) : BotApplication;

    /// <param name="adjust">Sees the builder before anything is added: a test's clock and settings.</param>
    public static BotApplication Build(Arguments arguments, Action<WebApplicationBuilder>? adjust = null) => Prepare(arguments, adjust, builder =>
        SandboxRule.Check(builder.Environment.EnvironmentName, builder.Configuration, arguments.Sandbox || arguments.Playground).Match(
            production: () => Open(builder, sandbox: null, playground: false),
            sandbox: () => Open(builder, new SandboxFolder(), arguments.Playground),
            refused: line => new Refused([line])));

    private static BotApplication Prepare(Arguments arguments, Action<WebApplicationBuilder>? adjust, Func<WebApplicationBuilder, BotApplication> then)
    {
        if (arguments.SettingsFile is { } file && !File.Exists(file))
        {
            return new Refused([$"--settings: there is no file {file}."]);
        }

        WebApplicationBuilder builder;
        try
        {
            builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = arguments.Host, ContentRootPath = AppContext.BaseDirectory });
            AddSettingsFile(builder.Configuration, arguments.SettingsFile);
        }
        catch (InvalidDataException e)
        {
            return new Refused([Unreadable(e)]);
        }

        adjust?.Invoke(builder);
        return then(builder);
    }

    /// <summary>
    /// Put together and never started, over a store that is only read, for a command that looks. Where there is no store yet, a scratch one holds
    /// what the settings would make of it.
    /// </summary>
    public static BotApplication BuildToLook(Arguments arguments, Action<WebApplicationBuilder>? adjust = null) => Prepare(arguments, adjust, builder =>
        SandboxRule.Check(builder.Environment.EnvironmentName, builder.Configuration, askedFor: false).Match(
            production: () => OpenToLook(builder),
            sandbox: () => new Refused(["settings: there are none, so the bot would start as its sandbox, where there is nothing to look at. Name them with --settings FILE."]),
            refused: line => new Refused([line])));

    /// <summary>Where the file stops being JSON; never what stands there.</summary>
    public static string Unreadable(InvalidDataException e)
    {
        Exception cause = e;
        while (cause.InnerException is { } inner)
        {
            cause = inner;
        }

        return OneLine($"settings: {e.Message} {(cause is System.Text.Json.JsonException { LineNumber: { } line } ? $"Line {line + 1} is not JSON." : cause.Message)}");
    }

    /// <summary>What stands in a setting can neither break a line nor colour a terminal.</summary>
    private static string OneLine(string problem) => string.Concat(problem.Select(c => char.IsControl(c) ? ' ' : c));

    /// <summary>For commands that only read: the same sources in the same order, nothing started.</summary>
    public static IConfiguration Settings(Arguments arguments)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        AddSettingsFile(builder.Configuration, arguments.SettingsFile is { } file && File.Exists(file) ? file : null);
        return builder.Configuration;
    }

    private static BotApplication Open(WebApplicationBuilder builder, SandboxFolder? sandbox, bool playground)
    {
        var settings = builder.Configuration;
        if (sandbox is not null)
        {
            settings.AddSandboxSettings(sandbox);
        }

        var problems = Problems(settings, sandbox is not null);
        if (problems.Count > 0)
        {
            return new Refused([.. problems.Select(OneLine)]);
        }

        if (string.IsNullOrEmpty(settings["urls"]) && string.IsNullOrEmpty(settings["http_ports"]))
        {
            builder.WebHost.UseUrls("http://localhost:3978");
        }

        if (StoreSettings.Open(settings, out var unopened) is not { } store)
        {
            return new Refused([OneLine(unopened)]);
        }

        var files = AuditFiles.From(settings, store.Path)!;
        if (!AuditSettings.TryLoadOrGenerate(settings, files, out var key, out var problem))
        {
            store.Dispose();
            return new Refused([problem]);
        }

        Compose(builder, store, key, files, sandbox is not null, playground);
        var app = builder.Build();
        app.NameRequests();
        app.MapTeams();
        app.MapIncidents();
        app.MapHealth();
        return new Ready(app, sandbox);
    }

    private static BotApplication OpenToLook(WebApplicationBuilder builder)
    {
        var settings = builder.Configuration;
        var problems = Problems(settings, sandbox: false);
        if (problems.Count > 0)
        {
            return new Refused([.. problems.Select(OneLine)]);
        }

        var store = StoreSettings.OpenReadOnly(settings);
        var path = store.Path;
        var isNew = path is not null && !File.Exists(path);
        // A key of its own seals nothing that anybody would believe: nothing is decided here.
        string? unusable = null;
        var files = AuditFiles.From(settings, path)!;
        if (isNew || !AuditSettings.TryLoad(settings, files, out var key, out unusable))
        {
            key = new AuditKey(System.Security.Cryptography.RandomNumberGenerator.GetBytes(AuditKey.Length));
        }

        SandboxFolder? scratch = null;
        if (isNew)
        {
            store.Dispose();
            scratch = new SandboxFolder();
            store = SqliteStore.OpenExclusively($"Data Source={scratch.Database}");
        }

        Compose(builder, isNew ? store : new OnlyRead(store), key, files, sandbox: false, playground: false);
        builder.Services.AddSingleton(new StoreSeen(isNew, path, unusable)).AddSingleton<AgentReach>();
        builder.Logging.ClearProviders();
        return new Ready(builder.Build(), scratch);
    }

    /// <summary>The table of contents, in the order of the flow.</summary>
    private static void Compose(WebApplicationBuilder builder, IStore store, AuditKey key, AuditFiles files, bool sandbox, bool playground)
    {
        var (services, settings) = (builder.Services, builder.Configuration);
        builder.AddTelemetry();
        services.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = TimeSpan.FromSeconds(5),
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        }));
        services.AddStorage(store);
        services.AddAudit(key, files);
        services.AddHostedService<StartUp>();
        services.AddPlans(settings, Commands(settings, sandbox));
        services.AddIncidents(settings);
        services.AddHooks(settings);
        services.AddInvestigation();
        services.AddExecution(settings, sandbox);
        services.AddRoles(settings);
        services.AddApprovals();
        services.AddRuns(settings);
        services.AddReporting();
        services.AddChat();
        services.AddTeams(settings, sandbox);
        services.AddKeyedSingleton(GraphDirectory.Identity, (provider, _) => provider.GetRequiredService<BotIdentity>().BotCredential);
        services.AddGraphMail();
        if (sandbox)
        {
            services.AddSandbox();
        }

        if (playground)
        {
            services.AddSingleton(new PlaygroundOptions()).AddHostedService<Playground>();
        }
    }

    /// <summary>What a start would refuse, one line each, before anything is opened.</summary>
    public static IReadOnlyList<string> Problems(IConfiguration settings, bool sandbox) =>
    [
        .. SettingsCheck.Problems(settings, Commands(settings, sandbox)), .. TeamsOptions.From(settings, sandbox).Problems(), .. RoleOptions.From(settings).Problems(),
        .. IncidentSettings.From(settings).Problems(), .. StoreSettings.Problems(settings), .. AuditSettings.Problems(settings, StoreSettings.Provider(settings) != StoreProvider.PostgreSql), .. sandbox ? [] : AgentIdentity.Problems(settings),
        .. TelemetrySettings.Problems(settings), .. HookSettings.From(settings).Problems, .. CommandSettings.Problems(settings),
    ];

    /// <summary>In the sandbox no program runs.</summary>
    private static CommandReaders Commands(IConfiguration settings, bool sandbox) => sandbox ? CommandReaders.Nowhere : CommandSettings.From(settings).Readers;

    /// <summary>Below the environment, which wins, and above what ships beside the program.</summary>
    private static void AddSettingsFile(ConfigurationManager configuration, string? file)
    {
        if (file is null)
        {
            return;
        }

        var source = new JsonConfigurationSource { Path = Path.GetFullPath(file), Optional = false };
        source.ResolveFileProvider();
        var sources = ((IConfigurationBuilder)configuration).Sources;
        var environment = sources.Select((s, i) => (s, i)).Where(x => x.s is EnvironmentVariablesConfigurationSource { Prefix: null or "" }).Select(x => x.i).DefaultIfEmpty(sources.Count).First();
        sources.Insert(environment, source);
    }
}
