using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Benchmarks;

/// <summary>From the start of a process to its first good answer, and what it holds when nothing happens: the bot against a bare ASP.NET Core app.</summary>
internal static class StartAndIdle
{
    private const int Starts = 5;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(5);

    public static async Task<IReadOnlyList<Figure>> Measure()
    {
        await using var cloud = await BotProcess.World();
        List<(double Ms, double Mb)> bot = [], bare = [];
        // In turns, so that a busy minute hits both.
        for (var i = 0; i < Starts; i++)
        {
            bare.Add(await Once(Path.Combine(AppContext.BaseDirectory, "RunModes.Bot.Benchmarks.dll"), url => ["bare", url], "/healthz", []));
            await using var home = await Home.New();
            var environment = cloud.Environment.ToDictionary(e => e.Key, e => (string?)e.Value).Concat(home.Settings().Select(s => KeyValuePair.Create(s.Key.Replace(":", "__", StringComparison.Ordinal), s.Value)));
            bot.Add(await Once(Path.Combine(AppContext.BaseDirectory, "RunModes.Bot.dll"), url => ["--environment", "Production", "--urls", url], "/readyz", environment));
        }

        var (ours, theirs) = (Median(bot), Median(bare));
        return
        [
            Figure.Of("cold start to ready", Words(ours.Ms, "ms"), $"bare app: {Words(theirs.Ms, "ms")}", ours.Ms / theirs.Ms, 2),
            Figure.Of("idle memory (resident)", Words(ours.Mb, "MiB"), $"bare app: {Words(theirs.Mb, "MiB")}", ours.Mb / theirs.Mb, 2),
        ];
    }

    private static async Task<(double Ms, double Mb)> Once(string dll, Func<string, string[]> arguments, string path, IEnumerable<KeyValuePair<string, string?>> environment)
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
            while (!await Answers(client, path))
            {
                if (process.HasExited || Stopwatch.GetElapsedTime(began) > TimeSpan.FromMinutes(1))
                {
                    throw new InvalidOperationException($"{dll} did not start.");
                }

                await Task.Delay(2);
            }

            var ms = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
            await Task.Delay(Idle);
            return (ms, Resident(process.Id));
        }
        finally
        {
            process.Kill();
            await process.WaitForExitAsync();
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

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private static (double Ms, double Mb) Median(List<(double Ms, double Mb)> all) => (all.Select(a => a.Ms).Order().ElementAt(all.Count / 2), all.Select(a => a.Mb).Order().ElementAt(all.Count / 2));

    private static string Words(double value, string unit) => string.Create(CultureInfo.InvariantCulture, $"{value:0} {unit}");
}
