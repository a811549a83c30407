namespace RunModes.Bot.Storage;

internal static class StoreSettings
{
    public const string Default = "Data Source=runmodes.db";

    public static string ConnectionString(IConfiguration settings) => settings["Store:ConnectionString"] is { Length: > 0 } given ? given : Default;

    public static IEnumerable<string> Problems(IConfiguration settings)
    {
        if (settings["Store:Provider"] is { Length: > 0 } provider && !provider.Equals("Sqlite", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"Store:Provider: '{provider}' is not available in this version; use Sqlite (one instance, on a local disk).";
        }
    }
}
