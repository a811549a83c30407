using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Tests.Chat;

/// <summary>Stop, start and tightening: what had been decided but had not begun.</summary>
public sealed class SteeringTests
{
    [Theory]
    [InlineData(nameof(ProposalStatus.Approved), nameof(ProposalStatus.Blocked))]
    [InlineData(nameof(ProposalStatus.Cleared), nameof(ProposalStatus.Blocked))]
    [InlineData(nameof(ProposalStatus.AwaitingApproval), nameof(ProposalStatus.AwaitingApproval))]
    [InlineData(nameof(ProposalStatus.Executing), nameof(ProposalStatus.Executing))]
    [InlineData(nameof(ProposalStatus.Denied), nameof(ProposalStatus.Denied))]
    public async Task Stop_voids_what_was_decided_and_has_not_begun(string before, string after)
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        var proposal = await world.AddProposal(Enum.Parse<ProposalStatus>(before));
        var said = await world.Say(ChatWorld.Sam, "stop");

        Assert.True((await world.Control()).Stopped);
        var now = await world.Now(proposal);
        Assert.Equal(after, now.Status.ToString());
        Assert.Equal(before == after, now.Proposal.Decision == proposal.Proposal.Decision && now.Proposal.ClearedSeal == proposal.Proposal.ClearedSeal);
        Assert.Contains(said, i => i is { Urgency: Urgency.Stop, ConversationId: null });
        Assert.Single(await world.Audit(AuditKind.StopChanged), e => e is { Before: "Running", After: "Stopped" } && e.Actor.ObjectId == ChatWorld.Sam.ObjectId);

        Assert.Contains("on already", await world.Ask(ChatWorld.Sam, "stop"), StringComparison.Ordinal);
        Assert.Single(await world.Audit(AuditKind.StopChanged));
    }

    [Fact]
    public async Task Start_gates_again_what_the_stop_blocked_and_a_person_is_asked()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("staging", RunMode.Autonomous);
        var cleared = await world.AddProposal(ProposalStatus.Cleared, "staging", RunMode.Autonomous);
        await world.Say(ChatWorld.Sam, "stop");
        await world.Get<EmergencyStop>().GateAgain(Cancellation);
        Assert.Equal(ProposalStatus.Blocked, (await world.Now(cleared)).Status);

        var id = await world.AskCard(ChatWorld.Ada, "start");
        Assert.True((await world.Control()).Stopped);
        Assert.IsType<CardReply.Card>(await world.Press(ChatWorld.Ada, Verbs.Confirm, id));
        Assert.False((await world.Control()).Stopped);
        await world.Get<EmergencyStop>().GateAgain(Cancellation);

        var now = await world.Now(cleared);
        Assert.Equal((ProposalStatus.AwaitingApproval, 2), (now.Status, now.Proposal.Revision));
        Assert.Null(now.Proposal.ClearedSeal);
    }

    [Fact]
    public async Task What_is_blocked_for_another_reason_stays_so_after_start()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("prod-web", RunMode.Review);
        var approved = await world.AddProposal(ProposalStatus.Approved);
        await world.Say(ChatWorld.Sam, "stop");
        world.Granted = false;
        await world.Press(ChatWorld.Ada, Verbs.Confirm, await world.AskCard(ChatWorld.Ada, "start"));
        await world.Get<EmergencyStop>().GateAgain(Cancellation);
        var now = await world.Now(approved);
        Assert.Equal(ProposalStatus.Blocked, now.Status);
        Assert.Contains("lacks Microsoft.Web/sites/restart", string.Join(' ', now.Verdict.Reasons), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(ProposalStatus.Approved))]
    [InlineData(nameof(ProposalStatus.Cleared))]
    public async Task Setting_a_plan_to_Review_asks_again_for_its_work_and_leaves_others_alone(string state)
    {
        await using var world = await ChatWorld.Start();
        var status = Enum.Parse<ProposalStatus>(state);
        await world.AddPlan("Staging", RunMode.Autonomous);
        await world.AddPlan("other", RunMode.Autonomous);
        var mine = await world.AddProposal(status, "Staging", RunMode.Autonomous);
        var theirs = await world.AddProposal(status, "other", RunMode.Autonomous);
        Assert.Contains("in force now", await world.Ask(ChatWorld.Sam, "set staging to review"), StringComparison.Ordinal);

        var now = await world.Now(mine);
        Assert.Equal((ProposalStatus.AwaitingApproval, 2, null, null), (now.Status, now.Proposal.Revision, now.Proposal.Decision, now.Proposal.ClearedSeal));
        Assert.Equal(status, (await world.Now(theirs)).Status);
        Assert.Single(await world.Audit(AuditKind.ModeChanged), e => e is { Before: "Autonomous (plan Staging)", After: "Review (plan Staging)" });
    }

    [Fact]
    public async Task Setting_the_default_to_Review_reaches_the_plans_without_a_mode_of_their_own()
    {
        await using var world = await ChatWorld.Start();
        await world.AddPlan("follows", null);
        await world.AddPlan("own", RunMode.Autonomous);
        await world.Press(ChatWorld.Ada, Verbs.Confirm, await world.AskCard(ChatWorld.Ada, "set default to autonomous"));
        var follows = await world.AddProposal(ProposalStatus.Cleared, "follows", RunMode.Autonomous, ModeSource.Agent);
        var own = await world.AddProposal(ProposalStatus.Cleared, "own", RunMode.Autonomous);
        await world.Say(ChatWorld.Sam, "set default to review");
        Assert.Equal(RunMode.Review, (await world.Control()).DefaultMode);
        Assert.Equal(ProposalStatus.AwaitingApproval, (await world.Now(follows)).Status);
        Assert.Equal(ProposalStatus.Cleared, (await world.Now(own)).Status);
    }

    [Fact]
    public async Task Use_this_channel_is_announced_where_incidents_came_before()
    {
        await using var world = await ChatWorld.Start();
        var said = await world.Say(ChatWorld.Ada, "use this channel", ChatWorld.Channel(ChatWorld.Other));
        Assert.Equal(ChatWorld.Other, (await world.Control()).DefaultChannel);
        Assert.Contains("from here to Other", Assert.Single(said, i => i.ConversationId == ChatWorld.Team).Payload!.Text, StringComparison.Ordinal);
        Assert.Contains("nobody else could approve here", await world.Ask(ChatWorld.Ada, "use this channel", ChatWorld.Personal(ChatWorld.Ada)), StringComparison.Ordinal);
        Assert.Equal(ChatWorld.Other, (await world.Control()).DefaultChannel);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;
}
