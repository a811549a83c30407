namespace RunModes.Bot.Execution;

/// <summary>How a hook's program ended.</summary>
/// <param name="Output">Standard output, when it ended by itself.</param>
/// <param name="Errors">Standard error, or why it did not start.</param>
internal sealed record ProcessEnd(ProcessFate Fate, int ExitCode, string Output, string Errors);

internal enum ProcessFate { CouldNotStart = 0, TimedOut, TooMuchOutput, Ended }

/// <summary>
/// Runs the program of a hook as every program is run: without a shell, in an environment of its own that holds none of the bot's secrets, in an empty folder
/// that goes with it, with limits of time and of output.
/// </summary>
internal sealed class HookProcess(Subprocess programs)
{
    /// <summary>In characters.</summary>
    public const int MostOutput = Subprocess.MostKept;

    public async Task<ProcessEnd> Run(string program, IReadOnlyList<string> arguments, string input, TimeSpan timeout, CancellationToken cancellation)
    {
        var folder = Directory.CreateTempSubdirectory("runmodes-hook-").FullName;
        try
        {
            var environment = new Dictionary<string, string> { ["PATH"] = "/usr/local/bin:/usr/bin:/bin", ["HOME"] = folder, ["TMPDIR"] = folder, ["LANG"] = "C.UTF-8" };
            return await programs.Run(new Launch(program, arguments, environment, folder, timeout) { Input = input }, () => true, cancellation) switch
            {
                ProgramEnd.Exited { Output.Length: >= MostOutput } or ProgramEnd.Exited { Whole: false } => new(ProcessFate.TooMuchOutput, 0, "", ""),
                ProgramEnd.Exited ended => new(ProcessFate.Ended, ended.Code, ended.Output, ended.Errors),
                ProgramEnd.NotStarted not => new(ProcessFate.CouldNotStart, 0, "", not.Why),
                _ when cancellation.IsCancellationRequested => throw new OperationCanceledException(cancellation),
                _ => new(ProcessFate.TimedOut, 0, "", ""),
            };
        }
        finally
        {
            Delete(folder);
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
