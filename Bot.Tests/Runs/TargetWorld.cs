using Azure.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Chat;
using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Hooks;
using RunModes.Bot.Incidents;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Roles;
using RunModes.Bot.Runs;
using RunModes.Bot.Storage;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Runs;

/// <summary>
/// The product, composed as the program composes it but for hosted services and the channel: the store is a file, the wire is in memory, and the
/// flow is stepped by whoever holds it. What lives as long as a process is built anew by <see cref="Kill"/>.
/// </summary>
internal sealed class TargetWorld : IAsyncDisposable
{
    public static readonly string[] Paths = [.. new[] { "shop", "shop/slots/next", "mail" }.Select(n => $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.Web/sites/{n}")];
    public static readonly string[] PlanNames = ["shop", "next", "mail"];
    public static readonly Conversation Channel = new(Known.Channel, ConversationKind.Channel, new(Known.ServiceUrl), Known.Tenant, "28:bot");
    private static readonly string Memory = Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();

    private readonly string _folder = Directory.CreateDirectory(Path.Combine(Memory, $"targets-{Guid.NewGuid():N}")).FullName;
    private readonly IConfiguration _settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["MicrosoftAppTenantId"] = Known.Tenant, ["MicrosoftAppId"] = Known.AppId, ["Roles:Administrator:Groups:0"] = Known.Administrators,
    }).Build();
    private readonly AuditKey _key = new(new byte[AuditKey.Length]);
    private readonly ServiceProvider _outside;
    private ServiceProvider _process;

