namespace RunModes.Bot.Tests.Support;

/// <summary>A text somebody has looked at; UPDATE_GOLDEN=1 writes it anew, and the difference is reviewed with the change that caused it.</summary>
internal static class Golden
{
    public static async Task MustEqual(string relativePath, IEnumerable<string> lines)
    {
        var path = Repository.Path(relativePath);
        var text = string.Concat(lines.Select(line => line + "\n"));
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        }

        Assert.Equal(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), text);
    }
}
