using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Incidents;

/// <summary>The ports of the store and of the runs, held in memory: one caller at a time, and a failed unit of work leaves nothing behind.</summary>
#pragma warning disable CA1001 // A semaphore whose wait handle nobody takes holds nothing to dispose of.
internal sealed class HeldStore : ILedger, IIncidents, IPlans, IRunQueue, ITransaction
#pragma warning restore CA1001
{
    private readonly SemaphoreSlim _writer = new(1);

    public List<Incident> Incidents { get; private set; } = [];
    public List<Firing> Firings { get; private set; } = [];
    public List<AuditEntry> Audit { get; private set; } = [];
    public List<RunRequest> Requests { get; private set; } = [];
    public List<string> Told { get; private set; } = [];
    public List<ResponsePlan> Plans { get; } = [];
    public HashSet<string> Tombstones { get; } = [];
    public Control Control { get; set; } = new(1, 1, null, null, false, null, null);
    public Situation Situation { get; set; } = Situation.InProgress;
    public bool Down { get; set; }

    /// <summary>Writes wait for it, and then go on one after the other.</summary>
    public Task Opened { get; set; } = Task.CompletedTask;

    /// <summary>How many updates lose against somebody else first.</summary>
    public int Races { get; set; }

    public async Task<T> Write<T>(DurableStep step, Func<ITransaction, Task<T>> work, CancellationToken cancellation)
    {
        await Opened;
        await _writer.WaitAsync(cancellation);
        var before = (Incidents.ToList(), Firings.ToList(), Audit.ToList(), Requests.ToList(), Told.ToList());
        try
        {
            var result = await work(this);
            return Down ? throw new StoreUnavailableException("disk full") : result;
        }
        catch
        {
            (Incidents, Firings, Audit, Requests, Told) = before;
            throw;
        }
        finally
        {
            _writer.Release();
        }
    }

    public Task<T> Read<T>(Func<ITransaction, Task<T>> work, CancellationToken cancellation) => work(this);

    public Task Lock(string name) => Task.CompletedTask;

    public Task<bool> Create(ITransaction transaction, ResponsePlan plan) => throw new NotSupportedException("Nobody creates plans here but settings.");

    public Task<bool> Delete(ITransaction transaction, ResponsePlan plan, long version) => throw new NotSupportedException("Nobody deletes plans here.");

    public Task<Control> ShareControl(ITransaction transaction) => ReadControl(transaction);

    public Task<Control> HoldControl(ITransaction transaction) => ReadControl(transaction);

    public Task RaiseGeneration(ITransaction transaction) => Done(() => Control = Control with { Generation = Control.Generation + 1 });

    public Task<ResponsePlan?> Share(ITransaction transaction, string key) => Find(transaction, key);

    public Task<ResponsePlan?> Hold(ITransaction transaction, string key) => Find(transaction, key);

    public Task Append(AuditEntry entry) => Done(() => Audit.Add(entry));

    public Task<Incident?> Find(ITransaction transaction, IncidentId id) => Task.FromResult(Incidents.Find(i => i.Id == id));

    public Task<IReadOnlyList<Firing>> FiringsOf(ITransaction transaction, string sourceKey) => Listed(Firings.Where(f => f.SourceKey == sourceKey));

    public Task<Incident?> FindLatest(ITransaction transaction, Platform platform, string ruleKey, string targetKey) =>
        Task.FromResult(Incidents.FindLast(i => i.Platform == platform && i.RuleKey == ruleKey && i.TargetKey == targetKey));

    public Task<Incident?> FindByAlert(ITransaction transaction, Platform platform, string alertId) =>
        Task.FromResult(Firings.FindLast(f => f.AlertId == alertId) is { } firing ? Incidents.Find(i => i.Id == firing.Incident && i.Platform == platform) : null);

    public Task Insert(ITransaction transaction, Incident incident) => Done(() => Incidents.Add(incident));

    public Task<bool> Update(ITransaction transaction, Incident incident, long version)
    {
        var at = Incidents.FindIndex(i => i.Id == incident.Id && i.Version == version);
        if (at < 0 || Races-- > 0)
        {
            return Task.FromResult(false);
        }

        Incidents[at] = incident with { Version = version + 1 };
        return Task.FromResult(true);
    }

    public Task AddFiring(ITransaction transaction, Firing firing) => Done(() => Firings.Add(firing));

    public Task<IReadOnlyList<ResourceId>> TargetsNamed(ITransaction transaction, string name, DateTimeOffset since, int most) =>
        Listed(Incidents.Where(i => i.LastFiredAt >= since).Select(i => i.Target).OfType<ResourceId>().Where(t => t.Key.EndsWith($"/{name}", StringComparison.Ordinal)).Distinct().Take(most));

    public Task<IReadOnlyList<Firing>> FiringsOf(ITransaction transaction, IncidentId incident, int most) => Listed(Firings.Where(f => f.Incident == incident).Take(most));

    public Task<IReadOnlyList<Incident>> List(ITransaction transaction, int most) => Listed(Incidents.AsEnumerable().Reverse().Take(most));

    public Task<IReadOnlyList<Incident>> Unmatched(ITransaction transaction, int most) =>
        Listed(Incidents.Where(i => i.Plan is null && i.State != IncidentState.Closed).Reverse().Take(most));

    public Task<IReadOnlyList<ResponsePlan>> All(ITransaction transaction) => Listed(Plans);

    public Task<ResponsePlan?> Find(ITransaction transaction, string key) => Task.FromResult(Plans.Find(p => p.Key == key));

    public Task<bool> Insert(ITransaction transaction, ResponsePlan plan)
    {
        if (Tombstones.Contains(plan.Key) || Plans.Exists(p => p.Key == plan.Key))
        {
            return Task.FromResult(false);
        }

        Plans.Add(plan);
        return Task.FromResult(true);
    }

    public Task<ResponsePlan?> Update(ITransaction transaction, ResponsePlan plan, long version)
    {
        var at = Plans.FindIndex(p => p.Key == plan.Key && p.Version == version);
        return Task.FromResult(at < 0 ? null : Plans[at] = plan with { Version = version + 1 });
    }

    public Task<Control> ReadControl(ITransaction transaction) => Task.FromResult(Control);

    public Task<Control?> WriteControl(ITransaction transaction, Control control, long version) =>
        Task.FromResult(Control.Version == version ? Control = control with { Version = version + 1 } : null);

    public Task Touch(ITransaction transaction) => Task.CompletedTask;

    public Task<Situation> SituationOf(ITransaction transaction, IncidentId incident) => Task.FromResult(Situation);

    public Task Enqueue(ITransaction transaction, RunRequest request) => Done(() => Requests.Add(request));

    public Task Remeasure(ITransaction transaction, Incident incident) => Done(() => Told.Add("Remeasure"));

    public Task Tell(ITransaction transaction, Incident incident, IncidentNews news) => Done(() => Told.Add(news.ToString()));

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static Task<IReadOnlyList<T>> Listed<T>(IEnumerable<T> items) => Task.FromResult<IReadOnlyList<T>>([.. items]);
}

internal sealed class HeldClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
