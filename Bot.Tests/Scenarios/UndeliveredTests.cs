using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>A question that nobody could see: it goes elsewhere, it waits, or it ends, and never as if somebody had kept silent.</summary>
public sealed class UndeliveredTests
{
    private const string Elsewhere = "19:elsewhere@thread.tacv2";

    [Fact]
    public async Task A_card_that_was_never_delivered_has_no_deadline_no_reminder_and_is_listed()
    {
        await using var bot = await BotHost.Start();
        var app = bot.Cloud.Sick(World.Prod);
        await bot.Fire(app.Id);
        await bot.WaitForAudit("VerdictGiven");
        bot.Clock.Advance(TimeSpan.FromHours(2));
        await bot.Say(People.Rob, "pending", Elsewhere);
        await bot.WaitForText("**not delivered yet** and no deadline runs: There is nowhere to post");
        await bot.Say(People.Rob, "health", Elsewhere);
        await bot.WaitForText("1 awaiting approval, of which 1 not delivered");
        Assert.DoesNotContain(bot.Cloud.Teams.Posted, m => m.Card is not null);

        await bot.Install();
        await bot.Approve(await bot.WaitForAsk(), People.Ada);
        await bot.WaitForCard("Done, recovered");
    }

    [Fact]
    [FailureMode(23)]
    public async Task A_channel_that_refuses_the_card_for_good_is_passed_by_and_the_next_one_says_why_it_is_asked()
    {
        await using var bot = await BotHost.Start(settings: new Dictionary<string, string?> { ["ResponsePlans:0:Channel"] = Elsewhere });
        await bot.Install();
        await bot.Say(People.Rob, "help", Elsewhere);
        await bot.WaitForText("`plans`", m => m.ConversationId == Elsewhere);
        bot.Cloud.Teams.Faults.Always(Fault.Error(400, "BadArgument", "No cards here."), r => IsCardTo(r, Elsewhere));
        var app = bot.Cloud.Sick(World.Prod);
        await bot.Fire(app.Id);
        await bot.WaitForAudit("VerdictGiven");
        await PassUntilDelivered(bot);
        var card = await bot.WaitForAsk();
        Assert.Equal(Known.Team, card.ConversationId);
        Assert.Contains("asked here because the channel where it belongs refused the card", card.Reads, StringComparison.Ordinal);
        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task A_card_that_every_place_refuses_expires_as_never_delivered()
    {
        await using var bot = await BotHost.Start();
        await bot.Install();
        await bot.WaitForText("Hello, I'm");
        bot.Cloud.Teams.Faults.Always(Fault.Error(400, "BadArgument", "No cards here."), r => IsCardTo(r, Known.Team));
        var app = bot.Cloud.Sick(World.Prod);
        await bot.Fire(app.Id);
        await bot.WaitForAudit("VerdictGiven");
        for (var tries = 0; tries < 100 && !(await bot.Audit("--json")).Output.Contains("was never delivered, so nobody was asked", StringComparison.Ordinal); tries++)
        {
            bot.Clock.Advance(TimeSpan.FromSeconds(31));
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, BotClient.Cancellation);
        }

        Assert.Contains("**Expired**", (await bot.Ask(People.Rob, "history")).Text!, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    private static bool IsCardTo(WireRequest request, string conversation) =>
        request.Method != "GET" && (request.Body?.Contains("adaptive", StringComparison.Ordinal) ?? false) && ($"{request.Path}{request.Body}").Contains(conversation, StringComparison.Ordinal);

    private static async Task PassUntilDelivered(BotHost bot)
    {
        for (var tries = 0; tries < 100 && !bot.Cloud.Teams.Posted.Any(m => m.Verbs.Contains("approve")); tries++)
        {
            bot.Clock.Advance(TimeSpan.FromSeconds(31));
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, BotClient.Cancellation);
        }
    }
}
