using Npgsql;
using Quartz;

namespace RunModes.Bot.Storage;

/// <summary>
/// Quartz keeps its jobs in the same database, so that each tick of a job is taken by one of all replicas. It makes its own tables, and of
/// several that try at once the losers use the winner's. On SQLite it keeps them in memory.
/// </summary>
internal static class ClusteredJobs
{
    private const int Connections = 4;
    private static readonly TimeSpan CheckIn = TimeSpan.FromSeconds(5);

    public static void On(IQuartzBuilder quartz, string connectionString)
    {
        var own = new NpgsqlConnectionStringBuilder(connectionString) { ApplicationName = "RunModes.Bot jobs", MaxPoolSize = Connections };
        own.MinPoolSize = Math.Min(own.MinPoolSize, Connections);
        quartz.UsePersistentStore(store =>
        {
            store.ProvisionSchema();
            store.UseSystemTextJsonSerializer();
            store.UsePostgres(NpgsqlFactory.Instance, own.ToString());
            store.UseClustering(cluster => cluster.CheckinInterval = CheckIn);
        });
    }
}
