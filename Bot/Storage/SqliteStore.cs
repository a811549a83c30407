using Dapper;
using Microsoft.Data.Sqlite;
using RunModes.Bot.Audit;

namespace RunModes.Bot.Storage;

/// <summary>The file, its lock and its schema.</summary>
internal sealed class SqliteStore : IStore
{
    private readonly string _connectionString;
    private readonly FileStream? _lock;

    private SqliteStore(string connectionString, string path, FileStream? fileLock)
    {
        _connectionString = connectionString;
        Path = path;
        _lock = fileLock;
    }

    public string Path { get; }

    string? IStore.Path => Path;

    /// <summary>Takes the exclusive lock (a second bot on the same file must not start) and brings the schema up to date.</summary>
    /// <exception cref="StoreInUseException">Another process has it.</exception>
    /// <exception cref="StoreMovedException">Its history goes on elsewhere.</exception>
    public static SqliteStore OpenExclusively(string connectionString)
    {
        var store = OpenToMove(connectionString);
        using (var connection = store.Open(readOnly: true))
        {
            if (connection.QuerySingleOrDefault<Mark>("SELECT state, place FROM moves WHERE state <> 'Arrived'") is not { } mark)
            {
                return store;
            }

            store.Dispose();
            throw new StoreMovedException(store.Path, mark.Place, finished: mark.State == "Left");
        }
    }

    /// <summary>Also when it is marked as moved: a move that was interrupted is finished by running it again.</summary>
    /// <exception cref="StoreInUseException">Another process has it.</exception>
    public static SqliteStore OpenToMove(string connectionString)
    {
        var path = PathOf(connectionString);
        FileStream fileLock;
        try
        {
            // Held by the operating system for the life of the process: a killed worker's lock is gone, which proves the worker is.
            fileLock = new FileStream(path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreInUseException(path, e);
        }

        var store = new SqliteStore(connectionString, path, fileLock);
        try
        {
            store.Migrate();
            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    /// <summary>For the command line: reads beside a running bot and never writes.</summary>
    public static SqliteStore OpenReadOnly(string connectionString) => new(connectionString, PathOf(connectionString), null);

    public SqliteConnection Open(bool readOnly)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder(_connectionString)
        {
            Mode = readOnly ? SqliteOpenMode.ReadOnly : SqliteOpenMode.ReadWriteCreate,
            DefaultTimeout = 5,
        }.ToString());
        connection.Open();
        if (!readOnly)
        {
            // FULL on every open: what was acknowledged survives a power cut.
            connection.Execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;");
        }

        return connection;
    }

    public ILedger Ledger(IServiceProvider services) => ActivatorUtilities.CreateInstance<SqliteLedger>(services, this);

    public ILedger Reader() => new SqliteReader(this);

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _lock?.Dispose();
    }

    private sealed record Mark(string State, string Place);

    private static string PathOf(string connectionString) => System.IO.Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource);

    private void Migrate()
    {
        using var connection = Open(readOnly: false);
        using var transaction = connection.BeginTransaction(deferred: false);
        connection.Execute(Migrations.Table, transaction: transaction);
        var done = connection.Query<string>("SELECT name FROM migrations", transaction: transaction).ToHashSet();
        foreach (var (name, sql) in Migrations.Missing(done))
        {
            connection.Execute(sql, transaction: transaction);
            connection.Execute("INSERT INTO migrations (name) VALUES (@name)", new { name }, transaction);
        }

        transaction.Commit();
    }
}

internal sealed class StoreMovedException(string path, string place, bool finished) : Exception(finished
    ? $"Store: {path} was moved to {place}, and its history goes on there. Set Store:Provider to PostgreSql and Store:ConnectionString to it."
    : $"Store: a move of {path} to {place} was begun and not finished. Run 'store move' with the same target again.");

internal sealed class StoreInUseException(string path, Exception inner)
    : Exception($"Store: {path} is in use by another process, or its folder is not writable. Stop the other bot, or set Store:ConnectionString to another file.", inner);
