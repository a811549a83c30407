using System.ComponentModel;
using System.Diagnostics;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace RunModes.Bot.Sandbox;

/// <param name="Port">Asked for; when it is taken the Playground silently takes another, so only the address it reports counts.</param>
/// <param name="Writer">Who writes and clicks in the page; null is the Administrator.</param>
/// <param name="Program">The Playground's program; null looks for it on PATH and lets npx fetch the pinned version otherwise.</param>
internal sealed record PlaygroundOptions(int Port = 56150, PracticePerson? Writer = null, string? Program = null);

/// <summary>
/// Keeps Microsoft's Agents Playground, a Teams-like page in the browser, running beside the sandbox. The bot does without it:
/// when the Playground cannot be started the log says how to get it, and any other client may connect.
/// </summary>
internal sealed partial class Playground(PlaygroundOptions options, IServer server, IHostApplicationLifetime lifetime, ILogger<Playground> log) : BackgroundService
{
    private const string Package = "@microsoft/m365agentsplayground@0.2.28";
    private const int LinesKept = 20;

    private readonly TaskCompletionSource<Uri?> opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The address to open in a browser; null when the Playground could not be started.</summary>
    public Task<Uri?> Opened => opened.Task;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // It looks for the bot as soon as it starts, so the bot has to listen first.
        var listening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var started = lifetime.ApplicationStarted.Register(listening.SetResult);
        var folder = Directory.CreateTempSubdirectory("runmodes-playground-").FullName;
        try
        {
            await listening.Task.WaitAsync(stoppingToken);
            await Run(folder, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            StoppedWithTheBot(log);
        }
        finally
        {
            opened.TrySetResult(null);
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task Run(string folder, CancellationToken cancellation)
    {
        var configuration = Path.Combine(folder, "world.json");
        await File.WriteAllTextAsync(configuration, PlaygroundWorld.ConfigurationFor(options.Writer ?? PracticePeople.Avery), cancellation);

        using var playground = new Process { StartInfo = Describe(folder, configuration) };
        var last = new Queue<string>();
        playground.OutputDataReceived += (_, line) => Heard(line.Data, last);
        playground.ErrorDataReceived += (_, line) => Heard(line.Data, last);
        Starting(log, playground.StartInfo.FileName);
        try
        {
            playground.Start();
        }
        catch (Win32Exception missing)
        {
            CannotStart(log, missing.Message);
            return;
        }

        try
        {
            playground.StandardInput.Close();
            playground.BeginOutputReadLine();
            playground.BeginErrorReadLine();
            await playground.WaitForExitAsync(cancellation);
            lock (last)
            {
                Ended(log, playground.ExitCode, string.Join(Environment.NewLine, last));
            }
        }
        finally
        {
            // npx stands between us and the Playground and does not always hand a signal on: the whole tree ends, or the page would outlive the bot. It keeps nothing on disk.
            if (!playground.HasExited)
            {
                playground.Kill(entireProcessTree: true);
                await playground.WaitForExitAsync(CancellationToken.None);
            }
        }
    }

    private ProcessStartInfo Describe(string folder, string configuration)
    {
        var program = options.Program ?? OnPath("agentsplayground");
        var start = new ProcessStartInfo(program ?? OnPath("npx") ?? "npx")
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] fetch = program is null ? ["--yes", $"--package={Package}", "--", "agentsplayground"] : [];
        string[] arguments = [.. fetch, "start", "-e", MessagesAddress(), "-c", "msteams", "-p", $"{options.Port}", "--disable-telemetry"];
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["TEAMSAPPTESTER_BROWSER"] = "none";
        start.Environment["M365_AGENTS_PLAYGROUND_CONFIG_PATH"] = configuration;
        start.Environment["M365_AGENTS_PLAYGROUND_LOGFILE"] = Path.Combine(folder, "playground.log");
        return start;
    }

    private string MessagesAddress()
    {
        var address = server.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault(a => a.StartsWith("http:", StringComparison.OrdinalIgnoreCase))
            ?? throw new InvalidOperationException("The Playground speaks plain http and the bot listens on no such address.");

        // The sandbox answers loopback callers only; and by the name localhost the Playground may pick the address family the bot does not listen on.
        var bound = BindingAddress.Parse(address);
        var host = IPAddress.TryParse(bound.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip) ? bound.Host : "127.0.0.1";
        return $"http://{host}:{bound.Port}/api/messages";
    }

    private void Heard(string? line, Queue<string> last)
    {
        if (line is null)
        {
            return;
        }

        if (Listening().Match(line) is { Success: true } match && opened.TrySetResult(new Uri($"http://localhost:{match.Groups["port"].Value}/")))
        {
            OpenThis(log, opened.Task.Result!, (options.Writer ?? PracticePeople.Avery).Name);
            ListensEverywhere(log);
        }

        lock (last)
        {
            last.Enqueue(line);
            if (last.Count > LinesKept)
            {
                last.Dequeue();
            }
        }
    }

    private static string? OnPath(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? $"{program}.cmd" : program))
        .FirstOrDefault(File.Exists);

    [GeneratedRegex(@"\bListening on (?<port>\d{1,5})\b")]
    private static partial Regex Listening();

    [LoggerMessage(Level = LogLevel.Information, Message = "Starting the Microsoft 365 Agents Playground by {Program}; the first time this fetches " + Package)]
    private static partial void Starting(ILogger log, string program);

    [LoggerMessage(Level = LogLevel.Information, Message = "Open {Address} in a browser: you are {Writer}, and the bot is in the team's channels and in your chats")]
    private static partial void OpenThis(ILogger log, Uri address, string writer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The Playground listens on every network interface of this machine, without a password, until the bot stops; the bot itself answers this machine only")]
    private static partial void ListensEverywhere(ILogger log);

    [LoggerMessage(Level = LogLevel.Error, Message = "The Agents Playground cannot be started ({Why}): install Node.js 20 or newer, or start a client yourself. The bot goes on without it")]
    private static partial void CannotStart(ILogger log, string why);

    [LoggerMessage(Level = LogLevel.Error, Message = "The Agents Playground ended with exit code {ExitCode}; the bot goes on without it. Its last words: {Output}")]
    private static partial void Ended(ILogger log, int exitCode, string output);

    [LoggerMessage(Level = LogLevel.Debug, Message = "The Agents Playground was ended with the bot")]
    private static partial void StoppedWithTheBot(ILogger log);
}
