using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Architecture;

public sealed class SourceTests
{
    private const int MostLines = 250;

    private static readonly string[] Longer = [];

    private static readonly IReadOnlyList<(string Path, string[] Lines)> Files =
    [
        .. new[] { "Bot", "Bot.Tests" }.SelectMany(project => Directory.EnumerateFiles(Repository.Path(project), "*.cs", SearchOption.AllDirectories))
            .Select(file => Path.GetRelativePath(Repository.Root, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Any(part => part is "obj" or "bin" or "node_modules"))
            .Select(file => (file, File.ReadAllLines(Repository.Path(file)))),
    ];

    [Fact]
    public void The_namespace_is_the_folder()
    {
        Assert.NotEmpty(Misplaced([("Bot/Runs/Run.cs", ["namespace RunModes.Bot.Gate;"])]));
        Assert.NotEmpty(Misplaced([("Bot/Runs/Run.cs", ["class Run;"])]));
        Assert.Empty(Misplaced([("Bot/Program.cs", ["return 0;"]), ("Bot.Tests/Runs/X.cs", ["namespace RunModes.Bot.Tests.Runs;"])]));

        Assert.Empty(Misplaced(Files));
    }

    [Fact]
    public void No_file_is_longer_than_a_reader_can_hold()
    {
        Assert.NotEmpty(TooLong([("Bot/Runs/Run.cs", new string[MostLines + 1])]));

        Assert.Empty(TooLong(Files));
        Assert.All(Longer, path => Assert.Contains(Files, f => f.Path == path && f.Lines.Length > MostLines));
    }

    /// <summary>Top-level statements, and a class whose name .NET fixes.</summary>
    private static readonly string[] NoNamespace = ["Bot/Program.cs", "Bot.Tests/Support/StartupHook.cs"];

    private static IEnumerable<string> Misplaced(IEnumerable<(string Path, string[] Lines)> files) =>
        from file in files
        let expected = $"namespace RunModes.{Path.GetDirectoryName(file.Path)!.Replace('\\', '/').Replace('/', '.')};"
        where !NoNamespace.Contains(file.Path) && !file.Lines.Contains(expected)
        select $"{file.Path}: {expected}";

    private static IEnumerable<string> TooLong(IEnumerable<(string Path, string[] Lines)> files) =>
        files.Where(f => f.Lines.Length > MostLines && !Longer.Contains(f.Path)).Select(f => $"{f.Path}: {f.Lines.Length} lines");
}
