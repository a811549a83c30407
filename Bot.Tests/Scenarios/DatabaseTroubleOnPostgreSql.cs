using System.Net;
using Microsoft.Extensions.Configuration;
using RunModes.Bot.Cli;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>The database goes away and comes back, and several work on one.</summary>
public sealed class DatabaseTroubleOnPostgreSql
{
    [Fact]
    public async Task While_the_database_is_gone_nothing_is_acknowledged_and_when_it_is_back_all_goes_on_by_itself()
    {
        await using var cluster = await PostgresCluster.Start();
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Sick(World.Prod), home: await Home.On(cluster));
        await bot.Install();
        await bot.Fire(app.Id);
        var card = await bot.WaitForAsk();
        await bot.WaitForAudit("Delivery");

        await cluster.Halt();
        await bot.Until("/readyz", HttpStatusCode.ServiceUnavailable);
        using (var refused = await bot.PostAlert(Alerts.Metric(app.Id, "High memory", "Sev1", bot.Clock.GetUtcNow().AddSeconds(5), null)))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
        }

        // Many beats of every loop.
        bot.Clock.Advance(TimeSpan.FromMinutes(1));
        await bot.Until("/readyz", HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, await bot.Status("/healthz"));

        await cluster.Resume();
        await bot.Until("/readyz", HttpStatusCode.OK);
        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);
        // Each loop said it once.
        Assert.Equal(1, bot.Logs.Text.Split("What is due could not be read").Length - 1);
        Assert.InRange(bot.Logs.Text.Split("Looking for what is over failed").Length - 1, 0, 1);
    }

    [Fact]
    public async Task Two_processes_start_together_seal_one_chain_and_the_one_that_is_left_goes_on()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        var app = cloud.Sick(World.Prod);
        var both = await Task.WhenAll(BotProcess.Start(cloud, home.Settings()), BotProcess.Start(cloud, home.Settings()));
        await using var first = both[0];
        await using var second = both[1];
        await first.Install();
        await first.Fire(app.Id);
        await Sealed(home);
        await first.Kill();

        await second.Say(People.Ada, "set default to review");
        await Sealed(home);
        Assert.Equal(0, await Audit(home, "verify"));
    }

    private static async Task Sealed(Home home)
    {
        await using var connection = new Npgsql.NpgsqlConnection(home.Settings()["Store:ConnectionString"]);
        await connection.OpenAsync(BotClient.Cancellation);
        for (var beginning = TimeProvider.System.GetTimestamp(); ; await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, BotClient.Cancellation))
        {
            await using var command = new Npgsql.NpgsqlCommand("SELECT (SELECT COUNT(*) FROM audit WHERE chain IS NULL) = 0 AND (SELECT COUNT(*) FROM audit) > 3", connection);
            if (await command.ExecuteScalarAsync(BotClient.Cancellation) is true)
            {
                return;
            }

            Assert.True(TimeProvider.System.GetElapsedTime(beginning) < TimeSpan.FromSeconds(90), "Nobody sealed the audit.");
        }
    }

    private static async Task<int> Audit(Home home, params string[] words)
    {
        await using var output = new StringWriter();
        return await AuditCommand.Run(words, new ConfigurationBuilder().AddInMemoryCollection(home.Settings()).Build(), output, output, BotClient.Cancellation);
    }
}
