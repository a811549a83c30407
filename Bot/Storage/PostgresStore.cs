using Dapper;
using Npgsql;
using RunModes.Bot.Audit;

namespace RunModes.Bot.Storage;

/// <summary>A database on a server: its connections and its schema. Any number of bots may work on it.</summary>
internal sealed class PostgresStore : IStore
{
    /// <summary>One for all bots of a database: whoever changes its schema.</summary>
    public const long SchemaLock = 0x52756E4D6F646573;

    /// <summary>At once, for writes and again for reads. Whoever finds no free connection within the time to connect is told that the store is not available.</summary>
    private const int Connections = 16;

    private const int ConnectTimeout = 5;
    private const int CommandTimeout = 15;
    private const int SchemaTimeout = 60;

    /// <summary>
    /// A bot that was paused must not hold its locks for ever, and one that waits for it must not wait for ever either: the server ends the
    /// transaction of the first before the second gives up.
    /// </summary>
    private const string Limits = "-c idle_in_transaction_session_timeout=5s -c lock_timeout=8s -c statement_timeout=12s";

    private PostgresStore(string connectionString)
    {
        ConnectionString = connectionString;
        Writes = Source(connectionString, Limits);
        Reads = Source(connectionString, $"{Limits} -c default_transaction_read_only=on");
    }

    public string ConnectionString { get; }

    public string? Path => null;

    public NpgsqlDataSource Writes { get; }

    public NpgsqlDataSource Reads { get; }

    /// <summary>Brings the schema up to date; of several bots that start at once one does, and the others wait for it.</summary>
    /// <exception cref="StoreUnavailableException">It cannot be reached, or is not ours to change.</exception>
    public static PostgresStore Open(string connectionString)
    {
        var store = OpenReadOnly(connectionString);
        try
        {
            store.Migrate();
            return store;
        }
        catch (NpgsqlException e)
        {
            store.Dispose();
            throw new StoreUnavailableException(e.Message, e);
        }
    }

    /// <summary>For the command line: reads beside running bots and changes nothing.</summary>
    public static PostgresStore OpenReadOnly(string connectionString) => new(connectionString);

    public ILedger Ledger(IServiceProvider services) => ActivatorUtilities.CreateInstance<PostgresLedger>(services, this);

    public ILedger Reader() => new PostgresReader(this);

    public void Dispose()
    {
        Writes.Dispose();
        Reads.Dispose();
    }

    private static NpgsqlDataSource Source(string connectionString, string limits)
    {
        var given = new NpgsqlConnectionStringBuilder(connectionString);
        given.ApplicationName ??= "RunModes.Bot";
        given.Timeout = Math.Min(given.Timeout, ConnectTimeout);
        given.CommandTimeout = Math.Min(given.CommandTimeout, CommandTimeout);
        given.MaxPoolSize = Math.Min(given.MaxPoolSize, Connections);
        given.MinPoolSize = Math.Min(given.MinPoolSize, given.MaxPoolSize);
        given.Options = $"{given.Options} {limits}".Trim();
        return NpgsqlDataSource.Create(given);
    }

    private void Migrate()
    {
        using var connection = Writes.OpenConnection();
        using var transaction = connection.BeginTransaction();
        // Longer than anything else may take: others may be at it, and a busy server changes a schema slowly.
        Do($"SET LOCAL lock_timeout = '{SchemaTimeout}s'; SET LOCAL statement_timeout = '{SchemaTimeout}s'");
        Do("SELECT pg_advisory_xact_lock(@SchemaLock)", new { SchemaLock });
        Do(Migrations.Table);
        var done = connection.Query<string>("SELECT name FROM migrations", transaction: transaction, commandTimeout: SchemaTimeout).ToHashSet();
        foreach (var (name, sql) in Migrations.Missing(done))
        {
            Do(SqlDialect.PostgreSql.Schema(sql));
            Do("INSERT INTO migrations (name) VALUES (@name)", new { name });
        }

        transaction.Commit();

        void Do(string sql, object? values = null) => connection.Execute(sql, values, transaction, commandTimeout: SchemaTimeout);
    }
}
