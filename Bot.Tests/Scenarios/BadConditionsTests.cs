using Microsoft.Data.Sqlite;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>What the machine under the bot may do to it: each gets a clear line and a safe state, and ends without a person where that is safe.</summary>
public sealed class BadConditionsTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task A_backup_put_back_under_a_running_history_is_said_and_everything_asks_again()
    {
        await using var asking = await Asking.Start();
        await asking.Bot.WaitForAudit("Delivery");
        await asking.Bot.StopApp();
        using var backup = new Backup(asking.Bot.Folder);
        await asking.Restart();
        await asking.ApproveStillWorks();
        await asking.Bot.Ask(People.Sam, "set staging-web to review");
        await asking.Bot.StopApp();

        backup.PutBack();
        var before = asking.Cloud.Teams.Posted.Count;
        await asking.Restart();
        var bot = asking.Bot;
        var notice = await bot.WaitForText("My store was put back to an older state", m => m.Number > before);
        Assert.Contains("plan staging-web", notice.Reads, StringComparison.Ordinal);
        var again = await bot.WaitForAsk(m => m.Number > before && m.ActivityId != asking.Card.ActivityId);
        Assert.Contains("put back to an older state", again.Reads, StringComparison.Ordinal);
        Assert.Contains("put back", bot.Logs.Text.Split('\n').First(l => l.StartsWith("Critical ", StringComparison.Ordinal)), StringComparison.Ordinal);
        Assert.Contains("generation 2", await bot.WaitForAudit("StoreChanged"), StringComparison.Ordinal);
        Assert.Contains("generation 2", (await bot.Ask(People.Ada, "health")).Reads, StringComparison.Ordinal);
        Assert.Contains("staging-web** · Review (set on the plan)", (await bot.Ask(People.Ada, "plans")).Reads, StringComparison.Ordinal);

        // What is sick now asks, although its plan was Autonomous in the copy; and a start without another contradiction says nothing new.
        await bot.Fire(asking.Cloud.Sick(World.Staging).Id);
        await bot.WaitForAsk(m => m.Reads.Contains(World.Staging, StringComparison.Ordinal));
        await asking.Restart();
        Assert.Single(asking.Bot.Logs.Text.Split('\n'), l => l.StartsWith("Critical ", StringComparison.Ordinal) && l.Contains("asks again", StringComparison.Ordinal));
        Assert.Single(asking.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task An_approval_in_a_backup_that_was_carried_out_since_is_void_when_it_is_put_back()
    {
        await using var asking = await Asking.Start();
        var asked = 0;
        asking.Cloud.Graph.Faults.Always(Fault.Error(503, "ServiceUnavailable", "Later."), r => r.Method == "GET" && Interlocked.Increment(ref asked) > 1);
        await asking.Bot.Approve(asking.Card, People.Ada);
        await asking.Bot.WaitForCard("Approved");
        await asking.Bot.StopApp();
        using var backup = new Backup(asking.Bot.Folder);
        asking.Cloud.Graph.Faults.Clear();
        await asking.Restart();
        await asking.Bot.WaitForCard("Done, recovered");
        await asking.Bot.StopApp();

        backup.PutBack();
        var before = asking.Cloud.Teams.Posted.Count;
        await asking.Restart();
        await asking.Bot.WaitForAsk(m => m.Number > before && m.ActivityId != asking.Card.ActivityId);
        Assert.Single(asking.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task A_full_disk_acknowledges_nothing_executes_nothing_and_is_over_when_it_is_freed()
    {
        await using var cloud = await BotProcess.World();
        var folder = Directory.CreateTempSubdirectory("runmodes-test-").FullName;
        var app = cloud.Sick(World.Prod);
        await using (var bot = await BotProcess.Start(cloud, folder, diskMayFill: true))
        {
            await bot.Install();
            await bot.Fire(app.Id);
            var card = await bot.WaitForAsk();
            await bot.Press(card, "deny", People.Rob);

            await bot.FillDisk();
            using (var refused = await bot.PostAlert(Alerts.Metric(app.Id, "Another", "Sev1", cloud.Clock.GetUtcNow())))
            {
                Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, refused.StatusCode);
                Assert.NotNull(refused.Headers.RetryAfter);
            }

            using (var ready = await bot.Raw(new(HttpMethod.Get, "/readyz")))
            {
                Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, ready.StatusCode);
                Assert.Contains("store cannot be written", await ready.Content.ReadAsStringAsync(BotClient.Cancellation), StringComparison.Ordinal);
            }

            Assert.NotEmpty(await bot.Get("/healthz"));
            Assert.DoesNotContain("Approved", await bot.Told(card, "approve", People.Ada), StringComparison.Ordinal);
            Assert.Empty(cloud.Arm.Mutations);

            await bot.FreeDisk();
            await bot.Fire(app.Id, "Another");
            await bot.Approve(card, People.Ada);
            await bot.WaitForCard("Done, recovered");
            Assert.Single(cloud.Arm.Mutations);
        }

        await Scratch.Delete(folder);
    }

    [Fact]
    public async Task An_address_that_is_none_is_told_and_the_bot_exits_2()
    {
        await using var cloud = await BotProcess.World();
        var folder = Directory.CreateTempSubdirectory("runmodes-test-").FullName;
        var (exit, problems) = await BotProcess.Refused(cloud, new Dictionary<string, string?>(BotHost.Defaults(folder)) { ["Kestrel:Endpoints:Http:Url"] = "nonsense" });
        Assert.Equal(2, exit);
        Assert.Contains(problems, line => line.StartsWith("urls: ", StringComparison.Ordinal) && line.Contains("nonsense", StringComparison.Ordinal));
        await Scratch.Delete(folder);
    }

    [Fact]
    public async Task A_clock_set_back_an_hour_is_said_and_a_card_is_still_decided_done_and_on_record_in_order()
    {
        await using var asking = await Asking.Start();
        asking.Bot.Clock.ShiftWall(-Hour);
        await asking.Bot.WaitForAudit("ClockChanged");
        Assert.Contains("was set back by", asking.Bot.Logs.Text, StringComparison.Ordinal);
        await asking.ApproveStillWorks();
        Assert.Equal(0, (await asking.Bot.Audit("verify")).Exit);
    }

    [Fact]
    public async Task A_message_that_waits_for_its_turn_does_not_wait_an_hour_longer_when_the_clock_is_set_back()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Sick(World.Prod));
        await bot.Install();
        var refused = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        bot.Cloud.Teams.Faults.Always(Fault.Throttled("120"), r => r.Method == "POST" && (refused.TrySetResult() || true));
        await bot.Fire(app.Id);
        await refused.Task.WaitAsync(TimeSpan.FromSeconds(30), BotClient.Cancellation);
        await WaitForTrouble(bot);
        bot.Cloud.Teams.Faults.Clear();
        bot.Clock.ShiftWall(-Hour);
        await bot.WaitForAsk();
    }

    [Fact]
    public async Task A_check_under_way_ends_though_the_clock_was_set_back_an_hour()
    {
        await using var asking = await Asking.Start(settings: new Dictionary<string, string?> { ["Verification:Settle"] = "00:00:05" });
        await asking.Bot.Approve(asking.Card, People.Ada);
        await asking.Bot.WaitForCard("Done, checking");
        asking.Bot.Clock.ShiftWall(-Hour);
        await asking.Bot.WaitForCard("Done, ", m => !m.Status!.StartsWith("Done, checking", StringComparison.Ordinal));
        Assert.Single(asking.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task A_clock_set_ahead_past_a_deadline_expires_the_card_executes_nothing_and_the_next_alert_asks_again()
    {
        await using var asking = await Asking.Start();
        await asking.Bot.WaitForAudit("Delivery");
        asking.Bot.Clock.ShiftWall(Hour);
        await asking.Bot.WaitForCard("Expired");
        await asking.Bot.WaitForAudit("ClockChanged");
        Assert.Contains("was set ahead by", asking.Bot.Logs.Text, StringComparison.Ordinal);
        Assert.Contains("expired", await asking.Bot.Told(asking.Card, "approve", People.Ada), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(asking.Cloud.Arm.Mutations);

        // Corrected: what expired stays so.
        asking.Bot.Clock.ShiftWall(-Hour);
        await asking.Bot.WaitForAudit("ClockChanged", times: 2);
        await asking.Bot.Fire(asking.App.Id);
        await asking.ApproveStillWorks(card: await asking.Bot.WaitForAsk(m => m.ActivityId != asking.Card.ActivityId));
        Assert.Equal(0, (await asking.Bot.Audit("verify")).Exit);
    }

    private static async Task WaitForTrouble(BotHost bot)
    {
        for (var tries = 0; !bot.Logs.Text.Contains("Not sent yet, proposal/", StringComparison.Ordinal) && tries < 400; tries++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, BotClient.Cancellation);
        }
    }

    /// <summary>A copy of the database as an operator makes one, and puts it back: key and anchors stay where they are.</summary>
    private sealed class Backup : IDisposable
    {
        private readonly string _folder;
        private readonly string _copy = Directory.CreateTempSubdirectory("runmodes-backup-").FullName;

        public Backup(string folder)
        {
            _folder = folder;
            SqliteConnection.ClearAllPools();
            foreach (var file in Files(folder))
            {
                File.Copy(file, Path.Combine(_copy, Path.GetFileName(file)));
            }
        }

        public void PutBack()
        {
            SqliteConnection.ClearAllPools();
            foreach (var file in Files(_folder))
            {
                File.Delete(file);
            }

            foreach (var file in Files(_copy))
            {
                File.Copy(file, Path.Combine(_folder, Path.GetFileName(file)));
            }
        }

        public void Dispose() => Directory.Delete(_copy, recursive: true);

        private static List<string> Files(string folder) =>
            [.. Directory.EnumerateFiles(folder, "runmodes.db*").Where(f => Path.GetFileName(f) is "runmodes.db" or "runmodes.db-wal" or "runmodes.db-shm")];
    }
}
