using System.Data;
using Npgsql;
using RunModes.Bot.Audit;

namespace RunModes.Bot.Storage;

/// <summary>Reads of what was committed, each in one snapshot. For the command line, which never writes, it is the whole ledger.</summary>
internal sealed class PostgresReader(PostgresStore store) : ILedger
{
    public bool IsReadOnly => true;

    public async Task<T> Read<T>(Func<ITransaction, Task<T>> work, CancellationToken cancellation)
    {
        try
        {
            await using var connection = await store.Reads.OpenConnectionAsync(cancellation);
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellation);
            return await work(new SqlTransaction(connection, transaction, null, SqlDialect.PostgreSql));
        }
        catch (Exception e) when (e is NpgsqlException or TimeoutException or ObjectDisposedException)
        {
            throw new StoreUnavailableException("The store could not be read.", e);
        }
    }

    public Task<T> Write<T>(DurableStep step, Func<ITransaction, Task<T>> work, CancellationToken cancellation) => throw new InvalidOperationException("This ledger only reads.");
}
