using System.Text;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Azure accepts the restart and works on it: the bot asks after it, says so, and never sends it again.</summary>
public sealed class LongRunningOperationsTests
{
    [Theory]
    [InlineData("Location202", "Succeeded")]
    [InlineData("AsyncOperation202", "Succeeded")]
    [InlineData("AsyncOperation200", "Succeeded")]
    [InlineData("Location202", "Failed")]
    [InlineData("AsyncOperation200", "Failed")]
    [InlineData("AsyncOperation202", "Canceled")]
    public async Task However_Azure_says_that_it_is_at_it_the_card_tells_the_end_it_comes_to(string says, string end)
    {
        await using var asking = await Asking.Start(cloud => cloud.Arm.LongRunning.Plan = new(Enum.Parse<UnderWay>(says), end));
        await asking.Bot.Approve(asking.Card, People.Ada);

        var working = await asking.Bot.WaitForCard("Executing", m => m.Reads.Contains("is working on it", StringComparison.Ordinal));
        Assert.Contains("Azure accepted it at", working.Reads, StringComparison.Ordinal);
        var ended = await asking.Bot.WaitForCard(end == "Succeeded" ? "Done, recovered" : "Failed");
        if (end == "Succeeded")
        {
            Assert.Contains("Azure finished it", ended.Reads, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("AllocationFailed", ended.Reads, StringComparison.Ordinal);
        }

        Assert.Equal(end == "Succeeded" ? 1 : 0, asking.App.Restarts);
        Assert.Equal(3, asking.Cloud.Arm.LongRunning.Polls);
        Assert.Single(asking.Cloud.Arm.Mutations);
        await NoPollingUrlIsAnywhere(asking.Bot);
        asking.Cloud.AssertNothingUnexpected();
    }

    [Theory]
    [InlineData("429")]
    [InlineData("500")]
    [InlineData("403")]
    public async Task Trouble_with_asking_is_not_trouble_with_the_operation(string trouble)
    {
        await using var asking = await Asking.Start(cloud => cloud.Arm.LongRunning.Plan = new(UnderWay.AsyncOperation202));
        asking.Cloud.Arm.Faults.Next(Fault.Error(int.Parse(trouble, System.Globalization.CultureInfo.InvariantCulture), "Later", "Later.", retryAfter: "0"), LongRunning.IsPoll, times: 5);
        await asking.ApproveStillWorks();
    }

    [Fact]
    public async Task What_Azure_does_not_finish_in_time_is_unknown_and_a_late_answer_still_counts()
    {
        await using var asking = await Asking.Start(cloud => cloud.Arm.LongRunning.Plan = new(UnderWay.AsyncOperation202, Looks: LongRunningPlan.ForEver));
        await asking.Bot.Approve(asking.Card, People.Ada);
        await asking.Bot.WaitForCard("Executing", m => m.Reads.Contains("InProgress", StringComparison.Ordinal));
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(11));

        var unknown = await asking.Bot.WaitForCard("Indeterminate", m => m.Reads.Contains("Seen since", StringComparison.Ordinal));
        Assert.Contains("had not finished it after 10 minutes; last heard: InProgress", unknown.Reads, StringComparison.Ordinal);
        Assert.Contains("activity log shows Microsoft.Web/sites/restart", unknown.Reads, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("annotate", unknown.Verbs);
        Assert.Contains("Azure goes on being asked after it", unknown.Reads, StringComparison.Ordinal);
        Assert.Single(asking.Cloud.Arm.Mutations);

        asking.Cloud.Arm.LongRunning.Release();
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(6));
        await asking.Bot.WaitForCard("Done, recovered");
        Assert.Single(asking.Cloud.Arm.Mutations);
        await NoPollingUrlIsAnywhere(asking.Bot);
    }

    [Fact]
    public async Task What_Azure_has_not_told_for_a_day_is_asked_after_no_longer()
    {
        await using var asking = await Asking.Start(cloud => cloud.Arm.LongRunning.Plan = new(UnderWay.AsyncOperation202, Looks: LongRunningPlan.ForEver));
        await asking.Bot.Approve(asking.Card, People.Ada);
        await asking.Bot.WaitForAudit("ExecutionStep");
        asking.Bot.Clock.Advance(TimeSpan.FromMinutes(11));
        await asking.Bot.WaitForCard("Indeterminate", m => m.Reads.Contains("goes on being asked", StringComparison.Ordinal));
        asking.Bot.Clock.Advance(TimeSpan.FromHours(24));

        await asking.Bot.WaitForCard("Indeterminate", m => m.Kind == PostKind.Update && !m.Reads.Contains("goes on being asked", StringComparison.Ordinal)
            && asking.Cloud.Teams.Showing.Any(now => now.ActivityId == m.ActivityId && !now.Reads.Contains("goes on being asked", StringComparison.Ordinal)));
        var polls = asking.Cloud.Arm.LongRunning.Polls;
        asking.Bot.Clock.Advance(TimeSpan.FromHours(1));
        asking.Cloud.Arm.LongRunning.Plan = null;
        await asking.Bot.Fire(asking.Cloud.Sick(World.Staging).Id);
        await asking.Bot.WaitForText("Done: I've restarted app-service-staging.");
        Assert.Equal(polls, asking.Cloud.Arm.LongRunning.Polls);
    }

