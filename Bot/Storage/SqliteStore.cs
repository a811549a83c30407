using System.Reflection;
using Dapper;
using Microsoft.Data.Sqlite;

namespace RunModes.Bot.Storage;

/// <summary>The file, its lock and its schema.</summary>
internal sealed class SqliteStore : IDisposable
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

    /// <summary>Takes the exclusive lock (a second bot on the same file must not start) and brings the schema up to date.</summary>
    /// <exception cref="StoreInUseException">Another process has it.</exception>
    public static SqliteStore OpenExclusively(string connectionString)
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

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _lock?.Dispose();
    }

    private static string PathOf(string connectionString) => System.IO.Path.GetFullPath(new SqliteConnectionStringBuilder(connectionString).DataSource);

    private void Migrate()
    {
        using var connection = Open(readOnly: false);
        using var transaction = connection.BeginTransaction(deferred: false);
        connection.Execute("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)", transaction: transaction);
        var done = connection.Query<string>("SELECT name FROM migrations", transaction: transaction).ToHashSet();
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal) && !done.Contains(n)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            connection.Execute(reader.ReadToEnd(), transaction: transaction);
            connection.Execute("INSERT INTO migrations (name) VALUES (@name)", new { name }, transaction);
        }

        transaction.Commit();
    }
}

internal sealed class StoreInUseException(string path, Exception inner)
    : Exception($"Store: {path} is in use by another process, or its folder is not writable. Stop the other bot, or set Store:ConnectionString to another file.", inner);
