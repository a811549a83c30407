using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.RegularExpressions;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Support;

/// <summary>The published bot as a process of its own, started as an operator starts it, reaching the cloud through its environment alone; it can be killed.</summary>
internal sealed partial class BotProcess : BotClient
{
    private readonly Process _process;

    private BotProcess(Process process, FakeCloud cloud, Uri address) : base(cloud, address) => _process = process;

    /// <summary>Completes when the process is gone, however it ended.</summary>
    public Task Exited => _process.WaitForExitAsync(Cancellation);

    /// <summary>Only with the clock of the machine: a process knows no other.</summary>
    public static async Task<FakeCloud> World()
    {
        var cloud = await FakeCloud.Start(cancellation: Cancellation);
        People.Join(cloud);
        cloud.Arm.RunningSampleCarriesNow = true;
        return cloud;
    }

    public static Task<BotProcess> Start(FakeCloud cloud, string folder, bool diskMayFill = false) => Start(cloud, BotHost.Defaults(folder), diskMayFill);

    /// <param name="diskMayFill">Reports a file that may not grow as an error, as a full disk does, instead of ending the process: see <see cref="FillDisk"/>.</param>
    /// <param name="crash">Where the process kills itself.</param>
    /// <param name="program">Another build than the one beside the tests.</param>
    public static async Task<BotProcess> Start(FakeCloud cloud, IReadOnlyDictionary<string, string?> settings, bool diskMayFill = false, CrashPoint? crash = null, string? program = null)
    {
        var process = await Launch(cloud, settings, diskMayFill, crash, program: program);
        var listening = new TaskCompletionSource<Uri>(TaskCreationOptions.RunContinuationsAsynchronously);
        var output = new ConcurrentQueue<string?>();
        void Heard(object sender, DataReceivedEventArgs line)
        {
            output.Enqueue(line.Data);
            if (Listening().Match(line.Data ?? "") is { Success: true } match)
            {
                listening.TrySetResult(new Uri(match.Groups["url"].Value));
            }
            else if (line.Data is null)
            {
                listening.TrySetException(new DiedAtStart($"The bot did not start:\n{string.Join('\n', output)}"));
            }
        }

        process.OutputDataReceived += Heard;
        process.ErrorDataReceived += (_, line) => output.Enqueue(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            return new BotProcess(process, cloud, await listening.Task.WaitAsync(Patience, Cancellation));
        }
        catch
        {
            process.Kill();
            process.Dispose();
            throw;
        }
    }

    /// <summary>For a bot that should not start: its exit code and what it says on standard error.</summary>
    public static async Task<(int Exit, string[] Problems)> Refused(FakeCloud cloud, IReadOnlyDictionary<string, string?> settings)
    {
        using var process = await Launch(cloud, settings);
        var output = process.StandardOutput.ReadToEndAsync(Cancellation);
        var errors = await process.StandardError.ReadToEndAsync(Cancellation);
        await output;
        try
        {
            await process.WaitForExitAsync(Cancellation).WaitAsync(Patience, Cancellation);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        return (process.ExitCode, errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>The largest resident set it ever had.</summary>
    public int PeakMegabytes =>
        int.Parse(Peak().Match(File.ReadAllText($"/proc/{_process.Id}/status")).Groups["kb"].Value, System.Globalization.CultureInfo.InvariantCulture) / 1024;

    /// <summary>Every file the process has loaded.</summary>
    public string Mapped => File.ReadAllText($"/proc/{_process.Id}/maps");

    /// <summary>SIGKILL: nothing is flushed, nobody says good-bye.</summary>
    public async Task Kill()
    {
        _process.Kill();
        await _process.WaitForExitAsync(Cancellation);
    }

    /// <summary>SIGTERM, as a platform stops it.</summary>
    public async Task Stop()
    {
        await Signal("TERM");
        await _process.WaitForExitAsync(Cancellation);
    }

    /// <summary>SIGSTOP: it stands still, with everything it holds and believes.</summary>
    public Task Pause() => Signal("STOP");

    /// <summary>SIGCONT: it wakes and knows nothing of the time that passed.</summary>
    public Task Wake() => Signal("CONT");

    private async Task Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        await kill.WaitForExitAsync(Cancellation);
        Assert.Equal(0, kill.ExitCode);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    /// <summary>From now on no file of the process may grow, until the disk is freed again.</summary>
    public Task FillDisk() => LimitFiles("1");

    public Task FreeDisk() => LimitFiles("unlimited");

    private async Task LimitFiles(string most)
    {
        using var set = Process.Start("prlimit", ["--pid", _process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture), $"--fsize={most}:unlimited"]);
        await set.WaitForExitAsync(Cancellation);
        Assert.Equal(0, set.ExitCode);
    }

    /// <summary>A command, as an operator types it beside the bot: its exit code and what it says.</summary>
    public static async Task<(int Exit, string Output)> Command(FakeCloud cloud, IReadOnlyDictionary<string, string?> settings, params string[] words)
    {
        using var process = await Launch(cloud, settings, words: words);
        try
        {
            var errors = process.StandardError.ReadToEndAsync(Cancellation);
            var output = await process.StandardOutput.ReadToEndAsync(Cancellation);
            await process.WaitForExitAsync(Cancellation).WaitAsync(Patience, Cancellation);
            return (process.ExitCode, output + await errors);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
    }

    private static async Task<Process> Launch(FakeCloud cloud, IReadOnlyDictionary<string, string?> settings, bool diskMayFill = false, CrashPoint? crash = null, string[]? words = null, string? program = null)
    {
        var start = new ProcessStartInfo(diskMayFill ? "sh" : "dotnet")
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var argument in diskMayFill ? (string[])["-c", "trap '' XFSZ; exec dotnet \"$@\"", "sh"] : [])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var argument in (string[])[program ?? await Published.Bot, .. words ?? ["--environment", "Production", "--urls", "http://127.0.0.1:0"]])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in cloud.Environment)
        {
            start.Environment[name] = value;
        }

        foreach (var (name, value) in settings)
        {
            start.Environment[name.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        if (crash is not null)
        {
            start.Environment["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
            start.Environment[CrashPoint.Variable] = crash.ToString();
        }

        return Process.Start(start)!;
    }

    [GeneratedRegex("VmHWM:\\s+(?<kb>[0-9]+) kB")]
    private static partial Regex Peak();

    internal sealed class DiedAtStart(string message) : Exception(message);

    [GeneratedRegex("Now listening on: (?<url>http://127\\.0\\.0\\.1:[0-9]+)")]
    private static partial Regex Listening();
}
