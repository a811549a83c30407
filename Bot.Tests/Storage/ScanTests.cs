using Microsoft.Data.Sqlite;
using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;
using RunModes.Bot.Storage;
using SQLitePCL;

namespace RunModes.Bot.Tests.Storage;

/// <summary>A store that is years old must not make every second, and every click, slower: nothing looks at all rows of what only grows.</summary>
public sealed class ScanTests
{
    /// <summary>Few rows, however old the store is; and what a statement makes for itself.</summary>
    private static readonly string[] Small = ["t", "turns", "w", "waits", "leases", "plans", "tasks", "waiting", "CONSTANT"];

    [Fact]
    public async Task What_is_looked_for_every_second_and_at_every_click_is_found_by_an_index()
    {
        await using var world = await StoreWorld.Open();
        var (now, subject, target) = (world.Now, "proposal/p1", StoreWorld.App.ToLowerInvariant());
        List<string> statements = [];
        var scans = await world.Ledger.Read(
            async t =>
            {
                var connection = (SqliteConnection)((SqlTransaction)t).Connection;
                raw.sqlite3_trace(connection.Handle, (_, sql) => statements.Add(sql), null);
                await world.Proposals.Overdue(t, now, 5);
                await world.Proposals.InStatus(t, [ProposalStatus.Approved, ProposalStatus.Cleared], 5);
                await world.Proposals.InStatus(t, [ProposalStatus.AwaitingApproval], 5);
                await world.Proposals.ToRemeasure(t, 5);
                await world.Proposals.Watched(t, now, 5);
                await world.Proposals.Contesting(t, new("p1"), target, now);
                await world.Proposals.AutonomyUsed(t, target, "intent", StoreWorld.Plan, now);
                await world.Proposals.OfRun(t, new("r1"));
                await world.Proposals.OfIncident(t, new("i1"));
                await world.Runs.InState(t, RunState.Queued, now, 5);
                await world.Runs.ToSettle(t, 5);
                await world.Outbox.Due(t, now, 5);
                await world.Outbox.Interrupted(t, now, 5);
                await world.Outbox.NextTurn(t, now);
                await world.Outbox.Depth(t);
                await world.Outbox.Troubled(t, 5);
                await world.Outbox.LatestOf(t, subject);
                await world.Outbox.MayHaveArrived(t, subject, posted: false);
                await world.Outbox.MessagesOf(t, subject);
                var waits = new WaitTable();
                await waits.Unplanned(t, 5);
                await waits.Due(t, now, 5);
                raw.sqlite3_trace(connection.Handle, (strdelegate_trace?)null, null);

                var partial = await Words(connection, "SELECT name FROM sqlite_master WHERE type = 'index' AND sql LIKE '% WHERE %'", 0);
                List<string> found = [];
                foreach (var sql in statements.ToList())
                {
                    var steps = await Words(connection, $"EXPLAIN QUERY PLAN {sql}", 3);
                    found.AddRange(steps.Where(s => s.StartsWith("SCAN ", StringComparison.Ordinal) && !s.StartsWith("SCAN (", StringComparison.Ordinal) && !Small.Contains(s.Split(' ')[1]) && !partial.Any(index => s.EndsWith($"INDEX {index}", StringComparison.Ordinal)))
                        .Select(s => $"{s}: {sql}"));
                }

                return found;
            },
            TestContext.Current.CancellationToken);

        Assert.True(statements.Count > 15, "The statements were not heard.");
        Assert.True(scans.Count == 0, string.Join('\n', scans));
    }

    private static async Task<List<string>> Words(SqliteConnection connection, string sql, int column)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The statements of our own tables.
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<string> words = [];
        while (await reader.ReadAsync(TestContext.Current.CancellationToken))
        {
            words.Add(reader.GetString(column));
        }

        return words;
    }
}
