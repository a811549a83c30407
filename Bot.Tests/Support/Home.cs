namespace RunModes.Bot.Tests.Support;

/// <summary>What outlives a process of the bot: a folder for key and anchors, and the store, a file in it or a database of its own.</summary>
internal sealed class Home : IAsyncDisposable
{
    private readonly string? _database;

    private Home(string folder, string? database) => (Folder, _database) = (folder, database);

    public string Folder { get; }

    public static async Task<Home> New() => new(Directory.CreateTempSubdirectory("runmodes-test-").FullName, await StoreOfTest.NewDatabase());

    public Dictionary<string, string?> Settings()
    {
        var settings = BotHost.Defaults(Folder);
        if (_database is not null)
        {
            settings["Store:Provider"] = "PostgreSql";
            settings["Store:ConnectionString"] = _database;
            settings["Audit:KeyFile"] = Path.Combine(Folder, "audit-key");
        }

        return settings;
    }

    public async ValueTask DisposeAsync()
    {
        await StoreOfTest.Drop(_database);
        await Scratch.Delete(Folder);
    }
}
