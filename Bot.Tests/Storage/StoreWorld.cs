using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;
using RunModes.Bot.Storage;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Storage;

/// <summary>The real store in a folder of its own, with a plan, an incident and a run to hang proposals on.</summary>
internal sealed class StoreWorld : IAsyncDisposable
{
    public const string Web = "/subscriptions/00000000-0000-0000-0000-00000000000a/resourceGroups/rg-shop/providers/Microsoft.Web";
    public const string App = Web + "/sites/app-service-prod";
    public const string Plan = "prod-web";

    private readonly string folder = Directory.CreateTempSubdirectory("store").FullName;
    private readonly string file;
    private readonly string? database;
    private readonly ILedger ledger;
    private readonly IStore store;
    private int proposals;

    private StoreWorld(string? database, string? file, ManualClock? clock, AutonomyBudget? budget)
    {
        this.file = file ?? Path.Combine(folder, "runmodes.db");
        Anchors = new AnchorFile($"{this.file}.anchors");
        Assert.True(AuditKey.TryLoadOrGenerate($"{this.file}.audit-key", out var key, out _));
        Key = key;
        this.database = database;
        Clock = clock ?? new ManualClock();
        store = database is null ? SqliteStore.OpenExclusively(ConnectionString) : PostgresStore.Open(database);
        var audit = new AuditTable(Key, Clock);
        Skew = new ClockSkew(new OwnClock(Clock), Clock);
        ledger = store switch
        {
            PostgresStore server => new PostgresLedger(server, audit, Pulse),
            _ => new SqliteLedger((SqliteStore)store, audit, Pulse, NullLogger<SqliteLedger>.Instance),
        };
        Proposals = new ProposalTable(ledger, budget ?? AutonomyBudget.Default, Skew, Unreadable, Clock);
        (Outbox, Runs) = (new OutboxTable(Unreadable), new RunTable(Unreadable));
        Log = new AuditLog(ledger);
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public ManualClock Clock { get; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public AuditKey Key { get; }

    public Pulse Pulse { get; } = new();

    /// <summary>The clock of a test is not that of the machine: unless a test is about it, the store has the test's.</summary>
    public ClockSkew Skew { get; }

    public string ConnectionString => database ?? $"Data Source={file}";

    public ILedger Ledger => ledger;

    public ProposalTable Proposals { get; }

    public PlanTable Plans { get; } = new();

    public OutboxTable Outbox { get; }

    public TurnTable Turns { get; } = new();

    public LeaseTable Leases { get; } = new();

    public ConversationTable Conversations { get; } = new();

    public RunTable Runs { get; }

    public Unreadable Unreadable { get; } = new();

    public IncidentTable Incidents { get; } = new();

    public AuditLog Log { get; }

    public AnchorFile Anchors { get; }

    public static async Task<StoreWorld> Open(ManualClock? clock = null, AutonomyBudget? budget = null, RunMode? mode = RunMode.Autonomous, string? onSqlite = null)
    {
        var world = new StoreWorld(onSqlite is null ? await StoreOfTest.NewDatabase() : null, onSqlite, clock, budget);
        await world.Write(async t =>
        {
            await world.Plans.Insert(t, new ResponsePlan { Name = Plan, Mode = mode });
            await world.Incidents.Insert(t, new Incident
            {
                Id = new("i1"), Platform = Platform.AzureMonitor, Rule = "rule", Title = "High memory", Severity = "Sev1", SignalType = "Metric", Target = ResourceId.Parse(App),
                Plan = Plan, PlanWhy = "It matches.", FirstFiredAt = world.Now, LastFiredAt = world.Now, MergeUntil = world.Now.AddHours(3), Firings = 1, Attempts = 1, Version = 1,
            });
            await world.Runs.Insert(t, new Run
            {
                Id = new("r1"), Incident = new("i1"), Trigger = Trigger.Incident, Plan = Plan, Mode = new(RunMode.Autonomous, ModeSource.Plan, Plan), Attempt = 1,
                State = RunState.Acting, CreatedAt = world.Now, DueAt = world.Now, Version = 1,
            });
        });
        return world;
    }

    public Task<T> Write<T>(Func<ITransaction, Task<T>> work) => Ledger.Write(DurableStep.Unknown, work, Ct);

    public Task Write(Func<ITransaction, Task> work) => Ledger.Write(DurableStep.Unknown, work, Ct);

    public Task<T> Read<T>(Func<ITransaction, Task<T>> work) => Ledger.Read(work, Ct);

    /// <summary>Inserted as the state asks: approved by Ada, or cleared, or waiting.</summary>
    public async Task<GatedProposal> Propose(ProposalStatus status, string target = App, Func<Proposal, Proposal>? but = null)
    {
        var operation = Operation.ArmCall.Of(ArmAction.RestartWebApp, ResourceId.Parse(target), new("AzureCloud", "tenant", "agent"));
        var approved = status is ProposalStatus.Approved or ProposalStatus.Denied;
        var proposal = new Proposal
        {
            Id = new($"p{++proposals}"), Run = new("r1"), Incident = new("i1"), Plan = Plan, Revision = 1, Version = 1,
            Operation = operation, Fingerprint = Fingerprint.Of(operation), Provenance = Provenance.Runbook,
            Finding = new(Conclusion.Sick, "app-service-prod", "it is slow", "it was slow", [new("Memory usage", "94 %")], new("Memory", 94, "%", Now), Now),
            Recovery = new(ResourceId.Parse(Web + "/serverFarms/plan-prod"), "MemoryPercentage", "Average", "Memory usage", "%", 75),
            Status = status, CreatedAt = Now, ApprovalExpiry = TimeSpan.FromHours(1),
            UseBy = status is ProposalStatus.Approved or ProposalStatus.Cleared or ProposalStatus.Blocked ? Now.AddMinutes(15) : null,
            Decision = approved ? new(status == ProposalStatus.Approved ? DecisionKind.Approve : DecisionKind.Deny, new("tenant", "ada", "Ada"), Now, null, "card", "seal") : null,
            ClearedSeal = status == ProposalStatus.Cleared ? "seal" : null,
            Execution = status is ProposalStatus.Executing or ProposalStatus.Indeterminate ? new(new("c0"), Now) : null,
        };
        var gated = new GatedProposal(but?.Invoke(proposal) ?? proposal, new(RunMode.Autonomous, ModeSource.Plan, Plan), new(VerdictKind.AskFirst, ["Because."]));
        await Write(async t =>
        {
            await Proposals.Insert(t, gated);
            // Only a move or a claim puts a target in doubt.
            await Proposals.Move(t, gated, gated);
        });
        return (await Find(gated))!;
    }

    public Task<GatedProposal?> Find(GatedProposal proposal) => Read(t => Proposals.Find(t, proposal.Proposal.Id));

    public Task<Proposal?> Claim(GatedProposal proposal, string claim = "c1") =>
        ((IClaims)Proposals).TryClaim(proposal.Proposal.Id, proposal.Proposal.Version, new(claim), Ct);

    public Task EditPlan(Func<ResponsePlan, ResponsePlan> edit) => Write(async t =>
    {
        var plan = (await Plans.Find(t, Plan))!;
        Assert.NotNull(await Plans.Update(t, edit(plan), plan.Version));
    });

    public Task EditControl(Func<Control, Control> edit) => Write(async t =>
    {
        var control = await Plans.ReadControl(t);
        Assert.NotNull(await Plans.WriteControl(t, edit(control), control.Version));
    });

    public async Task<IReadOnlyList<AuditRow>> Audit(AuditKind? kind = null) =>
        [.. (await Log.ReadUnsealed(int.MaxValue, Ct)).Where(row => kind is null || row.Entry.Kind == kind)];

    /// <summary>What somebody with a database does, past the bot.</summary>
    public void Tamper(string sql)
    {
        using DbConnection connection = database is null ? new SqliteConnection(ConnectionString + ";Pooling=False") : new NpgsqlConnection(ConnectionString + ";Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.NotEqual(0, command.ExecuteNonQuery());
    }

    public async ValueTask DisposeAsync()
    {
        if (ledger is IAsyncDisposable closing)
        {
            await closing.DisposeAsync();
        }

        store.Dispose();
        await StoreOfTest.Drop(database);
        Clock.Dispose();
        Directory.Delete(folder, recursive: true);
    }
}
