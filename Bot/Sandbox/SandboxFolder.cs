namespace RunModes.Bot.Sandbox;

/// <summary>Where a sandbox keeps its store and its audit key: a private folder with a random name.</summary>
internal sealed class SandboxFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("runmodes-sandbox-");

    public string Database => Path.Combine(_folder.FullName, "runmodes.db");

    public void Dispose()
    {
        try
        {
            _folder.Delete(recursive: true);
        }
        catch (Exception held) when (held is IOException or UnauthorizedAccessException)
        {
            // Still open, or gone already: what is left of a practice belongs to whoever tidies the temporary folder.
        }
    }
}
