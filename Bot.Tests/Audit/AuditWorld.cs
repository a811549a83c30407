using RunModes.Bot.Audit;
using RunModes.Bot.Tests.Roles;

namespace RunModes.Bot.Tests.Audit;

/// <summary>An audit with key, anchors and clock; its rows lie open, for a test to do to them what an intruder with a database would.</summary>
internal sealed class AuditWorld : IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);

    private readonly string folder = Directory.CreateTempSubdirectory("audit").FullName;

    public AuditWorld() => Anchors = new AnchorFile(Path.Combine(folder, "runmodes.db.anchors"));

    public AuditKey Key { get; } = new(Enumerable.Range(1, 32).Select(i => (byte)i).ToArray());

    public SteppedClock Clock { get; } = new(Start);

    public OpenLog Log { get; } = new();

    public AnchorFile Anchors { get; }

    public AuditSealer Sealer => new(Log, Key, Anchors, Clock);

    public string[] AnchorLines
    {
        get => File.ReadAllLines(Anchors.Path);
        set => File.WriteAllText(Anchors.Path, string.Concat(value.Select(line => line + "\n")));
    }

    public AuditEntry Entry(string after = "Review") => AuditEntry.Now(
        Clock, AuditKind.ModeChanged, AuditActor.Person("t", "ada", "Ada"), new AuditSubject("plan", "production"), "Autonomous", after, """{"by":"chat"}""");

    public void Add(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            Log.Rows.Add(Entry($"Review {Log.Rows.Count}").Sign(Key));
        }
    }

    public Task<SealPass> Seal() => Sealer.Pass(TestContext.Current.CancellationToken);

    public Task<AuditReport> Verify(AuditKey? with = null) => new AuditVerifier(Log, with ?? Key, Anchors).Verify(TestContext.Current.CancellationToken);

    public void Dispose() => Directory.Delete(folder, recursive: true);
}

/// <summary>Rows in memory, kept to the rules of the port.</summary>
internal sealed class OpenLog : IAuditLog
{
    public List<AuditRow> Rows { get; } = [];

    /// <summary>Runs just before a seal is written: what another sealer might do.</summary>
    public Action? BeforeSeal { get; set; }

    public Task<IReadOnlyList<AuditRow>> ReadSealed(long afterChain, int max, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<AuditRow>>([.. Rows.Where(row => row.Chain > afterChain).OrderBy(row => row.Chain).Take(max)]);

    public Task<IReadOnlyList<AuditRow>> ReadUnsealed(int max, CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<AuditRow>>([.. Rows.Where(row => row.Chain is null).Take(max)]);

    public Task<ChainPlace> Last(CancellationToken cancellation) => Task.FromResult(LastPlace());

    public Task<AuditCount> Count(CancellationToken cancellation) =>
        Task.FromResult(new AuditCount(Rows.LongCount(row => row.Chain is not null), Rows.LongCount(row => row.Chain is null)));

    public Task<bool> Seal(ChainPlace after, IReadOnlyList<SealedPlace> rows, CancellationToken cancellation)
    {
        BeforeSeal?.Invoke();
        if (LastPlace() != after) return Task.FromResult(false);
        var found = rows.Select(place => Rows.FindIndex(row => row.Entry.Id == place.Id && row.Chain is null)).ToList();
        if (found.Contains(-1)) return Task.FromResult(false);
        foreach (var (place, at) in rows.Zip(found)) Rows[at] = Rows[at] with { Chain = place.Chain, Hash = place.Hash };
        return Task.FromResult(true);
    }

    private ChainPlace LastPlace() => Rows.Where(row => row.Chain is not null).MaxBy(row => row.Chain) is { } last ? new ChainPlace(last.Chain!.Value, last.Hash!) : ChainPlace.Start;
}
