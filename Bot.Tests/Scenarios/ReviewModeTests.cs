using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>"Your agent investigates, identifies a fix, and asks for your approval before executing Azure infrastructure operations."</summary>
public class ReviewModeTests
{
    [Fact]
    public async Task Approve_restarts_once_verifies_and_the_card_tells_it()
    {
        await using var asking = await Asking.Start();
        var (bot, card) = (asking.Bot, asking.Card);
        var reads = card.Reads.Replace("*", "", StringComparison.Ordinal);
        Assert.Contains("I found that app-service-prod is running slowly due to high memory usage", reads, StringComparison.Ordinal);
        Assert.Contains("Proposed action: Restart App Service 'app-service-prod'", reads, StringComparison.Ordinal);
        Assert.Contains("This may cause brief downtime (30-60 seconds).", reads, StringComparison.Ordinal);
        Assert.Contains("Review (plan prod-web)", reads, StringComparison.Ordinal);
        Assert.Equal(["approve", "deny"], card.Verbs);
        Assert.Empty(asking.Cloud.Arm.Mutations);

        Assert.Equal(200, (await bot.Press(card, "approve", People.Ada))["statusCode"]!.GetValue<int>());
        var done = await bot.WaitForCard("Done, recovered");
        Assert.Single(asking.Cloud.Arm.Mutations);
        Assert.Equal(1, asking.App.Restarts);
        Assert.Equal(card.ActivityId, done.ActivityId);
        Assert.Empty(done.Verbs);
        Assert.Contains("Ada Admin", done.Reads, StringComparison.Ordinal);
        Assert.Contains("94 % → 42 %", done.Reads, StringComparison.Ordinal);
        asking.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Deny_with_a_reason_executes_nothing_and_the_next_firing_is_told_but_not_acted_on()
    {
        await using var asking = await Asking.Start();
        var bot = asking.Bot;

        var told = await bot.Told(asking.Card, "deny", People.Ben, inputs: new JsonObject { ["reason"] = "Deploy in progress, we are looking by hand" });
        Assert.StartsWith("Denied", told, StringComparison.Ordinal);
        var denied = await bot.WaitForCard("Denied");
        Assert.Contains("Ben Admin", denied.Reads, StringComparison.Ordinal);
        Assert.Contains("Deploy in progress, we are looking by hand", denied.Reads, StringComparison.Ordinal);
        Assert.DoesNotContain("approve", denied.Verbs);

        await bot.Fire(asking.App.Id);
        var notice = await bot.WaitForCard("Denied before, and it fires again");
        Assert.Equal(denied.RootId, notice.RootId);
        Assert.Equal(["investigate"], notice.Verbs);
        Assert.Single(asking.Cloud.Teams.Posted, m => m.Kind != PostKind.Update && m.Verbs.Contains("approve"));
        Assert.Empty(asking.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task After_a_denial_a_person_may_ask_for_another_look_and_it_asks_again()
    {
        await using var asking = await Asking.Start();
        await asking.Bot.Told(asking.Card, "deny", People.Ben);
        var denied = await asking.Bot.WaitForCard("Denied");
        await asking.Bot.Press(denied, "investigate", People.Ada);
        var again = await asking.Bot.WaitForAsk(m => m.ActivityId != asking.Card.ActivityId);
        Assert.Contains("Ada Admin", again.Reads, StringComparison.Ordinal);
        await asking.ApproveStillWorks(card: again);
    }

    [Fact, FailureMode(15), FailureMode(26), FailureMode(27)]
    public async Task Nobody_decides_in_time_and_the_card_says_expired_not_denied()
    {
        await using var asking = await Asking.Start(settings: new Dictionary<string, string?> { ["Agent:ApprovalExpiry"] = "00:20:00" });
        var bot = asking.Bot;
        await bot.WaitForAudit("Delivery");
        bot.Clock.Advance(TimeSpan.FromMinutes(20));
        var advanced = bot.Clock.GetUtcNow();

        var expired = await bot.WaitForCard("Expired");
        Assert.True(expired.At - advanced < TimeSpan.FromSeconds(15), $"Expired was shown {expired.At - advanced} after the deadline.");
        Assert.DoesNotContain("approve", expired.Verbs);
        Assert.Contains("not a denial", expired.Reads, StringComparison.Ordinal);
        Assert.Contains("expired", await bot.Told(asking.Card, "approve", People.Ada), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(asking.Cloud.Arm.Mutations);
    }

    [Fact, FailureMode(23)]
    public async Task What_nobody_could_see_does_not_expire()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Sick(World.Prod), new Dictionary<string, string?> { ["Agent:ApprovalExpiry"] = "00:20:00" });
        await bot.Fire(app.Id);
        await bot.WaitForAudit("VerdictGiven");
        bot.Clock.Advance(TimeSpan.FromHours(2));

        await bot.Install();
        var card = await bot.WaitForAsk();
        Assert.DoesNotContain(bot.Cloud.Teams.Posted, m => m.Status?.StartsWith("Expired", StringComparison.Ordinal) == true);
        Assert.Contains("approve", card.Verbs);
    }
}
