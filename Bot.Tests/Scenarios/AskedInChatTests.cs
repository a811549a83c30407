using System.Text.Json.Nodes;
using RunModes.Bot.Audit;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Runs that a person starts in chat: found, proposed, approved and done like any other, and never without asking.</summary>
public class AskedInChatTests
{
    private const string Group = "19:on-call@thread.v2";
    private const string Private = "a:sam";

    [Fact]
    public async Task What_a_Standard_User_has_investigated_is_asked_in_their_thread_in_every_mode_and_an_Administrator_decides()
    {
        await using var bot = await BotHost.Start(settings: new Dictionary<string, string?> { ["Agent:DefaultRunMode"] = "Autonomous" });
        var app = bot.Cloud.Sick(World.Prod);
        await bot.Install();
        await bot.Say(People.Sam, $"investigate {app.Id}");
        var told = await bot.WaitForText($"I investigate **{World.Prod}**");

        var card = await bot.WaitForAsk();
        Assert.Equal((told.ConversationId, told.RootId), (card.ConversationId, card.RootId));
        Assert.Contains("Sam Standard asked to investigate app-service-prod", card.Reads, StringComparison.Ordinal);
        Assert.Contains("Sam Standard started it.", card.Reads, StringComparison.Ordinal);
        Assert.Contains("Autonomous (agent default)", card.Reads, StringComparison.Ordinal);
        Assert.Contains("I found that app-service-prod is running slowly due to high memory usage.", card.Reads, StringComparison.Ordinal);

        Assert.Contains("Administrator", await bot.Told(card, "approve", People.Sam), StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);
        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done, recovered");
        Assert.Single(bot.Cloud.Arm.Mutations);

        // Its name is known by now.
        app.Memory = Series.Rising(to: 94);
        await bot.Say(People.Sam, $"what's wrong with {World.Prod}?");
        await bot.WaitForText($"I investigate **{World.Prod}**", m => m.Number > told.Number);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task A_restart_that_a_person_proposes_of_a_healthy_app_says_that_nothing_calls_for_it_and_is_done_when_approved()
    {
        await using var bot = await BotHost.Start();
        var app = bot.Cloud.Arm.App(World.Prod, rg: "web", memory: Series.Flat(40));
        await bot.Install();
        await bot.Say(People.Sam, $"propose restart {app.Id}");
        var card = await bot.WaitForAsk();
        Assert.Contains("is running normally", card.Reads, StringComparison.Ordinal);
        Assert.Contains("a person asked for the restart", card.Reads, StringComparison.Ordinal);
        Assert.Contains("Proposed action: Restart App Service 'app-service-prod'", card.Reads, StringComparison.Ordinal);
        Assert.Contains("Sam Standard started it.", card.Reads, StringComparison.Ordinal);
        // Later than a finding is believed: that it is well is nothing new, and no reason to ask again.
        bot.Clock.Advance(TimeSpan.FromMinutes(3));
        await bot.Approve(card, People.Ada);
        var done = await bot.WaitForCard("Done", m => m.Reads.Contains("Memory usage is normal", StringComparison.Ordinal));
        Assert.Equal("Done", done.Status);
        Assert.Equal(1, app.Restarts);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task What_is_asked_for_waits_behind_what_was_open_on_the_target_before()
    {
        await using var asking = await Asking.Start();
        await asking.Bot.Say(People.Ben, $"propose restart {asking.App.Id}");
        var younger = await asking.Bot.WaitForAsk(m => m.ActivityId != asking.Card.ActivityId);
        Assert.Contains("Another proposal concerns app-service-prod", younger.Reads, StringComparison.Ordinal);
        Assert.Contains("You would overtake another proposal", await asking.Bot.Told(younger, "approve", People.Ben), StringComparison.Ordinal);
        await asking.ApproveStillWorks();
    }

    [Fact]
    public async Task Whoever_asked_does_not_approve_it_where_self_approval_is_off()
    {
        await using var bot = await BotHost.Start(settings: new Dictionary<string, string?> { ["Roles:AllowSelfApproval"] = "false" });
        var app = bot.Cloud.Sick(World.Prod);
        await bot.Install();
        await bot.Say(People.Ada, $"propose restart {app.Id}");
        var card = await bot.WaitForAsk();
        Assert.Contains("You asked for this yourself", await bot.Told(card, "approve", People.Ada), StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.Arm.Mutations);
        await bot.Approve(card, People.Ben);
        await bot.WaitForCard("Done, recovered");
    }

    [Fact]
    public async Task What_was_denied_today_may_be_looked_at_and_is_not_proposed_again_by_anybody_else()
    {
        await using var asking = await Asking.Start();
        await asking.Bot.Told(asking.Card, "deny", People.Ada, inputs: new JsonObject { ["reason"] = "we look by hand" });
        await asking.Bot.WaitForCard("Denied");
        await asking.Bot.Say(People.Ben, $"propose restart {World.Prod}");
        await asking.Bot.WaitForText("Ada Admin denied this at");
        await asking.Bot.Say(People.Ben, $"investigate {World.Prod}");
        var report = await asking.Bot.WaitForText("I found that app-service-prod is running slowly");
        Assert.Contains("**Not proposed**: Restart App Service 'app-service-prod': Ada Admin denied this", report.Text, StringComparison.Ordinal);
        Assert.Contains("we look by hand", report.Text, StringComparison.Ordinal);
        Assert.Empty(asking.Cloud.Arm.Mutations);
        Assert.Single(asking.Cloud.Teams.Posted, m => m.Verbs.Contains("approve"));
    }

    [Fact]
    public async Task A_denial_of_what_a_person_asked_for_holds_its_day_and_not_for_ever()
    {
        await using var bot = await BotHost.Start();
        var app = bot.Cloud.Sick(World.Staging);
        await bot.Install();
        await bot.Say(People.Sam, $"propose restart {app.Id}");
        await bot.Told(await bot.WaitForAsk(), "deny", People.Ada);
        await bot.WaitForCard("Denied");
        await bot.WaitForAudit("RunEnded");
        bot.Clock.Advance(TimeSpan.FromHours(25));
        await bot.Fire(app.Id);
        await bot.WaitForText("Done: I've restarted app-service-staging");
    }

    [Fact]
    public async Task In_a_chat_between_two_the_card_goes_where_others_can_approve_and_a_finding_comes_back()
    {
        await using var bot = await BotHost.Start();
        var sick = bot.Cloud.Sick(World.Prod);
        var well = bot.Cloud.Arm.App(World.Staging, rg: "web", memory: Series.Flat(40));
        await bot.Install();
        await Write(bot, $"investigate {sick.Id}", Private, "personal");
        var told = await bot.WaitForText("I investigate **");
        Assert.Equal(Private, told.ConversationId);
        Assert.Contains("Nobody else could approve here, so what I propose is asked in", told.Text, StringComparison.Ordinal);
        var card = await bot.WaitForAsk();
        Assert.Equal(Known.Team, card.ConversationId);
        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done, recovered");

        await Write(bot, $"investigate {well.Id}", Private, "personal");
        Assert.Equal(Private, (await bot.WaitForText("app-service-staging is running normally")).ConversationId);
    }

    [Fact]
    public async Task In_a_group_chat_the_card_comes_there_and_is_approved_there()
    {
        await using var bot = await BotHost.Start();
        var app = bot.Cloud.Sick(World.Prod);
        await bot.Install();
        await Write(bot, $"propose restart {app.Id}", Group, "groupChat");
        var card = await bot.WaitForAsk();
        Assert.Equal(Group, card.ConversationId);
        Assert.StartsWith("Approved", BotClient.Words(await bot.Press(card, "approve", People.Ada, a => a["conversation"] = Where(Group, "groupChat"))), StringComparison.Ordinal);
        await bot.WaitForCard("Done, recovered", m => m.ConversationId == Group);
    }

    [Theory]
    [InlineData(nameof(DurableStep.CommandChanged), CrashWhen.After)]
    [InlineData(nameof(DurableStep.Proposed), CrashWhen.Before)]
    [InlineData(nameof(DurableStep.Proposed), CrashWhen.After)]
    public async Task Killed_after_it_was_asked_the_next_process_asks_once_in_the_same_thread(string step, object when)
    {
        await using var dying = new CrashByTheClockTests.Dying(new(step, (CrashWhen)when));
        await dying.Start();
        await dying.Bot.Install();
        // Whoever wrote is not answered by a process that dies, and does not write again: what was committed is enough.
        _ = dying.Bot.Say(People.Sam, $"propose restart {dying.App.Id}").ContinueWith(_ => { }, TaskScheduler.Default);
        await dying.Restart();
        var told = await dying.Bot.WaitForText("I look at what I need");
        var card = await dying.Bot.WaitForAsk();
        Assert.Equal(told.RootId, card.RootId);
        await dying.ApprovedAndDone(card);
        Assert.Equal(1, await dying.Audited("RunStarted"));
        Assert.Equal(1, await dying.Audited("VerdictGiven"));
    }

    private static Task Write(BotHost bot, string text, string conversation, string type) =>
        bot.Send(new JsonObject { ["type"] = "message", ["text"] = text, ["conversation"] = Where(conversation, type), ["channelData"] = new JsonObject { ["tenant"] = new JsonObject { ["id"] = Known.Tenant } } }, People.Sam);

    private static JsonObject Where(string id, string type) => new() { ["id"] = id, ["conversationType"] = type, ["tenantId"] = Known.Tenant, ["isGroup"] = type != "personal" };
}

public sealed class AskedInChatTestsOnPostgreSql : AskedInChatTests;
