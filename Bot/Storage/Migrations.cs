using System.Reflection;

namespace RunModes.Bot.Storage;

/// <summary>The numbered SQL files, in their order. Both databases read the same text.</summary>
internal static class Migrations
{
    public const string Table = "CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY)";

    public static IEnumerable<(string Name, string Sql)> Missing(IReadOnlySet<string> done)
    {
        var assembly = Assembly.GetExecutingAssembly();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.EndsWith(".sql", StringComparison.Ordinal) && !done.Contains(n)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            yield return (name, reader.ReadToEnd());
        }
    }
}
