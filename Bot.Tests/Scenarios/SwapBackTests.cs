using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>5xx that began with a slot swap: the recorded slot is swapped back.</summary>
public sealed class SwapBackTests
{
    [Fact]
    public async Task A_swap_that_broke_production_is_swapped_back_once_after_an_approval_and_the_errors_are_watched()
    {
        var (bot, app, slot) = await Swapped();
        await using var started = bot;
        var card = await bot.WaitForAsk();
        Assert.Contains("Proposed action: Swap into production the slot 'app-service-prod/staging'", card.Reads, StringComparison.Ordinal);
        Assert.Contains("by ana@contoso.example: 24 a minute, before 0", card.Reads, StringComparison.Ordinal);
        Assert.Contains("deployment d-prod of", card.Reads, StringComparison.Ordinal);

        await bot.Approve(card, People.Ada);
        var done = await bot.WaitForCard("Done, recovered");

        Assert.Contains("5xx rate is now normal (**24 a minute → 0 a minute**)", done.Reads, StringComparison.Ordinal);
        Assert.Equal(($"{slot.Id}/slotsswap", "d-prod", "d-slot"), (Assert.Single(bot.Cloud.Arm.Mutations).Path, app.Serves.Id, slot.Serves.Id));
        bot.Cloud.AssertNothingUnexpected();
    }

    public static TheoryData<string> Changes => ["swapped by somebody", "deployed to production", "deployed to the slot"];

    /// <summary>The wrong content is never swapped: what each of the two serves is read again just before.</summary>
    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Whatever_would_make_it_another_swap_takes_the_card_back(string how)
    {
        var (bot, app, slot) = await Swapped();
        await using var started = bot;
        var card = await bot.WaitForAsk();

        switch (how)
        {
            case "swapped by somebody": slot.Swap(); break;
            case "deployed to production": app.Serves = app.Serves with { Id = "d-hotfix" }; break;
            default: slot.Serves = slot.Serves with { Id = "d-next" }; break;
        }

        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Withdrawn", m => m.Reads.Contains("What it was proposed for is not so any more", StringComparison.Ordinal));
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    private static async Task<(BotHost Bot, WebApp App, Slot Slot)> Swapped()
    {
        WebApp app = null!;
        Slot slot = null!;
        var bot = await BotHost.Start(cloud =>
        {
            var swapped = cloud.Clock.GetUtcNow() - TimeSpan.FromMinutes(20);
            app = cloud.Arm.App(World.Prod, rg: "web");
            slot = cloud.Arm.Slot(app, "staging");
            // As it is after the swap: the old content lies in the slot.
            (app.Serves, slot.Serves) = (new("d-slot", swapped - TimeSpan.FromMinutes(30)), new("d-prod", swapped - TimeSpan.FromDays(3)));
            app.LastSwap = (swapped, "staging");
            app.Metrics["Http5xx"] = Series.Step(0, 24, TimeSpan.FromMinutes(-19));
            app.ErrorsAfterSwap = Series.Flat(0);
            cloud.Arm.ActivityLog.Add(new(swapped, slot.Id, "Microsoft.Web/sites/slots/slotsswap/action", "ana@contoso.example"));
        });
        await bot.Install();
        await bot.Fire(app.Id, "Many server errors");
        return (bot, app, slot);
    }
}
