using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace RunModes.Bot.Execution;

/// <param name="Program">A full path: nothing is looked up.</param>
/// <param name="Environment">All of it: nothing is inherited.</param>
internal sealed record Launch(string Program, IReadOnlyList<string> Arguments, IReadOnlyDictionary<string, string> Environment, string Folder, TimeSpan Limit)
{
    /// <summary>What it can read; empty: nothing.</summary>
    public string Input { get; init; } = "";
}

/// <summary>How a program ended.</summary>
internal abstract record ProgramEnd
{
    private ProgramEnd() { }

    /// <summary>How often it sent something that changes, by its own word; null: it keeps no account of that.</summary>
    public int? Changes { get; init; }

    /// <summary>It never ran.</summary>
    public sealed record NotStarted(string Why) : ProgramEnd;

    /// <param name="Whole">All that it wrote was read; false: something that it left behind held on to its output.</param>
    public sealed record Exited(int Code, string Output, string Errors, bool Whole = true) : ProgramEnd;

    /// <summary>It ran, and was ended with all that it had started: what it had done by then nobody knows.</summary>
    public sealed record Killed(bool TimedOut) : ProgramEnd;
}

/// <summary>
/// The one place where a program is started. No shell: an argument list, a clean environment, its own folder, nothing to read but what it is told, limits of time and of what is
/// kept of its output; and when it has to end, everything that it started ends with it.
/// </summary>
internal sealed partial class Subprocess(TimeProvider clock)
{
    /// <summary>In characters, of each stream; the rest is read and dropped, so that the program does not hang on a full pipe.</summary>
    public const int MostKept = 64 * 1024;

    private const string Leader = "/usr/bin/setsid";
    private const int Kill = 9;

    /// <summary>What a grandchild that holds the pipe open may delay.</summary>
    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(2);

    /// <param name="last">Asked in the very last moment; false: it is not started.</param>
    public async Task<ProgramEnd> Run(Launch launch, Func<bool> last, CancellationToken cancellation)
    {
        if (!File.Exists(launch.Program))
        {
            return new ProgramEnd.NotStarted($"there is no {launch.Program}");
        }

        // With a group of its own one signal reaches whatever it started, be it a child or a grandchild whose parent is gone.
        var leads = File.Exists(Leader);
        using var process = new Process { StartInfo = Info(launch, leads) };
        if (cancellation.IsCancellationRequested || !last())
        {
            return new ProgramEnd.NotStarted("it was too late to start it");
        }

        try
        {
            process.Start();
        }
        catch (Exception e) when (e is Win32Exception or InvalidOperationException)
        {
            return new ProgramEnd.NotStarted($"{launch.Program} could not be started");
        }

        var told = Tell(process.StandardInput, launch.Input);
        using var limit = new CancellationTokenSource(launch.Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var (output, errors) = (Kept(process.StandardOutput), Kept(process.StandardError));
        try
        {
            await process.WaitForExitAsync(either.Token);
        }
        catch (OperationCanceledException)
        {
            End(process, leads);
            await process.WaitForExitAsync(CancellationToken.None);
            return new ProgramEnd.Killed(limit.IsCancellationRequested);
        }

        var exit = process.ExitCode;
        // What it left behind has no business any more, and could hold the pipes open.
        Task drained = Task.WhenAll(output, errors);
        await drained.WaitAsync(Drain, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!drained.IsCompletedSuccessfully)
        {
            End(process, leads);
        }

        await drained.WaitAsync(Drain, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await told.WaitAsync(Drain, clock, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return new ProgramEnd.Exited(exit, output.IsCompletedSuccessfully ? await output : "", errors.IsCompletedSuccessfully ? await errors : "", drained.IsCompletedSuccessfully);
    }

    private static ProcessStartInfo Info(Launch launch, bool leads)
    {
        var info = new ProcessStartInfo(leads ? Leader : launch.Program)
        {
            WorkingDirectory = launch.Folder, UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), StandardOutputEncoding = Encoding.UTF8, StandardErrorEncoding = Encoding.UTF8,
        };
        foreach (var argument in leads ? launch.Arguments.Prepend(launch.Program) : launch.Arguments)
        {
            info.ArgumentList.Add(argument);
        }

        info.Environment.Clear();
        foreach (var (name, value) in launch.Environment)
        {
            info.Environment[name] = value;
        }

        return info;
    }

    private static void End(Process process, bool leads)
    {
        if (leads)
        {
            _ = Signal(-process.Id, Kill);
        }

        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself meanwhile.
        }
    }

    /// <summary>One that does not read what it is told may end first.</summary>
    private static async Task Tell(StreamWriter to, string input)
    {
        try
        {
            await to.WriteAsync(input);
            to.Close();
        }
        catch (IOException)
        {
            // How it ended counts.
        }
    }

    private static async Task<string> Kept(StreamReader stream)
    {
        var kept = new StringBuilder();
        var buffer = new char[8192];
        while (await stream.ReadAsync(buffer) is > 0 and var read)
        {
            kept.Append(buffer, 0, Math.Min(read, MostKept - kept.Length));
        }

        return kept.ToString();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);
}
