namespace RunModes.Bot.Tests.Support;

/// <summary>Where the tests stand: the clone they were built from, and the reference data that may lie beside it.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    /// <summary>Files of other projects that tests read where present and that are never copied into this repository: beside the clone, or where REFERENCE_DATA says.</summary>
    public static string ReferenceData(string relative) => System.IO.Path.GetFullPath(System.IO.Path.Combine(
        Environment.GetEnvironmentVariable("REFERENCE_DATA") ?? System.IO.Path.Combine(Root, "..", "shared", "data"), relative));

    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "RunModes.Bot.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No RunModes.Bot.sln above {AppContext.BaseDirectory}: the tests run from inside their clone.");
    }
}
