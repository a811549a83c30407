namespace RunModes.Bot.Audit;

/// <summary>
/// The unit of work. Tables are reached through the ports of the folders that own them (each method takes the transaction),
/// so that a change, its audit rows and its outbox rows commit together or not at all.
/// </summary>
internal interface ILedger
{
    /// <summary>True: something other than a clock proves that no other process works on this store.</summary>
    bool IsExclusive => false;

    /// <exception cref="StoreUnavailableException">Nothing was committed.</exception>
    Task<T> Write<T>(Func<ITransaction, Task<T>> work, CancellationToken cancellation);

    Task<T> Read<T>(Func<ITransaction, Task<T>> work, CancellationToken cancellation);
}

internal static class LedgerExtensions
{
    public static Task Write(this ILedger ledger, Func<ITransaction, Task> work, CancellationToken cancellation) => ledger.Write(
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
}

/// <summary>The store could not commit: disk full, database gone. Callers answer 503 or try again; they never assume.</summary>
internal sealed class StoreUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
