using System.Diagnostics;

namespace RunModes.Bot.Tests.Support.Kubernetes;

/// <summary>
/// A server of the tests' own. A shell between it and us reads our end of a pipe: when this process ends, however it ends, so does the server, and the folder
/// that it shares with the others goes.
/// </summary>
internal sealed class Leash : IAsyncDisposable
{
    private const string Hold = """
        exec 3<&0 2>/dev/null; log=$1; shift; "$@" </dev/null 3<&- >"$log" 2>&1 & server=$!; read -r order <&3; kill -KILL $server; wait $server; rm -rf "$0"
        """;

    private readonly Process _shell;
    private readonly string _log;

    public Leash(string folder, string program, IEnumerable<string> arguments)
    {
        _log = Path.Combine(folder, $"{Path.GetFileName(program)}.log");
        var start = new ProcessStartInfo("sh") { RedirectStandardInput = true, WorkingDirectory = "/" };
        foreach (var word in (string[])["-c", Hold, folder, _log, program, .. arguments])
        {
            start.ArgumentList.Add(word);
        }

        _shell = Process.Start(start)!;
    }

    public string LastWords => File.Exists(_log) ? string.Join('\n', File.ReadLines(_log).TakeLast(15)) : "";

    /// <summary>When the process of the tests ends in good order there is nobody left to wait.</summary>
    public void LetGo() => _shell.StandardInput.Close();

    public async ValueTask DisposeAsync()
    {
        LetGo();
        await _shell.WaitForExitAsync(CancellationToken.None);
        _shell.Dispose();
    }
}
