using System.Globalization;
using Dapper;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Configuration;
using Npgsql;
using RunModes.Bot.Audit;
using RunModes.Bot.Cli;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Storage;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Storage;

/// <summary><c>store move</c>, as an operator runs it: a file with everything in it, an empty database, nothing lost.</summary>
public sealed class StoreMoveOnPostgreSql : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("move").FullName;
    private string _target = "";

    private string File => Path.Combine(_folder, "runmodes.db");

    public async ValueTask InitializeAsync() => _target = (await StoreOfTest.NewDatabase())!;

    public async ValueTask DisposeAsync()
    {
        await StoreOfTest.Drop(_target);
        await Scratch.Delete(_folder);
    }

    [Fact]
    public async Task Everything_arrives_byte_for_byte_and_what_was_decided_asks_again()
    {
        var before = await Fill();

        var (exit, output) = await Move();

        Assert.True(exit == 0, output);
        Assert.Contains("2 proposals ask again, 1 executions are Indeterminate", output, StringComparison.Ordinal);
        var after = await Rows();
        foreach (var (table, rows) in before.Where(t => t.Key is not ("control" or "proposals" or "moves")))
        {
            // The move adds audit and cards; it takes nothing.
            Assert.Equal(rows, rows.Where(after[table].Contains));
        }

        Assert.Equal(before["proposals"].Count, after["proposals"].Count);
        await using var target = new NpgsqlConnection(_target);
        var statuses = (await target.QueryAsync<(string Id, string Status)>("SELECT id, status FROM proposals")).ToDictionary(p => p.Id, p => p.Status);
        Assert.Equal(
            new Dictionary<string, string>
            {
                ["p1"] = "AwaitingApproval", ["p2"] = "AwaitingApproval", ["p3"] = "AwaitingApproval", ["p4"] = "Indeterminate", ["p5"] = "Blocked", ["p6"] = "Denied", ["p7"] = "Succeeded",
            },
            statuses);
        Assert.Equal(2, await target.ExecuteScalarAsync<long>("SELECT generation FROM control"));
        Assert.Equal(0, await target.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM proposals WHERE status = 'AwaitingApproval' AND document LIKE '%\"Decision\":%'"));
        Assert.Contains((await target.QueryAsync<string>("SELECT document FROM audit")), d => d.Contains("StoreChanged", StringComparison.Ordinal));
        var settings = Settings("PostgreSql", _target, $"{File}.audit-key");
        await using var report = new StringWriter();
        Assert.True(await AuditCommand.Run(["verify"], settings, report, report, StoreWorld.Ct) == 0, report.ToString());
    }

    [Fact]
    public async Task The_old_file_starts_no_bot_and_is_not_moved_twice()
    {
        await Fill();
        await Move();

        var refused = Assert.Throws<StoreMovedException>(() => SqliteStore.OpenExclusively($"Data Source={File}"));
        Assert.Contains("was moved to", refused.Message, StringComparison.Ordinal);
        var (exit, output) = await Move();
        Assert.Equal((2, true), (exit, output.Contains("already", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_move_that_was_interrupted_is_finished_by_the_same_command(bool afterCommit)
    {
        var before = await Fill();
        if (afterCommit)
        {
            await Move();
        }

        await using (var file = new SqliteConnection($"Data Source={File};Pooling=False"))
        {
            await file.ExecuteAsync(afterCommit ? "UPDATE moves SET state = 'Leaving'" : "INSERT INTO moves VALUES ('m', 'Leaving', 1, @place)", new { place = StoreSettings.Place(_target) });
        }

        Assert.Contains("not finished", Assert.Throws<StoreMovedException>(() => SqliteStore.OpenExclusively($"Data Source={File}")).Message, StringComparison.Ordinal);
        var (exit, output) = await Move();

        Assert.True(exit == 0, output);
        Assert.Equal(before["audit"].Count, (await Rows())["audit"].Count(before["audit"].Contains));
        Assert.Contains("was moved", Assert.Throws<StoreMovedException>(() => SqliteStore.OpenExclusively($"Data Source={File}")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_a_bot_has_used_is_refused_and_the_file_stays_what_it_was()
    {
        await Fill();
        await using (var world = await StoreWorld.Open())
        {
            await world.Write(t => t.Append(AuditEntry.OfBot(world.Now, AuditKind.Started, "bot")));
            var (exit, output) = await Move(world.ConnectionString);
            Assert.Equal(2, exit);
            Assert.Contains("not empty", output, StringComparison.Ordinal);
        }

        SqliteStore.OpenExclusively($"Data Source={File}").Dispose();
    }

    [Fact]
    public async Task A_bot_that_works_on_the_file_keeps_it()
    {
        await Fill();
        using var bot = SqliteStore.OpenExclusively($"Data Source={File}");

        var (exit, output) = await Move();

        Assert.Equal(2, exit);
        Assert.Contains("in use", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_file_there_is_nothing_to_move_and_none_is_made()
    {
        var (exit, output) = await Move();

        Assert.Equal((2, false), (exit, System.IO.File.Exists(File)));
        Assert.Contains("there is no file", output, StringComparison.Ordinal);
    }

    private static IConfiguration Settings(string provider, string connection, string? key = null) => new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
    {
        ["Store:Provider"] = provider, ["Store:ConnectionString"] = connection, ["Audit:KeyFile"] = key,
    }).Build();

    private async Task<(int Exit, string Output)> Move(string? target = null)
    {
        await using var output = new StringWriter();
        var exit = await StoreCommand.Run(["move", "--to", target ?? _target], Settings("Sqlite", $"Data Source={File}"), TextReader.Null, output, output, StoreWorld.Ct);
        return (exit, output.ToString());
    }

    private async Task<Dictionary<string, List<string>>> Fill()
    {
        await using var world = await StoreWorld.Open(onSqlite: File);
        foreach (var (status, n) in new[] { "AwaitingApproval", "Approved", "Cleared", "Executing", "Blocked", "Denied", "Succeeded" }.Select((s, n) => (s, n)))
        {
            await world.Propose(Enum.Parse<ProposalStatus>(status), $"{StoreWorld.App}-{n}");
        }

        await world.Write(async t =>
        {
            await world.Outbox.Enqueue(t, new(Shown.Notice, "notice/\"ü\u0001", Urgency.Reply, Payload: new("line\n2")), world.Now);
            await world.Outbox.RememberThread(t, "incident/i1", new("c", "m", null));
            await world.Conversations.Installed(t, new("team", ConversationKind.Channel, new("https://smba.example/a/"), "tenant", "bot", TeamId: "team"), world.Now);
            await world.Conversations.RememberPerson(t, "ada", "c1");
        });
        for (var i = 0; i < 120; i++)
        {
            await world.Write(t => t.Append(AuditEntry.OfBot(world.Now, AuditKind.CommandGiven, "line", detail: i.ToString(CultureInfo.InvariantCulture))));
        }

        await new AuditSealer(world.Log, world.Key, world.Anchors, world.Clock).Pass(StoreWorld.Ct);
        await world.Write(t => t.Append(AuditEntry.OfBot(world.Now, AuditKind.CommandGiven, "line", detail: "unsealed")));
        await using var file = new SqliteConnection($"Data Source={File};Pooling=False");
        return await Contents(file, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    }

    private async Task<Dictionary<string, List<string>>> Rows()
    {
        await using var target = new NpgsqlConnection(_target);
        return await Contents(target, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'");
    }

    /// <summary>Every row of every table as text, whatever the order of its columns.</summary>
    private static async Task<Dictionary<string, List<string>>> Contents(System.Data.Common.DbConnection connection, string tables)
    {
        var all = new Dictionary<string, List<string>>();
        foreach (var table in (await connection.QueryAsync<string>(tables)).ToList())
        {
            all[table] =
            [
                .. (await connection.QueryAsync($"SELECT * FROM {table}")).Cast<IDictionary<string, object?>>()
                    .Select(row => string.Join('|', row.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={Convert.ToString(c.Value, CultureInfo.InvariantCulture)}"))),
            ];
        }

        return all;
    }
}
