using RunModes.Bot.Audit;
using RunModes.Bot.Storage;

namespace RunModes.Bot.Tests.Storage;

public sealed class SqliteStoreTests
{
    [Fact]
    public async Task A_second_bot_on_the_same_file_does_not_start()
    {
        await using var world = await StoreWorld.Open();

        var refused = Assert.Throws<StoreInUseException>(() => SqliteStore.OpenExclusively(world.ConnectionString));

        Assert.Contains("Store:", refused.Message, StringComparison.Ordinal);
        Assert.Contains("in use", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_said_the_same_way()
    {
        var folder = Directory.CreateTempSubdirectory("store").FullName;
        try
        {
            // A folder where the lock file belongs: opening it is refused with the error a read-only folder gives.
            Directory.CreateDirectory(Path.Combine(folder, "runmodes.db.lock"));

            Assert.Throws<StoreInUseException>(() => SqliteStore.OpenExclusively($"Data Source={Path.Combine(folder, "runmodes.db")}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Migrations_run_once_and_what_was_stored_stays()
    {
        var folder = Directory.CreateTempSubdirectory("store").FullName;
        var connection = $"Data Source={Path.Combine(folder, "runmodes.db")}";
        using (var first = SqliteStore.OpenExclusively(connection))
        {
            await using var open = first.Open(readOnly: false);
            using var command = open.CreateCommand();
            command.CommandText = "UPDATE control SET stopped = 1";
            Assert.Equal(1, command.ExecuteNonQuery());
        }

        using (var second = SqliteStore.OpenExclusively(connection))
        {
            await using var open = second.Open(readOnly: true);
            using var command = open.CreateCommand();
            command.CommandText = "SELECT (SELECT COUNT(*) FROM migrations) || ',' || (SELECT COUNT(*) FROM control) || ',' || (SELECT stopped FROM control)";
            var migrations = typeof(SqliteStore).Assembly.GetManifestResourceNames().Count(n => n.EndsWith(".sql", StringComparison.Ordinal));
            Assert.Equal($"{migrations},1,1", command.ExecuteScalar());
        }

        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Every_writer_syncs_fully_and_a_reader_cannot_write()
    {
        await using var world = await StoreWorld.Open();
        using var store = SqliteStore.OpenReadOnly(world.ConnectionString);
        await using (var writer = store.Open(readOnly: false))
        {
            using var pragma = writer.CreateCommand();
            pragma.CommandText = "SELECT (SELECT journal_mode FROM pragma_journal_mode) || ' ' || (SELECT synchronous FROM pragma_synchronous)";
            Assert.Equal("wal 2", pragma.ExecuteScalar());
        }

        var reader = new SqliteReader(store);
        Assert.Equal(1, (await reader.Read(world.Plans.ReadControl, StoreWorld.Ct)).Version);
        await Assert.ThrowsAsync<RunModes.Bot.Audit.StoreUnavailableException>(() => reader.Read(t => t.Unit().Execute("UPDATE control SET stopped = 0"), StoreWorld.Ct));
        await Assert.ThrowsAsync<InvalidOperationException>(() => reader.Write(DurableStep.Unknown, _ => Task.FromResult(1), StoreWorld.Ct));
    }
}
