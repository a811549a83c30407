using System.Data;
using Npgsql;
using RunModes.Bot.Audit;

namespace RunModes.Bot.Storage;

/// <summary>
/// PostgreSQL for any number of processes: every write is one READ COMMITTED transaction on a connection of its own. What SQLite's only writer
/// gives for nothing is asked for here: rows that are held, names that are locked (<see cref="ITransaction.Lock"/>).
/// </summary>
internal sealed class PostgresLedger(PostgresStore store, AuditTable audit, Pulse pulse) : ILedger
{
    private const int Tries = 5;

    private readonly PostgresReader _reader = new(store);

    public async Task<T> Write<T>(DurableStep step, Func<ITransaction, Task<T>> work, CancellationToken cancellation)
    {
        using var span = StoreSpans.Start(step);
        cancellation.ThrowIfCancellationRequested();
        T result;
        try
        {
            result = await Commit(work, cancellation);
        }
        catch (Exception e) when (e is NpgsqlException and not PostgresException { SqlState: [ '2', '3', .. ] } or TimeoutException or ObjectDisposedException)
        {
            throw new StoreUnavailableException("The store could not write.", e);
        }

        pulse.Beat();
        return result;
    }

    public Task<T> Read<T>(Func<ITransaction, Task<T>> work, CancellationToken cancellation) => _reader.Read(work, cancellation);

    /// <param name="cancellation">Of the wait for a connection. Not of what follows: whether it was committed must reach the caller.</param>
    private async Task<T> Commit<T>(Func<ITransaction, Task<T>> work, CancellationToken cancellation)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                await using var connection = await store.Writes.OpenConnectionAsync(cancellation);
                await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, CancellationToken.None);
                var result = await work(new SqlTransaction(connection, transaction, audit, SqlDialect.PostgreSql));
                await transaction.CommitAsync(CancellationToken.None);
                return result;
            }
            catch (PostgresException e) when (tries < Tries && IsRace(e))
            {
                // Rolled back whole; the work looks again and finds what the other one wrote.
            }
        }
    }

    /// <summary>Somebody else was first in a way that no statement guards against: deadlock, serialisation, the same new row.</summary>
    private static bool IsRace(PostgresException e) =>
        e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.UniqueViolation;
}
