using System.Diagnostics;
using Npgsql;

namespace RunModes.Bot.Tests.Support;

/// <summary>
/// A PostgreSQL of the tests' own, from the installed programs: in a folder of its own, on a socket of its own, without care for power cuts.
/// A shell between it and us reads our end of a pipe: when this process ends, however it ends, so does the server.
/// </summary>
internal sealed class PostgresCluster : IAsyncDisposable
{
    private const string Missing = "PostgreSQL 15 or newer is not installed (Debian: apt-get install postgresql): initdb and postgres were not found.";
    private const string User = "postgres";
    private static readonly Lazy<Task<PostgresCluster>> Once = new(async () =>
    {
        var cluster = await Start();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => cluster._server!.StandardInput.Close();
        return cluster;
    });

    private readonly string _bin;
    private readonly string _folder;
    private Process? _server;
    private int _databases;

    private PostgresCluster(string bin, string folder) => (_bin, _folder) = (bin, folder);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>One for the whole test run. Skips the test where PostgreSQL is not installed.</summary>
    public static async Task<PostgresCluster> Shared()
    {
        Counterpart.Require(Bin() is not null, Missing);
        return await Once.Value;
    }

    /// <summary>One that a test may stop.</summary>
    public static async Task<PostgresCluster> Start()
    {
        var bin = Bin();
        Counterpart.Require(bin is not null, Missing);
        // Short: the path of a socket has at most 107 bytes.
        var cluster = new PostgresCluster(bin!, Directory.CreateTempSubdirectory("pg-").FullName);
        if (Environment.UserName == "root")
        {
            await Run("chown", User, cluster._folder);
        }

        await Run([.. As(), Path.Combine(bin!, "initdb"), "-D", cluster.Data, "-U", User, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]);
        await cluster.Resume();
        return cluster;
    }

    public string ConnectionString(string database) => $"Host={_folder};Username={User};Database={database}";

    /// <summary>An empty one.</summary>
    public async Task<string> Database()
    {
        var name = $"bot{Interlocked.Increment(ref _databases)}";
        await Execute($"CREATE DATABASE {name}");
        return ConnectionString(name);
    }

    public Task Drop(string connectionString) => Execute($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");

    /// <summary>As after <see cref="Halt"/>: what was committed is there.</summary>
    public async Task Resume()
    {
        string[] server =
        [
            .. As(), Path.Combine(_bin, "postgres"), "-D", Data, "-k", _folder, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off",
            "-c", "max_connections=300", "-c", "shared_buffers=64MB", "-c", "deadlock_timeout=200ms", "-c", "max_wal_size=256MB", "-c", "logging_collector=off", "-c", "log_min_messages=fatal",
        ];
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true, WorkingDirectory = "/" };
        // The reader ends with our end of the pipe and takes the server and its folder along.
        foreach (var argument in (string[])["-c", "exec 3<&0; \"$@\" </dev/null & server=$!; read -r order <&3; kill -INT $server; wait $server; [ \"$order\" = keep ] || rm -rf \"$0\"", _folder, .. server])
        {
            start.ArgumentList.Add(argument);
        }

        _server = Process.Start(start)!;
        _server.OutputDataReceived += (_, _) => { };
        _server.ErrorDataReceived += (_, _) => { };
        _server.BeginOutputReadLine();
        _server.BeginErrorReadLine();
        for (var beginning = TimeProvider.System.GetTimestamp(); ;)
        {
            try
            {
                await Execute("SELECT 1");
                return;
            }
            catch (NpgsqlException) when (TimeProvider.System.GetElapsedTime(beginning) < TimeSpan.FromSeconds(60) && !_server.HasExited)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Cancellation);
            }
        }
    }

    /// <summary>The server goes away under whoever is connected, and keeps what was committed.</summary>
    public Task Halt() => End("keep");

    public async ValueTask DisposeAsync() => await End("");

    private string Data => Path.Combine(_folder, "data");

    private async Task End(string order)
    {
        if (_server is not { HasExited: false } server)
        {
            return;
        }

        await server.StandardInput.WriteLineAsync(order);
        server.StandardInput.Close();
        await server.WaitForExitAsync(CancellationToken.None);
        server.Dispose();
        _server = null;
    }

    private async Task Execute(string sql)
    {
        await using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false;Timeout=5");
        await connection.OpenAsync(CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>It refuses to run as root.</summary>
    private static string[] As() => Environment.UserName == "root" ? ["setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups"] : [];

    private static async Task Run(params string[] words)
    {
        var start = new ProcessStartInfo(words[0]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        foreach (var word in words[1..])
        {
            start.ArgumentList.Add(word);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var errors = await process.StandardError.ReadToEndAsync(CancellationToken.None);
        await process.WaitForExitAsync(CancellationToken.None);
        Assert.True(process.ExitCode == 0, $"{string.Join(' ', words)}: {await output}{errors}");
    }

    /// <summary>Where Debian puts them, else the path's.</summary>
    private static string? Bin()
    {
        var debian = Directory.Exists("/usr/lib/postgresql") ? Directory.GetDirectories("/usr/lib/postgresql").Order().Select(d => Path.Combine(d, "bin")).Reverse() : [];
        return debian.Concat((Environment.GetEnvironmentVariable("PATH") ?? "").Split(':')).FirstOrDefault(d => d.Length > 0 && File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "postgres")));
    }
}
