using Microsoft.Extensions.Configuration;
using RunModes.Bot.Cli;

namespace RunModes.Bot.Tests.Support;

/// <summary>What outlives a process of the bot: a folder for key and anchors, and the store, a file in it or a database of its own.</summary>
internal sealed class Home : IAsyncDisposable
{
    private readonly string? _database;
    private readonly bool _dropped;

    private Home(string folder, string? database, bool dropped) => (Folder, _database, _dropped) = (folder, database, dropped);

    public string Folder { get; }

    public static async Task<Home> New() => new(Directory.CreateTempSubdirectory("runmodes-test-").FullName, await StoreOfTest.NewDatabase(), dropped: true);

    /// <summary>On a server that a test may stop, and that takes its databases along.</summary>
    public static async Task<Home> On(PostgresCluster cluster) => new(Directory.CreateTempSubdirectory("runmodes-test-").FullName, await cluster.Database(), dropped: false);

    public Dictionary<string, string?> Settings()
    {
        var settings = BotHost.Defaults(Folder);
        if (_database is not null)
        {
            settings["Store:Provider"] = "PostgreSql";
            settings["Store:ConnectionString"] = _database;
            settings["Audit:KeyFile"] = Path.Combine(Folder, "audit-key");
        }

        return settings;
    }

    /// <summary>Null on SQLite.</summary>
    public string? Database => _database;

    /// <summary>As an operator reads it beside the bots: how many rows of a kind there are.</summary>
    public async Task<int> Audited(string kind, string part = "")
    {
        await using var output = new StringWriter();
        var settings = new ConfigurationBuilder().AddInMemoryCollection(Settings()).Build();
        await AuditCommand.Run(["--json"], settings, output, output, TestContext.Current.CancellationToken);
        return output.ToString().Split('\n').Count(l => l.Contains($"\"{kind}\"", StringComparison.Ordinal) && l.Contains(part, StringComparison.Ordinal));
    }

    /// <summary>What one number of the store is, past the bots.</summary>
    public async Task<long> Count(string sql)
    {
        await using System.Data.Common.DbConnection connection = _database is null
            ? new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={Path.Combine(Folder, "runmodes.db")};Mode=ReadOnly;Pooling=False;Default Timeout=10")
            : new Npgsql.NpgsqlConnection(_database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // A test's own words.
        command.CommandText = sql;
#pragma warning restore CA2100
        return Convert.ToInt64(await command.ExecuteScalarAsync(TestContext.Current.CancellationToken), System.Globalization.CultureInfo.InvariantCulture);
    }

    public async ValueTask DisposeAsync()
    {
        await StoreOfTest.Drop(_dropped ? _database : null);
        await Scratch.Delete(Folder);
    }
}
