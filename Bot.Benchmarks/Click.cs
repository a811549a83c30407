using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using Microsoft.IdentityModel.Tokens;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Benchmarks;

/// <summary>
/// From a click to its answer: token, role by Graph (two questions at once, over TLS to the fake), decision with audit and outbox rows on the disk.
/// Deny takes the same way as Approve and starts nothing beside. Each click shows a token that was not seen before.
/// </summary>
internal static class Click
{
    private const int Cards = 30;
    private const int Warm = 5;

    public static async Task<IReadOnlyList<Figure>> Measure(long[] histories)
    {
        List<Clicked> all = [];
        try
        {
            foreach (var rows in histories)
            {
                all.Add(await Clicked.Start(rows));
            }

            // In turns, so that a busy moment of the machine hits each of them.
            for (var i = 0; i < Warm + Cards; i++)
            {
                foreach (var bot in all)
                {
                    await bot.Once(i, counts: i >= Warm);
                }
            }
        }
        finally
        {
            foreach (var bot in all)
            {
                await bot.DisposeAsync();
            }
        }

        await using var cloud = await BotProcess.World();
        var (bare, commit, graph) = (await Bare(cloud), await Commit(), await Graph(cloud));
        var empty = all[0].Clicks;
        var floor = bare.P50 + commit.P50;
        return
        [
            Figure.Of("click → answer", $"{empty}", $"bare endpoint {bare} + durable commit {commit}", empty.P50 / floor, 2),
            Figure.Of("… with Graph's answer in what it is compared with", $"{empty}", $"the same + one question to the fake of Graph {graph}", empty.P50 / (floor + graph.P50), 2),
            .. all.Skip(1).Select(h => Figure.Of(string.Create(CultureInfo.InvariantCulture, $"the same click with {h.Rows:N0} proposals and audit rows"), $"{h.Clicks}", "empty store", h.Clicks.P50 / empty.P50, 1.2)),
        ];
    }

    private static async Task<Times> Bare(FakeCloud cloud)
    {
        var (app, address) = await BareApp.Listen(new RsaSecurityKey(cloud.Login.Current.Rsa) { KeyId = cloud.Login.Current.Kid }, ConnectorTokens.Issuer, Known.AppId);
        await using var running = app;
        using var client = new HttpClient { BaseAddress = address };
        var tokens = cloud.Login.TokensFor();
        var body = new JsonObject { ["id"] = "1", ["type"] = "invoke", ["value"] = new string('x', 600) }.ToJsonString();
        return await Many(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/api/messages") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Good());
            using var answer = await client.SendAsync(request);
            answer.EnsureSuccessStatusCode();
        });
    }

    /// <summary>Three small rows, as a decision writes them, and the disk's word for it.</summary>
    private static async Task<Times> Commit()
    {
        var folder = Directory.CreateTempSubdirectory("runmodes-bench-");
        try
        {
            await using var connection = new SqliteConnection($"Data Source={Path.Combine(folder.FullName, "commit.db")};Pooling=False");
            await connection.OpenAsync();
            await Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, document TEXT)");
            return await Many(() => Run("BEGIN; INSERT INTO t (document) VALUES (printf('%.2000c', 'x')), (printf('%.400c', 'x')), (printf('%.400c', 'x')); COMMIT"));

            async Task Run(string sql)
            {
                await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Our own words.
                command.CommandText = sql;
#pragma warning restore CA2100
                await command.ExecuteNonQueryAsync();
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<Times> Graph(FakeCloud cloud)
    {
        using var client = new HttpClient(cloud.CreateHandler());
        var token = cloud.Entra.Issue(Known.AppId, "https://graph.microsoft.com/.default");
        return await Many(async () =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"https://graph.microsoft.com/v1.0/users/{People.Ada.ObjectId}?$select=id,accountEnabled,userType,externalUserState");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using var answer = await client.SendAsync(request);
            answer.EnsureSuccessStatusCode();
        });
    }

    private static async Task<Times> Many(Func<Task> work)
    {
        Times warm = new(), times = new();
        for (var i = 0; i < 200; i++)
        {
            // As far apart as clicks are, so that neither side lives from a hot cache.
            await Task.Delay(5);
            await (i < 50 ? warm : times).Of(work);
        }

        return times;
    }
}
