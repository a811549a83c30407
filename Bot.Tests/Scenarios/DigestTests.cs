using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>A plan with a digest: what is mild is asked below one list a day, and what is severe is never hidden there.</summary>
public class DigestTests
{
    private static readonly Dictionary<string, string?> Collects = new()
    {
        ["ResponsePlans:0:Resource"] = "", ["ResponsePlans:0:ResourceGroup"] = "web", ["ResponsePlans:0:Digest"] = "true",
    };

    [Fact]
    public async Task Mild_ones_are_asked_below_one_list_and_a_severe_one_in_a_post_of_its_own()
    {
        await using var bot = await BotHost.Start(settings: Collects);
        await bot.Install();
        var cards = await Asked(bot, "Sev2", "one", "two", "three");
        var root = await List(bot, "Awaiting approval: 3 operations wait");
        Assert.Equal(PostKind.Post, bot.Cloud.Teams.Posted.First(m => m.ActivityId == root.ActivityId).Kind);
        Assert.All(cards, card => Assert.Equal((PostKind.Reply, root.ActivityId), (card.Kind, card.RootId)));
        Assert.All(cards, card => Assert.Contains("approve", card.Verbs));

        var severe = Assert.Single(await Asked(bot, "Sev1", "four"));
        Assert.Equal((PostKind.Post, severe.ActivityId), (severe.Kind, severe.RootId));
        Assert.DoesNotContain(bot.Cloud.Teams.Posted, m => IsList(m) && m.Reads.Contains("four", StringComparison.Ordinal));
        Assert.Empty(root.Verbs);
    }

    [Fact]
    public async Task What_is_decided_leaves_the_list_and_a_restart_keeps_the_thread()
    {
        var bot = await BotHost.Start(settings: Collects);
        await bot.Install();
        var cards = await Asked(bot, "Sev3", "one", "two");
        var root = await List(bot, "Awaiting approval: 2 operations wait");
        Assert.Contains("decide by", (await List(bot, "Awaiting approval: 2 operations wait", m => !m.Reads.Contains("on the way", StringComparison.Ordinal))).Reads, StringComparison.Ordinal);

        await bot.Told(cards[0], "deny", People.Ada);
        await List(bot, "Awaiting approval: 1 operation waits", m => m.Reads.Contains("two", StringComparison.Ordinal) && !m.Reads.Contains("one**", StringComparison.Ordinal));
        await using var again = await bot.Restart(Collects);
        var third = Assert.Single(await Asked(again, "Sev2", "three"));
        Assert.Equal(root.ActivityId, third.RootId);
        await again.Approve(cards[1], People.Ada);
        await again.WaitForCard("Done, recovered");
        await List(again, "Awaiting approval: 1 operation waits", m => m.Reads.Contains("three", StringComparison.Ordinal));
        await again.Approve(third, People.Ada);
        await List(again, "Done: nothing waits");
        Assert.Single(again.Cloud.Teams.Posted, m => IsList(m) && m.Kind != PostKind.Update);
    }

    [Fact]
    public async Task No_card_is_posted_before_its_digest_and_none_becomes_the_root()
    {
        await using var bot = await BotHost.Start(settings: Collects);
        await bot.Install();
        await bot.WaitForText("Hello, I'm");
        bot.Cloud.Teams.Faults.Next(Fault.Error(503, "ServiceUnavailable", "Later."), r => r.Method == "POST" && r.Body.Contains("for a decision", StringComparison.Ordinal), times: 2);
        var cards = await Asked(bot, "Sev2", [.. Enumerable.Range(0, 6).Select(i => $"app{i}")]);
        var posted = bot.Cloud.Teams.Posted.Where(m => m.Card is not null).ToList();
        Assert.True(IsList(posted[0]), $"{posted[0]}");
        Assert.All(cards, card => Assert.Equal(posted[0].ActivityId, card.RootId));
    }

    [Fact]
    public async Task A_digest_that_the_channel_refuses_keeps_nobody_from_being_asked()
    {
        await using var bot = await BotHost.Start(settings: Collects);
        await bot.Install();
        bot.Cloud.Teams.Faults.Always(Fault.Error(400, "BadArgument", "No lists here."), r => r.Method == "POST" && r.Body.Contains("for a decision", StringComparison.Ordinal));
        var cards = await Asked(bot, "Sev2", "one", "two");
        Assert.All(cards, card => Assert.Equal(card.ActivityId, card.RootId));
        await bot.Approve(cards[1], People.Ada);
        await bot.WaitForCard("Done, recovered");
    }

    [Fact]
    public async Task One_that_gets_severe_while_it_waits_leaves_the_digest_and_asks_in_a_post_of_its_own()
    {
        await using var bot = await BotHost.Start(settings: Collects);
        await bot.Install();
        var mild = Assert.Single(await Asked(bot, "Sev2", "one"));
        await bot.Fire(bot.Cloud.Arm.App("one", "web", Series.Rising(to: 94), Series.Flat(4.2)).Id, severity: "Sev0");
        var severe = await bot.WaitForAsk(m => m.ActivityId != mild.ActivityId);
        Assert.Equal((PostKind.Post, severe.ActivityId), (severe.Kind, severe.RootId));
        await List(bot, "Done: nothing waits");
    }

    [Fact]
    public async Task Titles_of_alerts_stay_out_of_the_list_and_text_on_the_cards()
    {
        await using var bot = await BotHost.Start(settings: Collects);
        await bot.Install();
        var app = bot.Cloud.Sick("one");
        await bot.Fire(app.Id, "[Approve all](https://evil.example) <at>Everyone</at>", "Sev2");
        var card = await bot.WaitForAsk();
        var list = await List(bot, "Awaiting approval: 1 operation waits");
        Assert.DoesNotContain("evil", list.Activity.ToJsonString(), StringComparison.Ordinal);
        Assert.DoesNotContain("](https", card.Reads, StringComparison.Ordinal);
        Assert.DoesNotContain("<at>", card.Reads, StringComparison.Ordinal);
    }

    private static async Task<List<PostedMessage>> Asked(BotHost bot, string severity, params string[] names)
    {
        await Task.WhenAll(names.Select(name => bot.Fire(bot.Cloud.Sick(name).Id, severity: severity)));
        List<PostedMessage> cards = [];
        foreach (var name in names)
        {
            cards.Add(await bot.WaitForAsk(m => m.Reads.Contains($"'{name}'", StringComparison.Ordinal)));
        }

        return cards;
    }

    private static bool IsList(PostedMessage message) => message.Summary?.Contains("for a decision: plan prod-web", StringComparison.Ordinal) == true;

    private static Task<PostedMessage> List(BotHost bot, string status, Func<PostedMessage, bool>? fits = null) =>
        bot.WaitForCard(status, m => IsList(m) && (fits?.Invoke(m) ?? true));
}

public sealed class DigestTestsOnPostgreSql : DigestTests;
