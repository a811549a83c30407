using Microsoft.Data.Sqlite;
using Npgsql;
using RunModes.Bot.Audit;

namespace RunModes.Bot.Storage;

internal enum StoreProvider { Unknown = 0, Sqlite, PostgreSql }

internal static class StoreSettings
{
    private const string Default = "Data Source=runmodes.db";

    public static StoreProvider Provider(IConfiguration settings) => settings["Store:Provider"] switch
    {
        null or "" => StoreProvider.Sqlite,
        var given when given.Equals(nameof(StoreProvider.Sqlite), StringComparison.OrdinalIgnoreCase) => StoreProvider.Sqlite,
        var given when given.Equals(nameof(StoreProvider.PostgreSql), StringComparison.OrdinalIgnoreCase) => StoreProvider.PostgreSql,
        _ => StoreProvider.Unknown,
    };

    /// <summary>Empty where none is given and none can be assumed.</summary>
    public static string ConnectionString(IConfiguration settings) =>
        settings["Store:ConnectionString"] is { Length: > 0 } given ? given : Provider(settings) == StoreProvider.Sqlite ? Default : "";

    public static IEnumerable<string> Problems(IConfiguration settings)
    {
        var (provider, connection) = (Provider(settings), ConnectionString(settings));
        if (provider == StoreProvider.Unknown)
        {
            yield return $"Store:Provider: '{settings["Store:Provider"]}' is not known; use Sqlite (one instance, on a local disk) or PostgreSql.";
        }

        if (provider != StoreProvider.PostgreSql)
        {
            yield break;
        }

        if (connection.Length == 0)
        {
            yield return "Store:ConnectionString: PostgreSql needs one, such as 'Host=…;Database=…;Username=…;Password=…'.";
        }
        else if (Malformed(connection) is { } problem)
        {
            yield return $"Store:ConnectionString: it does not read as one of PostgreSQL: {problem}";
        }
    }

    /// <returns>Null with one line that names key and fix when it cannot be opened.</returns>
    public static IStore? Open(IConfiguration settings, out string problem)
    {
        problem = "";
        try
        {
            return Provider(settings) == StoreProvider.PostgreSql
                ? PostgresStore.Open(ConnectionString(settings))
                : SqliteStore.OpenExclusively(ConnectionString(settings));
        }
        catch (Exception e) when (e is StoreInUseException or StoreMovedException)
        {
            problem = e.Message;
        }
        catch (StoreUnavailableException e)
        {
            problem = $"Store:ConnectionString: PostgreSQL could not be used: {OneLine(e.Message)} Check host, database, user and password, and that the server runs.";
        }
        catch (Exception e) when (e is SqliteException or ArgumentException or FormatException or OverflowException or InvalidOperationException
            or NotSupportedException or IOException or UnauthorizedAccessException)
        {
            problem = $"Store:ConnectionString: the store could not be opened: {OneLine(e.Message)}";
        }

        return null;
    }

    /// <summary>For the command line, beside running bots.</summary>
    public static IStore OpenReadOnly(IConfiguration settings) => Provider(settings) == StoreProvider.PostgreSql
        ? PostgresStore.OpenReadOnly(ConnectionString(settings))
        : SqliteStore.OpenReadOnly(ConnectionString(settings));

    /// <summary>Never the text itself: it holds the password.</summary>
    public static string? Malformed(string connection)
    {
        if (connection.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase))
        {
            return "App Service could not read it from the vault; give the bot's identity 'Key Vault Secrets User' on the vault, name that identity as keyVaultReferenceIdentity, and restart.";
        }

        try
        {
            var parts = new NpgsqlConnectionStringBuilder(connection);
            return string.IsNullOrEmpty(parts.Host) ? "no Host is named." : null;
        }
        catch (Exception e) when (e is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            return e is ArgumentException { ParamName: { } key } ? $"'{key}' is not understood." : "a part of it is not understood.";
        }
    }

    /// <summary>Where a PostgreSQL is, without user and password.</summary>
    public static string Place(string connection) => new NpgsqlConnectionStringBuilder(connection) is var parts ? $"{parts.Host}:{parts.Port}/{parts.Database}" : "";

    private static string OneLine(string text) => text.ReplaceLineEndings(" ").Trim();
}
