namespace RunModes.Bot.Tests.Support;

/// <summary>Which store a test runs on. A class that ends in <c>OnPostgreSql</c> inherits the facts of the one it is derived from and runs them there.</summary>
internal static class StoreOfTest
{
    public static bool IsPostgreSql => TestContext.Current.TestClass?.TestClassSimpleName.EndsWith("OnPostgreSql", StringComparison.Ordinal) ?? false;

    /// <returns>Of a fresh database; null where the test runs on SQLite.</returns>
    public static async Task<string?> NewDatabase() => IsPostgreSql ? await (await PostgresCluster.Shared()).Database() : null;

    public static async Task Drop(string? database)
    {
        if (database is not null)
        {
            await (await PostgresCluster.Shared()).Drop(database);
        }
    }
}
