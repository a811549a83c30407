namespace RunModes.Bot.Execution;

/// <summary>A folder for one run of a program: its working directory is empty, what it keeps is its owner's alone, and all of it goes with the run.</summary>
internal sealed class ToolFolder : IDisposable
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("runmodes-tool-");

    public ToolFolder()
    {
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

    public void Dispose()
    {
        try
        {
            _root.Delete(recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Something that was killed a moment ago still writes there: the folder is its owner's alone, and in the folder for temporary files.
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
