using System.Data.Common;
using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Npgsql;
using NpgsqlTypes;
using RunModes.Bot.Audit;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Storage;

internal abstract record Moved
{
    private Moved() { }

    public sealed record Done(long Rows, int Asking, int Unknown) : Moved;

    /// <summary>An earlier run of the move got as far as the commit; only the mark was missing.</summary>
    public sealed record HadArrived : Moved;

    public sealed record Refused(string Why) : Moved;
}

/// <summary>
/// Everything of a SQLite file into an empty PostgreSQL, in one transaction there. The file is marked first, so that no bot starts on it
/// however this ends; the mark and what arrived carry one id, so that a move which was interrupted is finished by the same command.
/// </summary>
internal sealed class StoreMove(SqliteStore from, string place, ILedger to, Restoration restoration, TimeProvider clock)
{
    private const string Why = "The store was moved: what was decided before asks again.";

    public async Task<Moved> Run(CancellationToken cancellation)
    {
        await using var source = from.Open(readOnly: false);
        var mark = await source.QuerySingleOrDefaultAsync<Mark>("SELECT id, state, place FROM moves WHERE state <> 'Arrived'");
        if (mark is { State: "Left" })
        {
            return new Moved.Refused($"{from.Path} was moved to {mark.Place} already.");
        }

        if (mark is not null && mark.Place != place)
        {
            return new Moved.Refused($"A move to {mark.Place} was begun. Finish it with that target, and move on from there.");
        }

        var id = mark?.Id ?? Guid.NewGuid().ToString("N");
        if (await to.Read(t => Objection(t, id), cancellation) is { } objection)
        {
            return objection.Length == 0 ? await Leave(source, id) : new Moved.Refused(objection);
        }

        var now = clock.GetUtcNow().Ms();
        await source.ExecuteAsync("INSERT INTO moves (id, state, at, place) VALUES (@id, 'Leaving', @now, @place) ON CONFLICT (id) DO NOTHING", new { id, now, place });
        var done = await to.Write(DurableStep.StoreMoved, t => Copy(source, t, id), cancellation);
        if (done is Moved.Done)
        {
            await Leave(source, id);
        }

        return done;
    }

    /// <returns>Null: go on. Empty: it has arrived already.</returns>
    private async Task<string?> Objection(ITransaction transaction, string id)
    {
        if (await transaction.Unit().One<long>("SELECT COUNT(*) FROM moves WHERE id = @id AND state = 'Arrived'", new { id }) > 0)
        {
            return "";
        }

        // A bot that ever started has written audit.
        return await transaction.Unit().One<long>("SELECT (SELECT COUNT(*) FROM audit) + (SELECT COUNT(*) FROM plans) + (SELECT COUNT(*) FROM moves)") > 0
            ? $"{place} is not empty. Name a database that no bot has used."
            : null;
    }

    private static async Task<Moved> Leave(SqliteConnection source, string id)
    {
        await source.ExecuteAsync("UPDATE moves SET state = 'Left' WHERE id = @id", new { id });
        return new Moved.HadArrived();
    }

    private async Task<Moved> Copy(SqliteConnection source, ITransaction transaction, string id)
    {
        var unit = transaction.Unit();
        await unit.Execute("SET LOCAL statement_timeout = 0");
        await unit.Execute("SET LOCAL idle_in_transaction_session_timeout = 0");
        // A bot that is started on the target meanwhile waits; one that was started a moment ago is seen.
        await unit.Execute("SELECT pg_advisory_xact_lock(@SchemaLock)", new { PostgresStore.SchemaLock });
        if (await Objection(transaction, id) is { Length: > 0 } objection)
        {
            return new Moved.Refused(objection);
        }

        var rows = 0L;
        // In the order in which they were made, which is the order in which they refer to one another.
        foreach (var table in await source.QueryAsync<string>("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT IN ('migrations', 'moves') ORDER BY rowid"))
        {
            rows += await Table(source, unit, table);
        }

        await unit.Execute("INSERT INTO moves (id, state, at, place) VALUES (@id, 'Arrived', @now, @file)", new { id, now = clock.GetUtcNow().Ms(), file = Path.GetFileName(from.Path) });
        await transaction.Append(AuditEntry.OfBot(clock.GetUtcNow(), AuditKind.StoreChanged, $"store/{id}", nameof(StoreProvider.Sqlite), nameof(StoreProvider.PostgreSql), $"{rows} rows; the generation was raised"));
        var (asking, unknown) = await restoration.Apply(transaction, Why);
        return new Moved.Done(rows, asking, unknown);
    }

    private static async Task<long> Table(SqliteConnection source, SqlTransaction unit, string table)
    {
        // Whatever a migration put there is in the file too, as it is now.
        await unit.Execute($"DELETE FROM {table}");
        var types = (await unit.Many<Column>("SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = @table", new { table }))
            .ToDictionary(c => c.Column_Name, c => c.Data_Type);
        await using var reader = await source.ExecuteReaderAsync($"SELECT * FROM {table}");
        var names = Enumerable.Range(0, reader.FieldCount).Select(reader.GetName).ToList();
        var connection = (NpgsqlConnection)unit.Connection;
        await using var target = await connection.BeginBinaryImportAsync($"COPY {table} ({string.Join(", ", names)}) FROM STDIN (FORMAT BINARY)");
        var rows = 0L;
        for (; await reader.ReadAsync(); rows++)
        {
            await target.StartRowAsync();
            for (var i = 0; i < names.Count; i++)
            {
                await Value(target, reader, i, types[names[i]]);
            }
        }

        await target.CompleteAsync();
        return rows;
    }

    private static Task Value(NpgsqlBinaryImporter target, DbDataReader row, int i, string type) => (row.GetValue(i), type) switch
    {
        (DBNull, _) => target.WriteNullAsync(),
        (var value, "bigint") => target.WriteAsync(Convert.ToInt64(value, CultureInfo.InvariantCulture), NpgsqlDbType.Bigint),
        (var value, "text") => target.WriteAsync(Convert.ToString(value, CultureInfo.InvariantCulture)!, NpgsqlDbType.Text),
        _ => throw new InvalidOperationException($"A column of type {type} cannot be moved."),
    };

    private sealed record Mark(string Id, string State, string Place);

    private sealed record Column(string Column_Name, string Data_Type);
}
