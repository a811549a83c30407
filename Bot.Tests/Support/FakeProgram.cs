namespace RunModes.Bot.Tests.Support;

/// <summary>A script that stands where az or kubectl would, at the far end of the process boundary: it writes down how it was called and does what the test says.</summary>
internal sealed class FakeProgram : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("fake-program-").FullName;

    /// <param name="body">Lines of sh; "$1" is the first argument.</param>
    public FakeProgram(string name, string body)
    {
        Executable = Path.Combine(_folder, name);
        File.WriteAllText(Executable, $$"""
            #!/bin/sh
            called="$(printf '%s\037' "$@"; printf '\036')"; printf '%s' "$called" >> "{{Log}}"
            { env; printf 'cwd=%s\nfiles=%s\n' "$(pwd)" "$(ls -A | wc -l)"; } > "{{Log}}.env"
            {{body}}
            """.Replace("\r", "", StringComparison.Ordinal));
        Mode(Executable, UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.UserWrite);
    }

    /// <summary>az that is new enough and signs in; then the body.</summary>
    public static FakeProgram Az(string body, string version = "2.61.0", string login = "exit 0") => new("az", $$"""
        case "$1" in
          version) echo '{"azure-cli":"{{version}}"}'; exit 0;;
          login) {{login}};;
        esac
        {{body}}
        """);

    public string Executable { get; }

    public string Folder => _folder;

    /// <summary>A file of its owner alone, where a kubeconfig would be.</summary>
    public string Config
    {
        get
        {
            var path = Path.Combine(_folder, "config");
            File.WriteAllText(path, "");
            Mode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return path;
        }
    }

    private string Log => Path.Combine(_folder, "log");

    /// <summary>Each call's arguments, in order.</summary>
    public IReadOnlyList<string[]> Calls => !File.Exists(Log) ? [] :
        [.. File.ReadAllText(Log).Split('\u001e', StringSplitOptions.RemoveEmptyEntries).Select(call => call.Split('\u001f', StringSplitOptions.RemoveEmptyEntries))];

    /// <summary>Of the latest call, and where it stood.</summary>
    public string Environment => File.ReadAllText($"{Log}.env");

    private static void Mode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
