using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Tests.Chat;

public sealed class ClickTests
{
    [Fact]
    public async Task Approve_answers_with_the_card_without_buttons()
    {
        await using var world = await Start();
        var proposal = await world.AddProposal(ProposalStatus.AwaitingApproval);
        var card = Assert.IsType<CardReply.Card>(await world.Press(ChatWorld.Ada, Verbs.Approve, Id(proposal)));
        Assert.Equal(ProposalStatus.Approved, (await world.Now(proposal)).Status);
        Assert.DoesNotContain("\"approve\"", card.Content.ToJsonString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deny_keeps_the_reason()
    {
        await using var world = await Start();
        var proposal = await world.AddProposal(ProposalStatus.AwaitingApproval);
        Assert.IsType<CardReply.Card>(await world.Press(ChatWorld.Ada, Verbs.Deny, Id(proposal), reason: "deploy in progress"));
        Assert.Equal("deploy in progress", (await world.Now(proposal)).Proposal.Decision!.Reason);
    }

    [Fact]
    public async Task A_decision_is_one_commit_and_only_what_is_new_about_the_conversation_another()
    {
        await using var world = await Start();
        var (steps, click) = (new ConcurrentQueue<(int Click, string Step)>(), new AsyncLocal<int>());
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "RunModes.Bot.Store", Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = span => steps.Enqueue((click.Value, span.OperationName)),
        };
        ActivitySource.AddActivityListener(listener);
        var clicks = 0;
        var proposal = await world.AddProposal(ProposalStatus.AwaitingApproval);
        var here = ChatWorld.Channel(ChatWorld.Team);
        await world.Say(ChatWorld.Ada, "help", here);

        Assert.Equal([DurableStep.Decided], await Deny(here));
        Assert.Equal(ProposalStatus.Denied, (await world.Now(proposal)).Status);
        Assert.Contains(DurableStep.ClickAnswered, await Deny(here with { ServiceUrl = new Uri("https://smba.trafficmanager.net/emea/") }));
        Assert.DoesNotContain(DurableStep.ClickAnswered, await Deny(here with { ServiceUrl = new Uri("https://smba.trafficmanager.net/emea/") }));
        // The click of somebody in a chat that was given up opens it again.
        await world.Ledger.Write(DurableStep.Unknown, t => world.Get<IConversations>().Removed(t, here.Id, world.Clock.GetUtcNow()), TestContext.Current.CancellationToken);
        Assert.Contains(DurableStep.ClickAnswered, await Deny(here));
        // A chat with one person is remembered as theirs.
        Assert.Contains(DurableStep.ClickAnswered, await Deny(ChatWorld.Personal(ChatWorld.Ada)));
        Assert.DoesNotContain(DurableStep.ClickAnswered, await Deny(ChatWorld.Personal(ChatWorld.Ada)));

        async Task<IReadOnlyList<DurableStep>> Deny(Conversation where)
        {
            // Other stores of this process are listened to as well; those of this click flow with it.
            var own = ++clicks;
            click.Value = own;
            await world.Press(ChatWorld.Ada, Verbs.Deny, Id(proposal), where: where);
            return [.. steps.Where(s => s.Click == own).Select(s => Enum.Parse<DurableStep>(s.Step))];
        }
    }

    [Theory]
    [InlineData(Verbs.Approve, false)]
    [InlineData(Verbs.Deny, false)]
    [InlineData(Verbs.Recheck, false)]
    [InlineData(Verbs.Annotate, false)]
    [InlineData(Verbs.Confirm, false)]
    [InlineData(Verbs.KeepWaiting, false)]
    [InlineData(Verbs.Investigate, true)]
    public async Task A_Standard_User_may_only_have_it_investigated_again(string verb, bool allowed)
    {
        await using var world = await Start();
        var proposal = await world.AddProposal(verb switch
        {
            Verbs.Recheck => ProposalStatus.Blocked, Verbs.Annotate => ProposalStatus.Indeterminate, Verbs.Investigate => ProposalStatus.Expired, _ => ProposalStatus.AwaitingApproval,
        });
        var answer = Assert.IsType<CardReply.Notice>(await world.Press(ChatWorld.Sam, verb, Id(proposal), choice: ActionData.Done));
        Assert.Equal(allowed, !answer.Text.StartsWith("Only Administrators can", StringComparison.Ordinal));
        Assert.Equal(proposal.Proposal.Version, (await world.Now(proposal)).Proposal.Version);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"p":"0198f3a2c7d94e1f8a6b5c4d3e2f1a0b"}""")]
    [InlineData("""{"p":"0198f3a2c7d94e1f8a6b5c4d3e2f1a0b","r":"1"}""")]
    [InlineData("""{"p":"0198f3a2c7d94e1f8a6b5c4d3e2f1a0b","r":0}""")]
    [InlineData("""{"p":"0198F3A2C7D94E1F8A6B5C4D3E2F1A0B","r":1}""")]
    [InlineData("""{"p":"' OR 1=1 --","r":1}""")]
    [InlineData("""{"p":7,"r":1}""")]
    [InlineData("""[]""")]
    public async Task Data_that_no_card_of_ours_sends_changes_nothing(string data)
    {
        await using var world = await Start();
        Assert.IsType<CardReply.Error>(await world.PressRaw(ChatWorld.Ada, Verbs.Approve, JsonElement.Parse(data)));
        Assert.Empty(await world.Audit(AuditKind.DecisionMade));
    }

    [Theory]
    [InlineData("execute")]
    [InlineData("APPROVE")]
    [InlineData("undo")]
    [InlineData("keepwaiting")]
    public async Task A_verb_that_does_not_exist_changes_nothing(string verb)
    {
        await using var world = await Start();
        var proposal = await world.AddProposal(ProposalStatus.AwaitingApproval);
        Assert.IsNotType<CardReply.Card>(await world.Press(ChatWorld.Ada, verb, Id(proposal)));
        Assert.Equal(ProposalStatus.AwaitingApproval, (await world.Now(proposal)).Status);
    }

    [Fact]
    public async Task On_the_fallback_the_thread_reads_nothing_of_why_and_the_personal_chat_does()
    {
        await using var world = await Start();
        await world.Say(ChatWorld.Sam, "help", ChatWorld.Personal(ChatWorld.Sam));
        var proposal = await world.AddProposal(ProposalStatus.AwaitingApproval);
        await world.Press(ChatWorld.Sam, Verbs.Approve, Id(proposal), fallback: true);
        var said = await world.News();
        Assert.Contains("Nothing was changed", Assert.Single(said, i => i.ConversationId == ChatWorld.Team).Payload!.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Standard User", Assert.Single(said, i => i.ConversationId == ChatWorld.Team).Payload!.Text, StringComparison.Ordinal);
        Assert.Contains("Standard User", Assert.Single(said, i => i.ConversationId == "a:Sam").Payload!.Text, StringComparison.Ordinal);

        await world.Press(ChatWorld.Ada, Verbs.Approve, Id(proposal), fallback: true);
        Assert.Equal(ProposalStatus.Approved, (await world.Now(proposal)).Status);
        Assert.Contains(await world.News(), i => i.Payload?.Text.StartsWith("Your answer was taken", StringComparison.Ordinal) == true);
    }

    [Theory]
    [InlineData(true, nameof(ProposalStatus.AwaitingApproval), 2)]
    [InlineData(false, nameof(ProposalStatus.Blocked), 1)]
    public async Task Recheck_asks_every_fact_anew_and_never_clears(bool granted, string after, int revision)
    {
        await using var world = await Start();
        await world.AddPlan("staging", RunMode.Autonomous);
        world.Granted = granted;
        var blocked = await world.AddProposal(ProposalStatus.Blocked, "staging", RunMode.Autonomous);
        Assert.IsType<Rechecked.Moved>(await world.Get<Recheck>().Look(blocked.Proposal.Id, AuditActor.Bot, TestContext.Current.CancellationToken));
        var now = await world.Now(blocked);
        Assert.Equal((after, revision), (now.Status.ToString(), now.Proposal.Revision));
        Assert.IsType<CardReply.Notice>(await world.Press(ChatWorld.Ada, Verbs.Recheck, Id(blocked), revision: 7));
    }

    [Fact]
    public async Task Recheck_of_a_paused_plan_withdraws()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review, p => p with { Enabled = false });
        var blocked = await world.AddProposal(ProposalStatus.Blocked);
        await world.Get<Recheck>().Look(blocked.Proposal.Id, AuditActor.Bot, TestContext.Current.CancellationToken);
        Assert.Equal(ProposalStatus.Withdrawn, (await world.Now(blocked)).Status);
    }

    [Fact]
    public async Task Investigate_again_queues_one_run_of_that_person_and_not_a_second_one()
    {
        await using var world = await Start();
        var expired = await world.AddProposal(ProposalStatus.Expired);
        await world.Press(ChatWorld.Sam, Verbs.Investigate, Id(expired));
        var runs = await world.Ledger.Read(t => world.Get<IRuns>().OfIncident(t, expired.Proposal.Incident), TestContext.Current.CancellationToken);
        var run = Assert.Single(runs, r => r.State == RunState.Queued);
        Assert.Equal((Trigger.Chat, ChatWorld.Sam.ObjectId, 2), (run.Trigger, run.StartedBy!.ObjectId, run.Attempt));
        Assert.Contains("under way already", Assert.IsType<CardReply.Notice>(await world.Press(ChatWorld.Sam, Verbs.Investigate, Id(expired))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_Deny_only_an_Administrator_has_it_investigated_again_that_day()
    {
        await using var world = await Start();
        var denied = await world.AddProposal(ProposalStatus.Denied);
        Assert.Contains("only an Administrator", Assert.IsType<CardReply.Notice>(await world.Press(ChatWorld.Sam, Verbs.Investigate, Id(denied))).Text, StringComparison.Ordinal);
        Assert.Contains("I investigate again", Assert.IsType<CardReply.Notice>(await world.Press(ChatWorld.Ada, Verbs.Investigate, Id(denied))).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_note_on_an_unknown_result_changes_no_state_and_is_made_once()
    {
        await using var world = await Start();
        var unknown = await world.AddProposal(ProposalStatus.Indeterminate);
        await world.Press(ChatWorld.Ada, Verbs.Annotate, Id(unknown), choice: ActionData.NotDone);
        var now = await world.Now(unknown);
        Assert.Equal((ProposalStatus.Indeterminate, false), (now.Status, now.Proposal.Annotation!.Done));
        Assert.Single(await world.Audit(AuditKind.Annotated));
        await world.Press(ChatWorld.Ben, Verbs.Annotate, Id(unknown), choice: ActionData.Done);
        Assert.False((await world.Now(unknown)).Proposal.Annotation!.Done);
    }

    private static async Task<ChatWorld> Start()
    {
        var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        return world;
    }

    private static string Id(GatedProposal proposal) => proposal.Proposal.Id.Value;
}
