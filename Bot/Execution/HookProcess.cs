using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace RunModes.Bot.Execution;

/// <summary>How a hook's program ended.</summary>
/// <param name="Output">Standard output, when it ended by itself.</param>
/// <param name="Errors">Standard error, cut.</param>
internal sealed record ProcessEnd(ProcessFate Fate, int ExitCode, string Output, string Errors);

internal enum ProcessFate { CouldNotStart = 0, TimedOut, TooMuchOutput, Ended }

/// <summary>
/// Runs the program of a hook: no shell, an environment of its own, an empty folder that goes with it, a limit on time and on output. When it fails in one
/// of them it is ended with what it started; what it left in the background and can still write has not answered yet.
/// </summary>
internal sealed class HookProcess(TimeProvider clock)
{
    public const int MostOutput = 64 * 1024;
    private const int MostErrors = 4 * 1024;

    /// <summary>Windows programs do not start without it.</summary>
    private static readonly string[] Passed = ["SystemRoot"];

    public async Task<ProcessEnd> Run(string program, IReadOnlyList<string> arguments, string input, TimeSpan timeout, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("runmodes-hook-").FullName;
        try
        {
            using var process = new Process { StartInfo = Start(program, arguments, folder) };
            try
            {
                process.Start();
            }
            catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
            {
                return new(ProcessFate.CouldNotStart, 0, "", e.Message);
            }

            try
            {
                return await Talk(process, input, timeout, cancellation);
            }
            finally
            {
                await End(process);
            }
        }
        finally
        {
            Delete(folder);
        }
    }

    private async Task<ProcessEnd> Talk(Process process, string input, TimeSpan timeout, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(timeout, clock);
        using var full = new CancellationTokenSource();
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, full.Token, cancellation);
        var output = Read(process.StandardOutput, MostOutput, full, either.Token);
        var errors = Read(process.StandardError, MostErrors, null, either.Token);
        try
        {
            await Task.WhenAll(Write(process.StandardInput, input, either.Token), output, errors, process.WaitForExitAsync(either.Token));
            return new(ProcessFate.Ended, process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new(full.IsCancellationRequested ? ProcessFate.TooMuchOutput : ProcessFate.TimedOut, 0, "", "");
        }
    }

    /// <summary>A program that does not read what it is told may end before it is all written.</summary>
    private static async Task Write(StreamWriter to, string input, CancellationToken cancellation)
    {
        try
        {
            await to.WriteAsync(input.AsMemory(), cancellation);
            await to.FlushAsync(cancellation);
            to.Close();
        }
        catch (IOException)
        {
            // It has ended, or closed its input: what it says and how it ends counts.
        }
    }

    /// <param name="full">Told when there is more than <paramref name="most"/>; null: what is more is dropped.</param>
    private static async Task<string> Read(StreamReader from, int most, CancellationTokenSource? full, CancellationToken cancellation)
    {
        var text = new StringBuilder();
        var buffer = new char[4096];
        while (await from.ReadAsync(buffer, cancellation) is var read and > 0)
        {
            text.Append(buffer, 0, Math.Min(read, most - text.Length));
            if (text.Length >= most && full is not null)
            {
                await full.CancelAsync();
                cancellation.ThrowIfCancellationRequested();
            }
        }

        return text.ToString();
    }

    private static ProcessStartInfo Start(string program, IReadOnlyList<string> arguments, string folder)
    {
        var start = new ProcessStartInfo(program)
        {
            WorkingDirectory = folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(false), StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        // None of the bot's own: its secrets are there.
        var passed = Passed.Select(name => (name, Value: start.Environment.TryGetValue(name, out var value) ? value : null)).Where(p => p.Value is not null).ToList();
        start.Environment.Clear();
        foreach (var (name, value) in passed)
        {
            start.Environment[name] = value;
        }

        start.Environment["PATH"] = "/usr/local/bin:/usr/bin:/bin";
        start.Environment["HOME"] = start.Environment["TMPDIR"] = folder;
        start.Environment["LANG"] = "C.UTF-8";
        return start;
    }

    private static async Task End(Process process)
    {
        if (!process.HasExited)
        {
            try
            {
                process.Kill(entireProcessTree: true);
            }
            catch (Exception e) when (e is InvalidOperationException or Win32Exception)
            {
                // It ended meanwhile.
            }

            await process.WaitForExitAsync(CancellationToken.None);
        }
    }

    private static void Delete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What a program left there in a way that cannot be deleted is the temporary folder's.
        }
    }
}
