namespace RunModes.Bot.Audit;

/// <summary>
/// The unit of work. Tables are reached through the ports of the folders that own them (each method takes the transaction),
/// so that a change, its audit rows and its outbox rows commit together or not at all.
/// </summary>
internal interface ILedger
{
    /// <summary>True: something other than a clock proves that no other process works on this store.</summary>
    bool IsExclusive => false;

    /// <summary>True: for a command that looks. A write throws.</summary>
    bool IsReadOnly => false;

    /// <summary>
    /// One transaction, its <paramref name="work"/> in the present of the store. Where others write at the same time, work that met them is run
    /// again from its beginning: it changes nothing but what the transaction gives it. Locks are taken in one order, so that nobody waits in a
    /// circle: names, a confirmation, conversations, a run, the control row, a plan, an incident, proposals, the outbox.
    /// </summary>
    /// <exception cref="StoreUnavailableException">Nothing is known to have been committed.</exception>
    Task<T> Write<T>(DurableStep step, Func<ITransaction, Task<T>> work, CancellationToken cancellation);

    Task<T> Read<T>(Func<ITransaction, Task<T>> work, CancellationToken cancellation);
}

internal static class LedgerExtensions
{
    public static Task Write(this ILedger ledger, DurableStep step, Func<ITransaction, Task> work, CancellationToken cancellation) => ledger.Write(
        step,
        async transaction =>
        {
            await work(transaction);
            return true;
        },
        cancellation);
}

internal interface ITransaction
{
    /// <summary>Adds an audit row with its HMAC.</summary>
    Task Append(AuditEntry entry);

    /// <summary>
    /// Until this transaction ends, every other one that names the same thing waits: for what must be decided one after the other and has no
    /// row that could be held.
    /// </summary>
    Task Lock(string name);
}

/// <summary>The store could not commit: disk full, database gone. Callers answer 503 or try again; they never assume.</summary>
internal sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
