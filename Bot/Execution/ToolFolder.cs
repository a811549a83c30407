namespace RunModes.Bot.Execution;

/// <summary>A folder for one run of a program: its working directory is empty, what it keeps is its owner's alone, and all of it goes with the run.</summary>
internal sealed class ToolFolder : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const string Prefix = "runmodes-tool-";
    private const string InUse = "in-use";
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory(Prefix);
    private readonly FileStream _inUse;

    public ToolFolder()
    {
        // Held until the end, be it this process's: whoever finds it free has found what somebody left behind.
        _inUse = new FileStream(Path.Combine(_root.FullName, InUse), FileMode.Create, FileAccess.ReadWrite, FileShare.None);
        (Work, Home) = (Make("work"), Make("home"));
    }

    public string Work { get; }

    public string Home { get; }

    /// <summary>For what must not stand in an argument list, which everybody on the machine can read.</summary>
    public string Secret(string content)
    {
        var path = Path.Combine(_root.FullName, "secret");
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new StreamWriter(path, options);
        file.Write(content);
        return path;
    }

    /// <summary>A process that was killed took nothing away with it, and what az keeps of its sign-in is a secret.</summary>
    /// <returns>How many there were.</returns>
    public static int DeleteLeftovers(string? among = null)
    {
        var left = Directory.EnumerateDirectories(among ?? Path.GetTempPath(), $"{Prefix}*").Where(IsLeft).ToList();
        left.ForEach(folder => Delete(new DirectoryInfo(folder)));
        return left.Count;
    }

    public void Dispose()
    {
        Delete(_root);
        _inUse.Dispose();
    }

    private static bool IsLeft(string folder)
    {
        try
        {
            // One without it is being made this very moment, or of no account.
            new FileStream(Path.Combine(folder, InUse), FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static void Delete(DirectoryInfo folder)
    {
        try
        {
            folder.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Something that was killed a moment ago still writes there: the folder is its owner's alone, and the next start looks again.
        }
    }

    private string Make(string name)
    {
        var path = Path.Combine(_root.FullName, name);
        if (OperatingSystem.IsWindows())
        {
            return Directory.CreateDirectory(path).FullName;
        }

        return Directory.CreateDirectory(path, Owner).FullName;
    }
}

/// <summary>At the start of the bot, before anything of its own runs.</summary>
internal sealed partial class ToolLeftovers(ILogger<ToolLeftovers> log) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (ToolFolder.DeleteLeftovers() is > 0 and var left)
        {
            Found(log, left);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} folders of programs that were running when the bot was killed are deleted")]
    private static partial void Found(ILogger log, int count);
}