    public TargetWorld()
    {
        Wire = new(Clock);
        var outside = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Clock);
        outside.AddExecution(_settings, sandbox: false);
        outside.AddSingleton(new AgentIdentity(new("AzureCloud", Known.Tenant, Known.AgentClientId), ArmEndpoint.Public, new AnyToken())).AddSingleton<MetricReader>().AddSingleton<SignalReader>();
        outside.AddRoles(_settings).AddGraphMail().AddKeyedSingleton<TokenCredential>(GraphDirectory.Identity, new AnyToken());
        outside.ConfigureHttpClientDefaults(http => http.ConfigurePrimaryHttpMessageHandler(() => Wire));
        outside.AddHttpClient(GraphDirectory.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => Wire);
        _outside = outside.BuildServiceProvider();
        Wire.Forget = _outside.GetRequiredService<RecentRights>().Forget;
        _process = Start();
    }

    public ManualClock Clock { get; } = new();

    public DateTimeOffset Now => Clock.GetUtcNow();

    public TargetWire Wire { get; }

    public RunTables Tables => Get<RunTables>();

    public T Get<T>() where T : notnull => _process.GetRequiredService<T>();

    public Task Write(Func<ITransaction, Task> work) => Tables.Ledger.Write(DurableStep.Unknown, work, CancellationToken.None);

    public Task<T> Write<T>(Func<ITransaction, Task<T>> work) => Tables.Ledger.Write(DurableStep.Unknown, work, CancellationToken.None);

    public Task<T> Read<T>(Func<ITransaction, Task<T>> work) => Tables.Ledger.Read(work, CancellationToken.None);

    /// <summary>In the order they were made.</summary>
    public Task<IReadOnlyList<GatedProposal>> Proposals() => Read(Proposals);

    public async Task<IReadOnlyList<GatedProposal>> Proposals(ITransaction transaction) => [.. (await Tables.Proposals.History(transaction, null, 1000)).Reverse()];

    /// <summary>In the order they were made.</summary>
    public static Task<IReadOnlyList<(string Id, string State)>> Runs(ITransaction transaction) => transaction.Unit().Many<(string, string)>("SELECT id, state FROM runs ORDER BY created_at, id");

    public Task<IReadOnlyList<AuditRow>> Audit() => Get<IAuditLog>().ReadUnsealed(int.MaxValue, CancellationToken.None);

    /// <summary>An empty store again, with one plan a target.</summary>
    public async Task Begin(bool?[] modes, bool? byDefault)
    {
        Wire.NextStep(null);
        Wire.Posts.Clear();
        Wire.Answer = TargetModel.Answer.Accepted;
        foreach (var path in Paths) (Wire.Sick[path], Wire.Sizes[path]) = (true, 0);
        foreach (var someone in new[] { People.Ada, People.Ben }) Wire.Administrators[someone.ObjectId] = 0;
        await Write(async t =>
        {
            foreach (var table in new[] { "lapses", "hook_answers", "waits", "proposals", "firings", "runs", "incidents", "plans", "outbox", "messages", "threads", "audit", "leases", "unreadable" })
            {
                await t.Unit().Execute($"DELETE FROM {table}");
            }

            await t.Unit().Execute("UPDATE control SET stopped = 0, stopped_by = NULL, stopped_at = NULL, default_mode = @mode", new { mode = ModeOf(byDefault)?.ToString() });
            for (var i = 0; i < Paths.Length; i++)
            {
                await Tables.Plans.Insert(t, new ResponsePlan { Name = PlanNames[i], Resource = Paths[i], Mode = ModeOf(modes[i]) });
            }
        });
    }

    /// <summary>Nobody is left who knows what was going on; the store is opened again, and the bot recovers as at every start.</summary>
    public async Task Kill()
    {
        await _process.DisposeAsync();
        // No two processes write within one millisecond: the audit tells their order by the clock.
        Clock.Advance(TimeSpan.FromSeconds(1));
        _process = Start();
        await Get<RunRecovery>().Recover(CancellationToken.None);
    }

    public static RunMode? ModeOf(bool? autonomous) => autonomous is { } is_ ? is_ ? RunMode.Autonomous : RunMode.Review : null;

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        await _outside.DisposeAsync();
        Clock.Dispose();
        await Scratch.Delete(_folder);
    }

    private ServiceProvider Start()
    {
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(Clock).AddSingleton(_key);
        services.AddStorage(SqliteStore.OpenExclusively($"Data Source={Path.Combine(_folder, "runmodes.db")}"));
        services.AddPlans(_settings).AddIncidents(_settings).AddApprovals().AddHooks(_settings).AddRuns(_settings).AddReporting().AddChat();
        services.RemoveAll<IAlertSource>();
        services.AddSingleton<IInvestigator>(p => new Investigator(Wire, p.GetRequiredService<AzureContext>(), Clock));
        services.AddSingleton<ChangeHistory>();
        services.AddSingleton<IClaims>(p => new HeldClaims(p.GetRequiredService<ProposalTable>(), Wire));
        Share<RoleLookup>();
        Share<RoleOptions>();
        Share<PermissionProbe>();
        Share<PreconditionProbe>();
        Share<CommandSettings>();
        Share<Executors>();
        Share<ArmReader>();
        Share<ArmPolling>();
        Share<SignalReader>();
        Share<AzureContext>();
        Share<HttpGetTool>();
        Share<LogQuery>();
        Share<GraphMail>();
        return services.BuildServiceProvider();

        void Share<T>() where T : class => services.AddSingleton(_ => _outside.GetRequiredService<T>());
    }

    /// <summary>The store's own claims, with a place just before them where everything was looked at and nothing is claimed yet.</summary>
    private sealed class HeldClaims(ProposalTable table, TargetWire wire) : IClaims
    {
        public async Task<Proposal?> TryClaim(ProposalId id, long version, ClaimId claim, CancellationToken cancellation)
        {
            await wire.Reach(TargetWire.Claiming);
            return await table.TryClaim(id, version, claim, cancellation);
        }
    }

    /// <summary>A runbook's conclusion without its reading: sick, and a restart helps. Only the model's targets have slots that a restart may name.</summary>
    private sealed class Investigator(TargetWire wire, AzureContext context, TimeProvider clock) : IInvestigator
    {
        public Task<Investigated> Investigate(Incident incident, ResponsePlan? plan, CancellationToken cancellation)
        {
            var (target, now) = (incident.Target!, clock.GetUtcNow());
            var sick = wire.Sick[target.Value];
            var finding = new Finding(sick ? Conclusion.Sick : Conclusion.NeverSick, target.Name, $"{target.Name} is slow", $"{target.Name} was slow", [], new("Memory usage", 94, "%", now), now);
            var restart = ArmAction.RestartWebApp;
            var operation = new Operation.ArmCall(context, target, restart.Action, restart.Method, restart.Verb, restart.ApiVersion, Body: "") { DependsOn = [new("size", target, restart.ApiVersion, "sku.name", TargetWire.SizeOf(wire.Sizes[target.Value]))] };
            return Task.FromResult(new Investigated(finding, sick ? new Remedy(operation, Provenance.Runbook, new(target, "Memory", "Average", "Memory usage", "%", 75)) : null));
        }
    }
}
