namespace RunModes.Bot.Execution;

/// <summary>The file that says how the bot signs in to a cluster. Whoever can read it can do there what the bot can, so it is its owner's alone, whenever it is used.</summary>
internal static class KubeConfigFile
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static bool IsOpenToOthers(string path)
    {
        if (OperatingSystem.IsWindows() || !File.Exists(path))
        {
            return false;
        }

        // A secret that is mounted is a link, and the rights of a link say nothing.
        var file = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        return (File.GetUnixFileMode(file) & Others) != 0;
    }
}
