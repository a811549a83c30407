using System.Diagnostics;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <param name="Version">Null: it was found and did not say.</param>
internal sealed record Tool(string Name, string? Path, string? Version);

/// <summary>Which az and kubectl there are. Asked for their version and nothing else, without a shell, in an empty folder, with nothing of the bot's environment.</summary>
internal static class ToolVersion
{
    private const int LongestAnswer = 64 * 1024;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static Task<Tool> OfAz(string? path, CancellationToken cancellation) => Of("az", ["version", "--output", "json"], path, body => body.Text("azure-cli"), cancellation);

    public static Task<Tool> OfKubectl(string? path, CancellationToken cancellation) =>
        Of("kubectl", ["version", "--client", "--output", "json"], path, body => body.Member("clientVersion")?.Text("gitVersion"), cancellation);

    private static async Task<Tool> Of(string name, string[] arguments, string? path, Func<System.Text.Json.JsonElement, string?> version, CancellationToken cancellation)
    {
        if ((path ?? "").Split(Path.PathSeparator).Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists) is not { } found)
        {
            return new(name, null, null);
        }

        var folder = Directory.CreateTempSubdirectory("runmodes-tool-");
        try
        {
            var start = new ProcessStartInfo(found, arguments) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, WorkingDirectory = folder.FullName };
            start.Environment.Clear();
            foreach (var (key, value) in new[] { ("PATH", path!), ("HOME", folder.FullName), ("AZURE_CONFIG_DIR", folder.FullName), ("AZURE_CORE_COLLECT_TELEMETRY", "false") })
            {
                start.Environment[key] = value;
            }

            using var process = Process.Start(start)!;
            process.StandardInput.Close();
            using var over = new CancellationTokenSource(Limit, TimeProvider.System);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, over.Token);
            try
            {
                var errors = process.StandardError.BaseStream.CopyToAsync(Stream.Null, either.Token);
                var body = new byte[LongestAnswer];
                var length = await process.StandardOutput.BaseStream.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, either.Token);
                await errors;
                await process.WaitForExitAsync(either.Token);
                return new(name, found, ArmJson.Parse(body.AsMemory(0, length)) is { } json && version(json) is { } said ? ArmError.Clean(said, 40) : null);
            }
            finally
            {
                if (!process.HasExited)
                {
                    process.Kill(entireProcessTree: true);
                }
            }
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested && e is OperationCanceledException or System.ComponentModel.Win32Exception or IOException or InvalidOperationException)
        {
            return new(name, found, null);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
