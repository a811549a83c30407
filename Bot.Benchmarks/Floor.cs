using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Data.Sqlite;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Benchmarks;

/// <summary>What a click cannot do without, each by itself, done in turns with the clicks and after as long a pause: a busy moment hits both, and neither lives from a warm cache.</summary>
internal sealed class Floor : IAsyncDisposable
{
    private const int Warm = 300;

    private readonly FakeCloud _cloud;
    private readonly Process _process;
    private readonly HttpClient _bare;
    private readonly HttpClient _graph;
    private readonly string _graphToken;
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("runmodes-bench-");
    private readonly SqliteConnection _store;

    private Floor(FakeCloud cloud, Process process, Uri address)
    {
        _cloud = cloud;
        _process = process;
        _bare = new HttpClient { BaseAddress = address };
        _graph = new HttpClient(cloud.CreateHandler());
        _graphToken = cloud.Entra.Issue(Known.AppId, "https://graph.microsoft.com/.default");
        _store = new SqliteConnection($"Data Source={Path.Combine(_folder.FullName, "commit.db")};Pooling=False");
    }

    /// <summary>An endpoint that reads the body, validates the token and answers.</summary>
    public Times Bare { get; } = new();

    /// <summary>Three small rows, as a decision writes them, and the disk's word for it.</summary>
    public Times Commit { get; } = new();

    /// <summary>One question to the directory.</summary>
    public Times Graph { get; } = new();

    public static async Task<Floor> Start()
    {
        var cloud = await BotProcess.World();
        var url = $"http://127.0.0.1:{StartAndIdle.FreePort()}";
        using var rsa = RSA.Create(cloud.Login.Current.Rsa.ExportParameters(includePrivateParameters: false));
        var key = string.Create(CultureInfo.InvariantCulture, $"{Convert.ToBase64String(rsa.ExportSubjectPublicKeyInfo())} {cloud.Login.Current.Kid} {ConnectorTokens.Issuer} {Known.AppId}");
        var process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "RunModes.Bot.Benchmarks.dll"), "bare", url, key]))!;
        var floor = new Floor(cloud, process, new Uri(url));
        await StartAndIdle.UntilAnswered(floor._bare, "/healthz", process);
        await floor._store.OpenAsync();
        await floor.Sql("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id INTEGER PRIMARY KEY, document TEXT)");
        for (var i = 0; i < Warm; i++)
        {
            await floor.Post();
            await floor.Write();
            await floor.AskGraph();
        }

        return floor;
    }

    public async Task Once(TimeSpan pause)
    {
        await Task.Delay(pause);
        await Bare.Of(Post);
        await Commit.Of(Write);
        await Graph.Of(AskGraph);
    }

    private async Task Post()
    {
        var body = new JsonObject { ["id"] = "1", ["type"] = "invoke", ["value"] = new string('x', 600) }.ToJsonString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/messages") { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _cloud.Login.TokensFor().Good());
        using var answer = await _bare.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private Task Write() => Sql("BEGIN; INSERT INTO t (document) VALUES (printf('%.2000c', 'x')), (printf('%.400c', 'x')), (printf('%.400c', 'x')); COMMIT");

    private async Task AskGraph()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://graph.microsoft.com/v1.0/users/{People.Ada.ObjectId}?$select=id,accountEnabled,userType,externalUserState");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _graphToken);
        using var answer = await _graph.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }

    private async Task Sql(string sql)
    {
        await using var command = _store.CreateCommand();
#pragma warning disable CA2100 // Our own words.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        _bare.Dispose();
        _graph.Dispose();
        await _store.DisposeAsync();
        _folder.Delete(recursive: true);
        await _cloud.DisposeAsync();
    }
}
