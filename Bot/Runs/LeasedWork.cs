using RunModes.Bot.Audit;

namespace RunModes.Bot.Runs;

/// <summary>Background work is taken before it is done: what one replica is at, the others leave alone.</summary>
internal static class LeasedWork
{
    /// <returns>False when somebody else is at it; nothing was done then.</returns>
    public static async Task<bool> Under(this RunTables tables, Lease lease, TimeProvider clock, Func<CancellationToken, Task> work, CancellationToken cancellation)
    {
        if (!await tables.Ledger.Write(DurableStep.LeaseTaken, t => tables.Leases.Take(t, lease, clock.GetUtcNow()), cancellation))
        {
            return false;
        }

        try
        {
            var working = work(cancellation);
            await lease.Keep(working, () => tables.Ledger.Write(DurableStep.LeaseRenewed, t => tables.Leases.Renew(t, lease), cancellation), cancellation);
            await working;
            return true;
        }
        finally
        {
            await Release(tables, lease);
        }
    }

    private static async Task Release(RunTables tables, Lease lease)
    {
        try
        {
            await tables.Ledger.Write(DurableStep.LeaseReleased, t => tables.Leases.Release(t, lease), CancellationToken.None);
        }
        catch (StoreUnavailableException)
        {
            // It ends by itself.
        }
    }
}
