using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Benchmarks;

/// <summary>From the start of a process to its first good answer, and what it holds when nothing happens: the bot against a bare ASP.NET Core app.</summary>
internal static class StartAndIdle
{
    private const int Starts = 7;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Figure>> Measure()
    {
        await using var cloud = await BotProcess.World();
        List<Start> bot = [], bare = [];
        var program = await Published.Bot;
        var folder = Directory.CreateTempSubdirectory("runmodes-bench-");
        try
        {
            var bareProgram = Bare(folder.FullName);
            // In turns, so that a busy minute hits both.
            for (var i = 0; i < Starts; i++)
            {
                bare.Add(await Once(bareProgram, url => ["bare", url], "/healthz", []));
                await using var home = await Home.New();
                var environment = cloud.Environment.ToDictionary(e => e.Key, e => (string?)e.Value).Concat(home.Settings().Select(s => KeyValuePair.Create(s.Key.Replace(":", "__", StringComparison.Ordinal), s.Value)));
                bot.Add(await Once(program, url => ["--environment", "Production", "--urls", url], "/readyz", environment));
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }

        var (ours, theirs) = (Median(bot), Median(bare));
        return
        [
            Figure.Of("cold start to ready", Words(ours.Ms, "ms"), $"bare app: {Words(theirs.Ms, "ms")}", ours.Ms / theirs.Ms, 2),
            Figure.Of("… its processor time", Words(ours.Cpu, "ms"), $"bare app: {Words(theirs.Cpu, "ms")}", ours.Cpu / theirs.Cpu, 2),
            Figure.Of("idle memory (resident)", Words(ours.Mb, "MiB"), $"bare app: {Words(theirs.Mb, "MiB")}", ours.Mb / theirs.Mb, 2),
        ];
    }

    /// <summary>Alone in a folder, as it would be published: with everything of the benchmarks beside it, it would start slower.</summary>
    private static string Bare(string folder)
    {
        const string name = "RunModes.Bot.Benchmarks";
        foreach (var file in (string[])[$"{name}.dll", $"{name}.runtimeconfig.json"])
        {
            File.Copy(Path.Combine(AppContext.BaseDirectory, file), Path.Combine(folder, file));
        }

        return Path.Combine(folder, $"{name}.dll");
    }

    private static async Task<Start> Once(string dll, Func<string, string[]> arguments, string path, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        var url = $"http://127.0.0.1:{FreePort()}";
        var start = new ProcessStartInfo("dotnet", [dll, .. arguments(url)]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath() };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var client = new HttpClient { BaseAddress = new Uri(url) };
        var began = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await UntilAnswered(client, path, process);
            var (ms, cpu) = (Stopwatch.GetElapsedTime(began).TotalMilliseconds, process.TotalProcessorTime.TotalMilliseconds);
            await Task.Delay(Idle);
            return new Start(ms, cpu, Resident(process.Id));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
        }
    }

    public static async Task UntilAnswered(HttpClient client, string path, Process process)
    {
        for (var began = Stopwatch.GetTimestamp(); !await Answers(client, path);)
        {
            if (process.HasExited || Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(1))
            {
                throw new InvalidOperationException($"{string.Join(' ', process.StartInfo.ArgumentList)} did not start.");
            }

            await Task.Delay(2);
        }
    }

    private static async Task<bool> Answers(HttpClient client, string path)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static double Resident(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").Single(l => l.StartsWith("VmRSS:", StringComparison.Ordinal));
        return double.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }

    public static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static Start Median(List<Start> all)
    {
        return new Start(Of(a => a.Ms), Of(a => a.Cpu), Of(a => a.Mb));

        double Of(Func<Start, double> part) => all.Select(part).Order().ElementAt(all.Count / 2);
    }

    private static string Words(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0} {unit}");

    /// <param name="Cpu">Milliseconds of processors until the first good answer: what a busy machine changes least.</param>
    private sealed record Start(double Ms, double Cpu, double Mb);
}
