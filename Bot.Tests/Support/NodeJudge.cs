using System.ComponentModel;
using System.Diagnostics;

namespace RunModes.Bot.Tests.Support;

/// <summary>Runs a script of <c>Bot.Tests/Judges</c>: other people's validators, which only exist for Node.</summary>
internal static class NodeJudge
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <param name="script">Path from the root of the repository. Its packages are required first: see <see cref="Counterpart"/>.</param>
    public static async Task<Ruling> Run(string script, IEnumerable<string> arguments, CancellationToken cancellation, IReadOnlyDictionary<string, string>? environment = null)
    {
        var path = Repository.Path(script);
        var folder = Path.GetDirectoryName(path)!;
        Counterpart.Require(Directory.Exists(Path.Combine(folder, "node_modules")), $"the packages of {Path.GetDirectoryName(script)} are not installed (npm ci in that folder).");

        var start = new ProcessStartInfo("node") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add(path);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var node = new Process { StartInfo = start };
        try
        {
            node.Start();
        }
        catch (Win32Exception missing)
        {
            Counterpart.Require(false, $"node cannot be started: {missing.Message}");
        }

        node.StandardInput.Close();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            var output = node.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = node.StandardError.ReadToEndAsync(limit.Token);
            await node.WaitForExitAsync(limit.Token);
            return new Ruling(node.ExitCode, await output, await errors);
        }
        finally
        {
            if (!node.HasExited)
            {
                node.Kill(entireProcessTree: true);
            }
        }
    }
}

internal sealed record Ruling(int ExitCode, string Output, string Errors)
{
    public IReadOnlyList<string> Lines => Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>The judge's own last line, which counts what it judged.</summary>
    public string Summary => Lines is [.., var last] ? last : "";

    public void MustBeGood() => Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}{Errors}");
}
