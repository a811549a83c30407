using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>"Agent-level default … serves as the fallback when no mode has been set": asked, changed and followed in chat, wherever people talk to the bot.</summary>
public sealed class RunModeDefaultsTests
{
    private static readonly Dictionary<string, string?> ProdFollows = new() { ["ResponsePlans:0:Mode"] = null };

    [Theory]
    [InlineData("channel")]
    [InlineData("groupChat")]
    [InlineData("personal")]
    public async Task A_mode_is_asked_raised_and_lowered_in_natural_words_in_every_kind_of_conversation(string type)
    {
        var place = ChatPlace.Of(type);
        await using var bot = await BotHost.Start(settings: ProdFollows);
        await bot.Install();
        await bot.Send(place.Message("what's the default mode?"), People.Rob);
        Assert.Equal(place.Id, (await bot.WaitForText("Default mode: **Review** (never set)")).ConversationId);
        await bot.Send(place.Message("is prod-web autonomous?"), People.Rob);
        await bot.WaitForText("Plan prod-web: **Review (agent default)**");

        await bot.Send(place.Message("please make prod-web autonomous"), People.Ada);
        var card = await bot.WaitForCard("Awaiting approval: confirm");
        Assert.Equal(place.Id, card.ConversationId);
        Assert.Contains("Review (agent default) → **Autonomous (plan prod-web)**", card.Reads, StringComparison.Ordinal);
        await bot.Press(card, "confirm", People.Ada, a => place.Here(a));
        await bot.WaitForCard("Done: changed");
        await bot.Send(place.Message("what mode is prod-web in?"), People.Rob);
        await bot.WaitForText("Plan prod-web: **Autonomous (plan prod-web)**");

        await bot.Send(place.Message("ask before you do anything in prod-web"), People.Sam);
        await bot.WaitForText("Autonomous (plan prod-web) → **Review**, in force now");
        await bot.Send(place.Message("who can approve?"), People.Rob);
        Assert.Contains("Microsoft Graph is asked at each click", (await bot.WaitForText("Only Administrators approve")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Plans_that_store_no_mode_follow_the_default_and_the_card_names_them()
    {
        WebApp app = null!;
        await using var bot = await BotHost.Start(cloud => app = cloud.Sick(World.Prod), ProdFollows);
        await bot.Install();
        await bot.Say(People.Ada, "change the default to autonomous");
        var card = await bot.WaitForCard("Awaiting approval: confirm");
        Assert.Contains("Plans that follow the default: prod-web", card.Reads, StringComparison.Ordinal);
        await bot.Press(card, "confirm", People.Ada);
        await bot.WaitForCard("Done: changed");
        await bot.Fire(app.Id);
        await bot.WaitForText("Done: I've restarted app-service-prod.");
    }

    [Fact]
    public async Task What_two_Administrators_confirm_at_once_happens_once_and_the_other_sees_what_it_was()
    {
        await using var bot = await BotHost.Start();
        await bot.Install();
        await bot.Say(People.Ada, "make prod-web autonomous");
        var raises = await bot.WaitForCard("Awaiting approval: confirm", c => c.Reads.Contains("Set plan prod-web to Autonomous", StringComparison.Ordinal));
        await bot.Say(People.Ben, "delete the plan prod-web");
        var deletes = await bot.WaitForCard("Awaiting approval: confirm", c => c.Reads.Contains("Delete plan prod-web", StringComparison.Ordinal));

        var told = await Task.WhenAll(bot.Told(raises, "confirm", People.Ada), bot.Told(deletes, "confirm", People.Ben));
        var refused = Assert.Single(told, t => t.Contains("was changed after it was asked", StringComparison.Ordinal));
        Assert.Single(told, t => t.StartsWith("Done", StringComparison.Ordinal));
        var deleted = refused.Contains("It was deleted.", StringComparison.Ordinal);
        Assert.True(deleted || refused.Contains("Ada Admin changed it", StringComparison.Ordinal), refused);
        await bot.Say(People.Rob, "what mode is prod-web in?");
        await bot.WaitForText(deleted ? "There is no plan or task prod-web" : "Plan prod-web: **Autonomous (plan prod-web)**");
        Assert.Equal(deleted ? "deleted" : "Autonomous (plan prod-web)", Assert.Single(await Changes(bot)));
    }

    [Fact]
    public async Task Lowered_by_many_at_once_while_it_is_raised_it_ends_as_the_last_audit_line_says()
    {
        await using var bot = await BotHost.Start();
        await bot.Install();
        await bot.Say(People.Ada, "make prod-web autonomous");
        var raises = await bot.WaitForCard("Awaiting approval: confirm");
        await Task.WhenAll(
            bot.Press(raises, "confirm", People.Ada),
            bot.Say(People.Sam, "set prod-web to review"), bot.Say(People.Ben, "switch prod-web to review mode"), bot.Say(People.Sam, "set prod-web to review"));
        await bot.Say(People.Rob, "what mode is prod-web in?");
        var now = await bot.WaitForText("Plan prod-web: **");
        var changes = await Changes(bot);
        Assert.InRange(changes.Count, 1, 2);
        Assert.Contains($"**{changes[^1]}**", now.Text, StringComparison.Ordinal);
    }

    /// <summary>What prod-web was changed to, in the order of the audit.</summary>
    private static async Task<IReadOnlyList<string>> Changes(BotHost bot) =>
        [.. (await bot.Audit("--json")).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)
            .Where(e => (string?)e["kind"] is "ModeChanged" or "PlanChanged" && e["before"] is not null && e.ToJsonString().Contains("prod-web", StringComparison.Ordinal))
            .Select(e => (string)e["after"]!)];
}
