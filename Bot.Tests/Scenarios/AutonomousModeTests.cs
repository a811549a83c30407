using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>"Your agent acts without waiting for approval": it executes at once, verifies, and reports in a plain message.</summary>
public class AutonomousModeTests
{
    private static readonly Dictionary<string, string?> GivesUpSoon = new() { ["Verification:GiveUpAfter"] = "00:00:03" };

    [Fact]
    public async Task Staging_is_restarted_at_once_and_told_in_one_plain_message()
    {
        await using var bot = await BotHost.Start(cloud => cloud.Sick(World.Prod));
        var app = bot.Cloud.Sick(World.Staging);
        await bot.Install();
        await bot.Fire(app.Id);

        var report = await bot.WaitForText("Done:");
        Assert.Equal(
            ["I found app-service-staging was running slowly.", "Done: I've restarted app-service-staging. Memory usage is now normal (94 % → 42 %)."],
            Lines(report));
        Assert.Null(report.Card);

        // Something later that is seen: whatever else the first run had to say, it would have said by now.
        await bot.Fire($"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.Web/sites/{World.Prod}");
        await bot.WaitForAsk();
        Assert.Single(bot.Cloud.Teams.Posted, m => m.Reads.Contains(World.Staging, StringComparison.Ordinal) && m.Kind != PostKind.Update);
        Assert.DoesNotContain(bot.Cloud.Teams.Posted, m => m.Card is not null && m.Reads.Contains(World.Staging, StringComparison.Ordinal));
        Assert.Single(bot.Cloud.Arm.Mutations);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task What_did_not_recover_is_said_to_need_people()
    {
        await using var bot = await BotHost.Start(settings: GivesUpSoon);
        var app = bot.Cloud.Sick(World.Staging);
        app.MemoryAfterRestart = null;
        await bot.Install();
        await bot.Fire(app.Id);

        var report = Lines(await bot.WaitForText("Not recovered:"));
        Assert.Equal("I found app-service-staging was running slowly.", report[0]);
        Assert.StartsWith("Not recovered: I've restarted app-service-staging, but memory usage is still not normal (94 % → 94 %).", report[1], StringComparison.Ordinal);
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task What_cannot_be_measured_afterwards_is_not_called_recovered()
    {
        await using var bot = await BotHost.Start(settings: GivesUpSoon);
        var app = bot.Cloud.Sick(World.Staging);
        app.MemoryAfterRestart = Series.Silent;
        await bot.Install();
        await bot.Fire(app.Id);
        var report = Lines(await bot.WaitForText("Could not tell:"));
        Assert.StartsWith("Could not tell: I've restarted app-service-staging, but memory usage could not be measured afterwards (before: 94 %).", report[1], StringComparison.Ordinal);
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task What_Azure_refuses_is_told_as_failed()
    {
        await using var bot = await BotHost.Start();
        var app = bot.Cloud.Sick(World.Staging);
        bot.Cloud.Arm.Access.Withheld.Add("Microsoft.Web/sites/restart/Action");
        await bot.Install();
        await bot.Fire(app.Id);
        var report = Lines(await bot.WaitForText("Failed:"));
        Assert.StartsWith("Failed: app-service-staging could not be restarted. AuthorizationFailed:", report[1], StringComparison.Ordinal);
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact, FailureMode(32)]
    public async Task The_third_time_within_a_day_a_person_is_asked()
    {
        await using var bot = await BotHost.Start();
        var app = bot.Cloud.Sick(World.Staging);
        await bot.Install();
        for (var time = 1; time <= 2; time++)
        {
            app.Memory = Series.Rising(to: 94);
            app.ResponseTime = Series.Flat(4.2);
            await bot.Fire(app.Id);
            var times = time;
            await bot.WaitForText("Done:", _ => bot.Cloud.Teams.Posted.Count(m => m.Text?.Contains("Done:", StringComparison.Ordinal) == true) == times);
        }

        app.Memory = Series.Rising(to: 94);
        app.ResponseTime = Series.Flat(4.2);
        await bot.Fire(app.Id);
        var card = await bot.WaitForAsk();
        Assert.Contains("2 operations ran on this target without asking within the last hour", card.Reads, StringComparison.Ordinal);
        Assert.Equal(2, bot.Cloud.Arm.Mutations.Count);
    }

    private static string[] Lines(PostedMessage message) => message.Text!.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
