using Microsoft.Data.Sqlite;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>What somebody did to the store stops the row it was done to, and nothing else.</summary>
public sealed class DamagedStoreTests
{
    [Fact]
    public async Task Rows_that_cannot_be_read_stop_nothing_else_are_told_once_and_shown_in_health()
    {
        await using var asking = await Asking.Start();
        var staging = asking.Cloud.Sick(World.Staging);
        Do(asking.Bot, "UPDATE proposals SET status = 'Approved', document = '{\"broken\":'; UPDATE runs SET state = 'Queued', document = 'null'; UPDATE outbox SET state = 'Pending', document = ''");

        await asking.Bot.WaitForAudit("TamperFound", 3);
        await asking.Bot.Fire(staging.Id);
        await asking.Bot.WaitForText("Done:");
        var health = await asking.Bot.Ask(People.Ada, "health");

        Assert.Contains("**Unreadable**: proposal/", health.Text, StringComparison.Ordinal);
        Assert.Contains("**Unreadable**: run/", health.Text, StringComparison.Ordinal);
        Assert.All(asking.Cloud.Arm.Mutations, m => Assert.Contains(staging.Id, m.Path, StringComparison.OrdinalIgnoreCase));
        await asking.Restart();
        await asking.Bot.WaitForAudit("Started", 2);
        var rows = (await asking.Bot.Audit("--json")).Output.Split('\n').Where(l => l.Contains("\"TamperFound\"", StringComparison.Ordinal)).ToList();
        Assert.Equal(rows.Count, rows.Select(r => r[r.IndexOf("subject", StringComparison.OrdinalIgnoreCase)..]).Distinct().Count());
    }

    private static void Do(BotHost bot, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(bot.Folder, "runmodes.db")};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.NotEqual(0, command.ExecuteNonQuery());
    }
}
