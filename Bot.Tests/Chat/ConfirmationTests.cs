using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Tests.Chat;

public sealed class ConfirmationTests
{
    [Fact]
    public async Task Confirm_by_the_one_who_asked_sets_the_plan_to_Autonomous_once()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        var id = await world.AskCard(ChatWorld.Ada, "set prod-web to autonomous");
        Assert.Equal(RunMode.Review, (await world.Plan("prod-web"))!.Mode);

        var card = Assert.IsType<CardReply.Card>(await world.Press(ChatWorld.Ada, Verbs.Confirm, id));
        Assert.DoesNotContain("Action.Execute", card.Content.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(RunMode.Autonomous, (await world.Plan("prod-web"))!.Mode);
        var changed = Assert.Single(await world.Audit(AuditKind.ModeChanged));
        Assert.Equal(("Review (plan prod-web)", "Autonomous (plan prod-web)", ChatWorld.Ada.ObjectId), (changed.Before, changed.After, changed.Actor.ObjectId));
        Assert.Contains(await world.News(), i => i.Shows == Shown.Confirmation);

        Assert.Contains("counts once", Assert.IsType<CardReply.Notice>(await world.Press(ChatWorld.Ada, Verbs.Confirm, id)).Text, StringComparison.Ordinal);
        Assert.Single(await world.Audit(AuditKind.ModeChanged));
    }

    [Fact]
    public async Task Ending_the_stop_says_what_becomes_of_what_it_blocked()
    {
        await using var world = await ChatWorld.Start();
        await world.Say(ChatWorld.Ada, "stop");
        var id = await world.AskCard(ChatWorld.Ada, "start");
        var card = Assert.IsType<CardReply.Card>(await world.Press(ChatWorld.Ada, Verbs.Confirm, id)).Content.ToJsonString();
        Assert.Contains("Everything the stop had blocked is looked at again and asks.", card, StringComparison.Ordinal);
        Assert.DoesNotContain("In force from the next run on", card, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_changes_nothing_and_takes_the_buttons_away()
    {
        await using var world = await ChatWorld.Start();
        var id = await world.AskCard(ChatWorld.Ada, "set default to autonomous");
        Assert.IsType<CardReply.Card>(await world.Press(ChatWorld.Ada, Verbs.Cancel, id));
        Assert.IsType<CardReply.Notice>(await world.Press(ChatWorld.Ada, Verbs.Confirm, id));
        Assert.Null((await world.Control()).DefaultMode);
    }

    public static TheoryData<string, string> Refusals { get; } = new()
    {
        { "another Administrator", "only they can confirm" },
        { "no longer Administrator", "Only Administrators can confirm a change" },
        { "another conversation", "another conversation" },
        { "too late", "expired" },
        { "the plan was changed", "was changed after it was asked" },
        { "swept", "expired" },
        { "unknown id", "belongs to nothing that I asked" },
        { "forged revision", "belongs to nothing that I asked" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task A_confirmation_is_refused_when(string what, string words)
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        var id = await world.AskCard(ChatWorld.Ada, "set prod-web to autonomous");
        var (who, where, revision) = (ChatWorld.Ada, ChatWorld.Channel(ChatWorld.Team), 1);
        switch (what)
        {
            case "another Administrator": who = ChatWorld.Ben; break;
            case "no longer Administrator": who = ChatWorld.Sam; break;
            case "another conversation": where = ChatWorld.Channel(ChatWorld.Other); break;
            case "too late": world.Clock.Advance(Confirmation.Lives); break;
            case "the plan was changed": await world.Say(ChatWorld.Ada, "use this channel for prod-web"); break;
            case "unknown id": id = new string('a', 32); break;
            case "forged revision": revision = 2; break;
            default:
                world.Clock.Advance(Confirmation.Lives);
                await world.Get<ConfirmationExpiry>().Sweep(TestContext.Current.CancellationToken);
                Assert.Contains(await world.News(), i => i.Shows == Shown.Confirmation);
                break;
        }

        var answer = Assert.IsType<CardReply.Notice>(await world.Press(who, Verbs.Confirm, id, revision, where));
        Assert.Contains(words, answer.Text, StringComparison.Ordinal);
        Assert.Equal(RunMode.Review, (await world.Plan("prod-web"))!.Mode);
    }

    [Fact]
    public async Task The_card_shows_what_will_no_longer_be_asked()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        var id = await world.AskCard(ChatWorld.Ada, "set prod-web to autonomous");
        var shown = await world.Get<IEnumerable<IPresenter>>().Single(p => p.Shows.Contains(Shown.Confirmation))
            .Present(new OutboxItem(Shown.Confirmation, $"confirmation/{id}", Urgency.Reply), TestContext.Current.CancellationToken);
        var card = shown!.Message.Card!.ToJsonString();
        Assert.Contains("Restart App Service matched by plan prod-web", card, StringComparison.Ordinal);
        Assert.Contains(Verbs.Confirm, card, StringComparison.Ordinal);
    }
}
