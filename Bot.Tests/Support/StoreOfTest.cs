namespace RunModes.Bot.Tests.Support;

/// <summary>Which store a test runs on. A class that ends in <c>OnPostgreSql</c> inherits the facts of the one it is derived from and runs them there.</summary>
internal static class StoreOfTest
{
    private static readonly AsyncLocal<bool> Chosen = new();

    public static bool IsPostgreSql => Chosen.Value || (TestContext.Current.TestClass?.TestClassSimpleName.EndsWith("OnPostgreSql", StringComparison.Ordinal) ?? false);

    /// <summary>For a test that runs on both: on PostgreSQL until it is disposed of.</summary>
    public static IDisposable PostgreSql()
    {
        Chosen.Value = true;
        return new Back();
    }

    /// <returns>Of a fresh database; null where the test runs on SQLite.</returns>
    public static async Task<string?> NewDatabase() => IsPostgreSql ? await (await PostgresCluster.Shared()).Database() : null;

    public static async Task Drop(string? database)
    {
        if (database is not null)
        {
            await (await PostgresCluster.Shared()).Drop(database);
        }
    }

    private sealed class Back : IDisposable
    {
        public void Dispose() => Chosen.Value = false;
    }
}
