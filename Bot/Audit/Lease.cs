namespace RunModes.Bot.Audit;

/// <summary>
/// The right to do one piece of background work for a while. Whoever takes it makes up a holder's id, and late writes are held against that:
/// a process that slept through its lease finds that it is somebody else's.
/// </summary>
internal sealed class Lease(string name, TimeProvider clock)
{
    /// <summary>How long the work of a process that died waits for another.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromSeconds(15);
    public static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(5);

    /// <summary>What cannot be taken back begins only this early in a lease, so that it has begun long before anybody else may take it.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    /// <summary>How far the clocks of replicas may differ before the one that is off stops taking work.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(5);

    private long _since = clock.GetTimestamp();

    public string Name => name;

    public string Holder { get; } = Guid.NewGuid().ToString("N");

    /// <summary>On a monotonic clock: asked immediately before something leaves the house.</summary>
    public bool IsFresh => clock.GetElapsedTime(Interlocked.Read(ref _since)) < Fresh;

    public DateTimeOffset Until => clock.GetUtcNow() + Life;

    /// <summary>What ends later than any lease of the present could was written before a clock was set back, and binds nobody.</summary>
    public static DateTimeOffset Latest(DateTimeOffset now) => now + Life + Skew;

    /// <param name="write">Extends the lease in the store, if it is still this one's.</param>
    public async Task<T> Extend<T>(Func<Task<T>> write, Predicate<T> held)
    {
        // Taken before the write: however long the store takes, the lease is never younger than the row says.
        var asked = clock.GetTimestamp();
        var result = await write();
        if (held(result))
        {
            Interlocked.Exchange(ref _since, asked);
        }

        return result;
    }

    /// <summary>As long as the work takes, the lease is kept; a store that is away for a while ends neither.</summary>
    public async Task Keep(Task work, Func<Task<bool>> renew, CancellationToken cancellation)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        while (await Task.WhenAny(work, Task.Delay(RenewEvery, clock, ended.Token)) != work && !cancellation.IsCancellationRequested)
        {
            try
            {
                await Extend(renew, held: kept => kept);
            }
            catch (StoreUnavailableException)
            {
                // Every write of the work is guarded by itself: it may go on and find out.
            }
        }

        await ended.CancelAsync();
    }
}

/// <summary>Leases as stored. Port to the store.</summary>
internal interface ILeases
{
    /// <summary>One statement: at most one of many gets it.</summary>
    Task<bool> Take(ITransaction transaction, Lease lease, DateTimeOffset now);

    /// <returns>False when it is somebody else's by now. In a transaction with what the lease is for, it is the fence.</returns>
    Task<bool> Renew(ITransaction transaction, Lease lease);

    Task Release(ITransaction transaction, Lease lease);

    /// <summary>The names somebody holds.</summary>
    Task<IReadOnlySet<string>> Held(ITransaction transaction, DateTimeOffset now);

    /// <summary>True for the first of all replicas that says so.</summary>
    Task<bool> FoundUnreadable(ITransaction transaction, string subject, DateTimeOffset now);

    /// <summary>All are void: whoever held one is known to be gone.</summary>
    Task Void(ITransaction transaction);
}
