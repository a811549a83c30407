using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Chat;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Tests.Chat;

public sealed class KeepWaitingTests
{
    [Fact]
    public async Task More_time_moves_the_deadline_and_is_written_with_who_gave_it()
    {
        await using var world = await ChatWorld.Start();
        var proposal = await world.AddProposal(ProposalStatus.AwaitingApproval);
        Assert.StartsWith("It waits until", await Press(world, proposal), StringComparison.Ordinal);
        var now = await world.Now(proposal);
        Assert.Equal((ProposalStatus.AwaitingApproval, 1, proposal.Proposal.Deadline!.Value.AddHours(1)), (now.Status, now.Proposal.Revision, now.Proposal.Deadline));
        Assert.Equal("Ada", Assert.Single(now.Proposal.Waiting.Extensions).By.Name);
        Assert.Equal("Ada", Assert.Single(await world.Audit(AuditKind.KeptWaiting)).Actor.Name);
        Assert.Contains(await world.News(), i => i.Shows == Shown.Proposal);
    }

    [Fact]
    public async Task Two_clicks_on_two_cards_that_both_show_the_last_time_give_it_once()
    {
        await using var world = await ChatWorld.Start();
        var proposal = await world.AddProposal(ProposalStatus.AwaitingApproval);
        await Press(world, proposal);
        var answers = await Task.WhenAll(Press(world, proposal, ChatWorld.Ada), Press(world, proposal, ChatWorld.Ben));
        Assert.Single(answers, a => a.StartsWith("It waits until", StringComparison.Ordinal));
        Assert.Equal(2, (await world.Now(proposal)).Proposal.Waiting.Extensions.Count);
    }

    [Theory]
    [InlineData("Denied", 1, "There is nothing to wait for: this proposal is Denied.")]
    [InlineData("Expired", 1, "There is nothing to wait for: this proposal is Expired.")]
    [InlineData("AwaitingApproval", 2, "the proposal is at revision 1")]
    public async Task What_does_not_wait_gets_no_more_time(string status, int revision, string words)
    {
        await using var world = await ChatWorld.Start();
        var proposal = await world.AddProposal(Enum.Parse<ProposalStatus>(status));
        Assert.Contains(words, await Press(world, proposal, revision: revision), StringComparison.Ordinal);
        Assert.Empty((await world.Now(proposal)).Proposal.Waiting.Extensions);
    }

    [Fact]
    public async Task A_deadline_that_passed_is_not_brought_back()
    {
        await using var world = await ChatWorld.Start();
        var proposal = await world.AddProposal(ProposalStatus.AwaitingApproval);
        world.Clock.Advance(TimeSpan.FromMinutes(61));
        Assert.Contains("Its time is over already", await Press(world, proposal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Blocked", Verbs.Recheck)]
    [InlineData("Indeterminate", Verbs.Annotate)]
    public async Task A_click_that_overtakes_the_receipt_of_its_card_is_told_so_and_one_on_a_copy_is_told_that(string status, string verb)
    {
        await using var world = await ChatWorld.Start();
        var proposal = await world.AddProposal(Enum.Parse<ProposalStatus>(status));
        var elsewhere = ChatWorld.Channel("19:other@thread.tacv2");
        var copied = Assert.IsType<CardReply.Notice>(await world.Press(ChatWorld.Ada, verb, proposal.Proposal.Id.Value, where: elsewhere, choice: ActionData.Done));
        Assert.Contains("was never shown in this conversation", copied.Text, StringComparison.Ordinal);

        await world.Ledger.Write(DurableStep.Unknown, 
            async t =>
            {
                foreach (var shown in await world.Get<IOutbox>().MessagesOf(t, proposal.Proposal.Subject))
                {
                    await world.Get<IOutbox>().Forget(t, shown.Message);
                }
            },
            TestContext.Current.CancellationToken);
        var early = Assert.IsType<CardReply.Notice>(await world.Press(ChatWorld.Ada, verb, proposal.Proposal.Id.Value, choice: ActionData.Done));
        Assert.Contains("delivery of this card is not confirmed yet", early.Text, StringComparison.Ordinal);
    }

    private static async Task<string> Press(ChatWorld world, GatedProposal proposal, Support.Someone? who = null, int revision = 1) =>
        Assert.IsType<CardReply.Notice>(await world.Press(who ?? ChatWorld.Ada, Verbs.KeepWaiting, proposal.Proposal.Id.Value, revision)).Text;
}
