using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>A bot that cannot do its work does not start: exit code 2, one line a reason, each naming the key and what to do.</summary>
public sealed class StartTests
{
    [Fact]
    public async Task A_second_bot_on_the_same_file_says_so_and_exits_2()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        await using var first = await BotProcess.Start(cloud, home.Settings());
        var (exit, problems) = await BotProcess.Refused(cloud, home.Settings());
        Assert.Equal(2, exit);
        Assert.Contains("runmodes.db", Assert.Single(problems), StringComparison.Ordinal);
        Assert.NotEmpty(await first.Get("/healthz"));
    }

    [Fact]
    public async Task Wrong_settings_are_told_one_a_line_with_their_key_and_the_bot_exits_2()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        var settings = home.Settings();
        (string Key, string? Value)[] wrong =
        [
            ("Agent:Nmae", "SRE"), ("Agent:ApprovalExpiry", "00:00:00"), ("Verification:Interval", "8.00:00:00"), ("ResponsePlans:0:Mode", "Reviw"),
            ("Store:Provider", "Oracle"), ("Roles:Administrator:Groups:0", ""), ("MicrosoftAppType", "MultiTenant"),
        ];
        foreach (var (key, value) in wrong)
        {
            settings[key] = value;
        }

        var (exit, problems) = await BotProcess.Refused(cloud, settings);
        Assert.Equal(2, exit);
        Assert.All(wrong, w => Assert.Contains(problems, line => line.Contains(w.Key.Split(":Groups")[0], StringComparison.Ordinal)));
        Assert.True(problems.Length <= wrong.Length + 1, string.Join('\n', problems));
    }

    [Theory]
    [InlineData("Store:ConnectionString", "")]
    [InlineData("Store:ConnectionString", "no connection string")]
    [InlineData("Store:ConnectionString", "Hots=db;Password=very-secret")]
    [InlineData("Store:ConnectionString", "Username=bot;Password=very-secret")]
    [InlineData("Store:ConnectionString", "Host=127.0.0.1;Port=1;Username=bot;Password=very-secret")]
    [InlineData("Audit:KeyFile", "")]
    public async Task A_PostgreSQL_that_cannot_be_used_is_one_line(string key, string value)
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        var settings = home.Settings();
        settings["Store:Provider"] = "postgresql";
        settings["Store:ConnectionString"] = "Host=127.0.0.1;Port=1";
        settings["Audit:KeyFile"] = Path.Combine(home.Folder, "key");
        settings[key] = value;

        var (exit, problems) = await BotProcess.Refused(cloud, settings);

        Assert.Equal(2, exit);
        Assert.StartsWith($"{key}: ", Assert.Single(problems), StringComparison.Ordinal);
        Assert.DoesNotContain("very-secret", problems[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_put_back_under_a_running_history_is_said_and_what_was_decided_asks_again()
    {
        await using var asking = await Asking.Start();
        var (file, backup) = (Path.Combine(asking.Bot.Folder, "runmodes.db"), Path.Combine(asking.Bot.Folder, "backup"));
        await asking.Bot.WaitForAudit("Delivery");
        await asking.Bot.StopApp();
        File.Copy(file, backup);
        await asking.Restart();
        await asking.Bot.Ask(People.Ada, "set prod-web to review");
        await asking.ApproveStillWorks();
        await Anchored(asking.Bot, TimeSpan.FromMinutes(6));
        await asking.Bot.StopApp();
        Array.ForEach(Directory.GetFiles(asking.Bot.Folder, "runmodes.db-*"), File.Delete);
        File.Move(backup, file, overwrite: true);

        await asking.Restart();

        Assert.Contains("an older store was put back", asking.Bot.Logs.Text, StringComparison.Ordinal);
        var line = await asking.Bot.WaitForAudit("StoreChanged");
        Assert.Contains("older store", line, StringComparison.Ordinal);
        await asking.Restart();
        Assert.Single((await asking.Bot.Audit("--json")).Output.Split('\n'), l => l.Contains("\"StoreChanged\"", StringComparison.Ordinal));
    }

    /// <summary>Until the anchors speak of what happened since.</summary>
    private static async Task Anchored(BotHost bot, TimeSpan later)
    {
        var anchors = Path.Combine(bot.Folder, "runmodes.db.anchors");
        var before = File.Exists(anchors) ? File.ReadAllLines(anchors).Length : 0;
        bot.Clock.Advance(later);
        await bot.WaitForAudit("ExecutionEnded");
        for (var beginning = TimeProvider.System.GetTimestamp(); !File.Exists(anchors) || File.ReadAllLines(anchors).Length <= before; await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, BotClient.Cancellation))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(beginning) < TimeSpan.FromSeconds(60), "Nothing was anchored.");
        }
    }
}
