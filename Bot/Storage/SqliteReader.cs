using Microsoft.Data.Sqlite;
using RunModes.Bot.Audit;

namespace RunModes.Bot.Storage;

/// <summary>Reads of the last commit, each on a connection and in a snapshot of its own. For the command line, which never writes, it is the whole ledger.</summary>
internal sealed class SqliteReader(SqliteStore store) : ILedger
{
    public bool IsReadOnly => true;

    public async Task<T> Read<T>(Func<ITransaction, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            await using var connection = store.Open(readOnly: true);
            await using var transaction = connection.BeginTransaction(deferred: true);
            return await work(new SqlTransaction(connection, transaction, null, SqlDialect.Sqlite));
        }
        catch (SqliteException e)
        {
            throw new StoreUnavailableException("The store could not be read.", e);
        }
    }

    public Task<T> Write<T>(DurableStep step, Func<ITransaction, Task<T>> work, CancellationToken cancellation) => throw new InvalidOperationException("This ledger only reads.");
}
