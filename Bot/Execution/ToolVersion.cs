namespace RunModes.Bot.Execution;

/// <param name="Version">Null: it was found and did not say.</param>
internal sealed record Tool(string Name, string? Path, string? Version);

/// <summary>Which az and kubectl there are. Asked for their version and nothing else, without a shell, in an empty folder, with nothing of the bot's environment.</summary>
internal static class ToolVersion
{
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

        using var folder = new ToolFolder();
        var environment = new Dictionary<string, string> { ["PATH"] = path!, ["HOME"] = folder.Home, ["AZURE_CONFIG_DIR"] = folder.Home, ["AZURE_CORE_COLLECT_TELEMETRY"] = "false" };
        var end = await new Subprocess(TimeProvider.System).Run(new(found, arguments, environment, folder.Work, Limit), () => true, cancellation);
        return new(name, found, end is ProgramEnd.Exited { Output: var output } && ArmJson.Parse(System.Text.Encoding.UTF8.GetBytes(output)) is { } json && version(json) is { } said ? ArmError.Clean(said, 40) : null);
    }
}
