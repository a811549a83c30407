using Microsoft.Data.Sqlite;

namespace RunModes.Bot.Benchmarks;

/// <summary>Years of work: finished proposals and sealed audit rows with documents of 600 bytes, of every age. Written past the bot, which is not running.</summary>
internal static class History
{
    private const string Numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < @rows)";

    public static async Task Fill(string file, long rows)
    {
        if (rows == 0)
        {
            return;
        }

        await using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        await connection.OpenAsync();
        await Run("PRAGMA foreign_keys = OFF; PRAGMA synchronous = OFF");
        await Run($"""
            {Numbers} INSERT INTO proposals (id, version, revision, run_id, incident_id, plan_key, status, target_key, intent_key, fingerprint, created_at, in_doubt, remeasure, autonomous, operation, document)
            SELECT printf('old%029d', i), 5, 1, printf('run%029d', i), printf('inc%021d', i), 'prod-web', 'Succeeded', '/subscriptions/s/resourcegroups/old/providers/microsoft.web/sites/app-' || (i % 500),
              printf('%064d', i), printf('%064d', i), @now - (i % 31536000) * 1000 - 86400000, 0, 0, i % 2, '', printf('%.600c', 'x') FROM n
            """);
        // The chain goes on from the rows that are there: these lie before them.
        await Run($"""
            {Numbers} INSERT INTO audit (id, written, document, mac, chain, hash)
            SELECT printf('%08x-0000-7000-8000-%012x', i, i), i, printf('%.600c', 'x'), printf('%064d', i), -i, printf('%064d', i) FROM n
            """);
        await Run("PRAGMA wal_checkpoint(TRUNCATE)");

        async Task Run(string sql)
        {
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Our own words.
            command.CommandText = sql;
#pragma warning restore CA2100
            command.CommandTimeout = 600;
            command.Parameters.AddWithValue("@rows", rows);
            command.Parameters.AddWithValue("@now", DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
            await command.ExecuteNonQueryAsync();
        }
    }
}