    [Fact]
    public async Task Who_was_shown_an_Autonomous_operation_in_doubt_is_shown_its_late_end()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud =>
        {
            app = cloud.Sick(World.Staging);
            cloud.Arm.LongRunning.Plan = new(UnderWay.Location202, Looks: LongRunningPlan.ForEver);
        });
        await bot.Install();
        await bot.Fire(app.Id);
        await bot.WaitForAudit("ExecutionStep");
        bot.Clock.Advance(TimeSpan.FromMinutes(11));
        await bot.WaitForCard("Indeterminate");

        bot.Cloud.Arm.LongRunning.Release();
        bot.Clock.Advance(TimeSpan.FromMinutes(6));
        await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Theory]
    [InlineData("404")]
    [InlineData("garbage")]
    public async Task An_answer_that_is_lost_for_good_leaves_it_unknown(string trouble)
    {
        await using var asking = await Asking.Start(cloud => cloud.Arm.LongRunning.Plan = new(UnderWay.AsyncOperation202));
        asking.Cloud.Arm.Faults.Always(trouble == "404" ? Fault.Error(404, "NotFound", "No such operation.") : Fault.Garbage, LongRunning.IsPoll);
        await asking.Bot.Approve(asking.Card, People.Ada);

        var unknown = await asking.Bot.WaitForCard("Indeterminate");
        Assert.Contains("Azure accepted it, but", unknown.Reads, StringComparison.Ordinal);
        Assert.Single(asking.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task An_address_that_is_not_Azures_is_never_asked()
    {
        await using var asking = await Asking.Start(cloud => cloud.Arm.LongRunning.Plan = new(UnderWay.Location202) { Host = "management.azure.com.evil.example" });
        await asking.Bot.Approve(asking.Card, People.Ada);

        var unknown = await asking.Bot.WaitForCard("Indeterminate");
        Assert.Contains("is not one of the configured Azure and was not used", unknown.Reads, StringComparison.Ordinal);
        Assert.Equal(0, asking.Cloud.Arm.LongRunning.Polls);
        asking.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Stopped_and_started_in_the_middle_it_goes_on_asking()
    {
        await using var asking = await Asking.Start(cloud => cloud.Arm.LongRunning.Plan = new(UnderWay.Location202, Looks: LongRunningPlan.ForEver));
        await asking.Bot.Approve(asking.Card, People.Ada);
        await asking.Bot.WaitForAudit("ExecutionStep");
        await asking.Restart();
        asking.Cloud.Arm.LongRunning.Release();

        await asking.Bot.WaitForCard("Done, recovered");
        Assert.Equal(1, asking.App.Restarts);
        Assert.Single(asking.Cloud.Arm.Mutations);
        await NoPollingUrlIsAnywhere(asking.Bot);
    }

    [Fact]
    public async Task Killed_while_Azure_works_on_it_the_next_process_goes_on_asking_and_sends_nothing_again()
    {
        await using var cloud = await BotProcess.World();
        var folder = Directory.CreateTempSubdirectory("runmodes-test-").FullName;
        try
        {
            var app = cloud.Sick(World.Prod);
            cloud.Arm.LongRunning.Plan = new(UnderWay.AsyncOperation202, Looks: LongRunningPlan.ForEver);
            await using (var first = await BotProcess.Start(cloud, folder))
            {
                await first.Install();
                await first.Fire(app.Id);
                await first.Approve(await first.WaitForAsk(), People.Ada);
                await first.WaitForCard("Executing", m => m.Reads.Contains("InProgress", StringComparison.Ordinal));
                await first.Kill();
            }

            cloud.Arm.LongRunning.Release();
            await using var second = await BotProcess.Start(cloud, folder);
            await second.WaitForCard("Done, recovered");
            Assert.Equal(1, app.Restarts);
            Assert.Single(cloud.Arm.Mutations);
            Assert.DoesNotContain(cloud.Teams.Posted, m => m.Status?.StartsWith("Indeterminate", StringComparison.Ordinal) == true);
            cloud.AssertNothingUnexpected();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Neither as it came, nor decoded, nor escaped once more, nor a good part of it: not in what is posted, logged, audited or stored.</summary>
    private static async Task NoPollingUrlIsAnywhere(BotHost bot)
    {
        var urls = bot.Cloud.Arm.LongRunning.Urls;
        Assert.NotEmpty(urls);
        var seen = new Dictionary<string, string>
        {
            ["posted"] = string.Join('\n', bot.Cloud.Teams.Requests.Select(r => $"{r.Url} {r.Body}")),
            ["logged"] = bot.Logs.Text,
            ["audit"] = (await bot.Audit("--json")).Output,
        };
        foreach (var file in Directory.GetFiles(bot.Folder).Where(f => !f.EndsWith(".lock", StringComparison.Ordinal)))
        {
            await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var copy = new MemoryStream();
            await stream.CopyToAsync(copy, BotClient.Cancellation);
            seen[Path.GetFileName(file)] = Encoding.Latin1.GetString(copy.ToArray());
        }

        Assert.True(seen.Count >= 5, "The store and its files were looked at.");
        string[] parts = ["MIIHhzCCBm", "canary%2Bsignature", "canary+signature", "canary%252Bsignature", "canaryhash", "2FAADy0cE7", Convert.ToBase64String("MIIHhzCCBm%2B"u8)];
        Assert.All(seen, place => Assert.All(parts.Concat(urls), part => Assert.DoesNotContain(part, place.Value, StringComparison.OrdinalIgnoreCase)));
    }
}
