using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Execution;

/// <summary>The real execution folder, wired as the program wires it, with only the wire replaced.</summary>
internal sealed class Agent : IDisposable
{
    public const string Secret = "canary-client-secret-5f1c";
    public const string Tenant = "33333333-3333-4333-8333-333333333333";
    public const string Client = "44444444-4444-4444-8444-444444444444";
    public static readonly ResourceId App = ResourceId.Parse(
        "/subscriptions/55555555-5555-4555-8555-555555555555/resourceGroups/rg-shop/providers/Microsoft.Web/sites/app-service-prod");

    private readonly ServiceProvider _services;

    /// <param name="token">Null: the real client secret credential, whose Entra is at the same wire.</param>
    public Agent(HttpMessageHandler wire, TokenCredential? token, HandClock? clock = null)
    {
        Clock = clock ?? new HandClock();
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["AZURE_TENANT_ID"] = Tenant, ["AZURE_CLIENT_ID"] = Client, ["AZURE_CLIENT_SECRET"] = Secret,
        }).Build();
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddLogging(l => l.SetMinimumLevel(LogLevel.Trace).AddProvider(Log));
        services.AddExecution(settings, sandbox: false);
        services.AddHttpClient(ArmHttp.ClientName).ConfigurePrimaryHttpMessageHandler(() => wire);
        if (token is not null)
        {
            services.AddSingleton(new AgentIdentity(new("AzureCloud", Tenant, Client), ArmEndpoint.Public, token));
        }

        _services = services.BuildServiceProvider();
    }

    public HandClock Clock { get; }

    public Lines Log { get; } = new();

    public AzureContext Context => _services.GetRequiredService<AzureContext>();

    public ArmExecutor Executor => _services.GetRequiredService<ArmExecutor>();

    public OperationExecutor Operations => _services.GetRequiredService<OperationExecutor>();

    public ArmReader Reader => _services.GetRequiredService<ArmReader>();

    public PermissionProbe Probe => _services.GetRequiredService<PermissionProbe>();

    public Operation.ArmCall Restart => Operation.ArmCall.Of(ArmAction.RestartWebApp, App, Context);

    public ArmPolling Polling => _services.GetRequiredService<ArmPolling>();

    public Operation.ArmCall Swap => Operation.ArmCall.Of(ArmAction.SwapSlotIntoProduction, ResourceId.Parse($"{App}/slots/staging"), Context);

    public Operation.ArmCall RestartMachine => Operation.ArmCall.Of(
        ArmAction.RestartVirtualMachine, ResourceId.Parse($"{App.Group}/providers/Microsoft.Compute/virtualMachines/vm-shop-1"), Context);

    private Operation.ArmCall Of(ArmAction action) => Operation.ArmCall.Of(action, App, Context);

    /// <summary>One of every action the bot knows.</summary>
    public IReadOnlyList<Operation.ArmCall> Everything => [Restart, Swap, RestartMachine, Of(ArmAction.StartWebApp), Of(ArmAction.StopWebApp), Scale, Traffic];

    public Operation.ArmCall Traffic => Operation.ArmCall.Of(
        ArmAction.SendTraffic, ResourceId.Parse($"{App.Group}/providers/Microsoft.App/containerApps/shop"), Context, new OperationParameters.Traffic("West Europe", [new("shop--v1", 100)]));

    public Operation.ArmCall Scale => Operation.ArmCall.Of(
        ArmAction.ScaleAppServicePlan, ResourceId.Parse($"{App.Group}/providers/Microsoft.Web/serverfarms/plan-prod"), Context, new OperationParameters.Scale(
            new("linux", "West Europe", "P1v3", "PremiumV3", "P1v3", "Pv3", []) { Linux = true, Xenon = false, HyperV = false, PerSiteScaling = false, ZoneRedundant = false }, 2, 3));

    public async Task<ExecutionPermit> Permit(Operation? operation = null)
    {
        operation ??= Restart;
        var proposal = new Proposal
        {
            Id = new("p1"), Run = new("r1"), Incident = new("i1"), Revision = 1, Version = 1,
            Operation = operation, Fingerprint = Fingerprint.Of(operation), Provenance = Provenance.Runbook,
            Finding = new(Conclusion.Sick, "app-service-prod", "", "", [], null, DateTimeOffset.UnixEpoch),
            Status = ProposalStatus.Approved, CreatedAt = DateTimeOffset.UnixEpoch, ApprovalExpiry = TimeSpan.FromHours(1),
        };
        var claim = await ExecutionPermit.Win(new AlwaysWins(proposal), proposal, _ => true, Clock, CancellationToken.None);
        return Assert.IsType<Claim.Won>(claim).Permit;
    }

    public void Dispose() => _services.Dispose();

    private sealed class AlwaysWins(Proposal proposal) : IClaims
    {
        public Task<Proposal?> TryClaim(ProposalId id, long version, ClaimId claim, CancellationToken cancellation) => Task.FromResult<Proposal?>(proposal);
    }
}

/// <summary>A token without Entra; it may take its time or fail.</summary>
internal sealed class Token(string value, Func<CancellationToken, Task>? before = null) : TokenCredential
{
    // {"oid":"66666666-6666-4666-8666-666666666666"}
    public const string Principal = "66666666-6666-4666-8666-666666666666";
    public static string Canary { get; } = "eyJhbGciOiJub25lIn0." + System.Buffers.Text.Base64Url.EncodeToString(
        System.Text.Encoding.UTF8.GetBytes($$"""{"oid":"{{Principal}}"}""")) + ".canarysignature7d20";

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new NotSupportedException();

    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        await (before?.Invoke(cancellationToken) ?? Task.CompletedTask);
        return new(value, DateTimeOffset.UtcNow.AddHours(1));
    }

    public static Token Refused() => new("", _ => throw new AuthenticationFailedException($"AADSTS7000215: Invalid client secret provided. {Agent.Secret}"));
}

/// <summary>Time moves when the test says so.</summary>
internal sealed class HandClock : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private readonly Lock _gate = new();
    private TimeSpan _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch + _now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    public void Advance(TimeSpan by)
    {
        Timer[] due;
        lock (_gate)
        {
            _now += by;
            due = [.. _timers.Where(t => t.DueAt <= _now)];
            _timers.RemoveAll(due.Contains);
        }

        Array.ForEach(due, t => t.Fire());
    }

    private sealed class Timer(HandClock clock, Action fire) : ITimer
    {
        public TimeSpan DueAt { get; private set; }

        public Action Fire => fire;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            DueAt = dueTime == Timeout.InfiniteTimeSpan ? TimeSpan.MaxValue : clock._now + dueTime;
            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>Everything that was logged, down to Trace.</summary>
internal sealed class Lines : ILoggerProvider, ILogger
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

    public override string ToString() => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _lines.Enqueue($"{formatter(state, exception)} {exception}");

    public void Dispose()
    {
    }
}
