using RunModes.Bot.Approvals;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Storage;

/// <summary>Several workers look at one store: of a poll that is due each sees it, and one asks.</summary>
public sealed class PolledProposalsTests
{
    private static readonly ClaimId Claim = new("c0");

    [Fact]
    public async Task Of_fifty_that_see_a_poll_due_one_takes_it()
    {
        await using var world = await StoreWorld.Open();
        await Follow(world, await world.Propose(ProposalStatus.Executing), TimeSpan.Zero);
        var due = Assert.Single(await Due(world));

        var taken = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(() => world.Write(t => world.Proposals.TakePoll(t, due, world.Now.AddSeconds(12))))));

        Assert.Single(taken, won => won);
        Assert.Empty(await Due(world));
    }

    [Fact]
    public async Task Whoever_took_it_and_died_is_followed_by_another_after_a_while()
    {
        await using var world = await StoreWorld.Open();
        await Follow(world, await world.Propose(ProposalStatus.Executing), TimeSpan.Zero);
        var due = Assert.Single(await Due(world));
        Assert.True(await world.Write(t => world.Proposals.TakePoll(t, due, world.Now.AddSeconds(12))));

        world.Clock.Advance(TimeSpan.FromSeconds(12));
        var again = Assert.Single(await Due(world));

        Assert.False(await world.Write(t => world.Proposals.TakePoll(t, due, world.Now.AddSeconds(12))));
        Assert.True(await world.Write(t => world.Proposals.TakePoll(t, again, world.Now.AddSeconds(12))));
    }

    [Fact]
    public async Task What_is_not_due_is_not_seen_and_what_is_says_where_when_and_until()
    {
        await using var world = await StoreWorld.Open();
        var proposal = await world.Propose(ProposalStatus.Executing);
        await Follow(world, proposal, TimeSpan.FromSeconds(15));
        Assert.Empty(await Due(world));
        Assert.Equal(world.Now.AddSeconds(15), (await world.Find(proposal))!.Proposal.NextPoll);

        world.Clock.Advance(TimeSpan.FromSeconds(15));
        var due = Assert.Single(await Due(world));
        Assert.Equal((new StoredPoll("sealed", world.Now, world.Now.AddMinutes(20)), Claim), (due.Poll, due.Claim));
    }

    [Theory]
    [InlineData("Executing", true)]
    [InlineData("Indeterminate", true)]
    [InlineData("Succeeded", false)]
    [InlineData("Failed", false)]
    public async Task Only_what_has_no_known_end_is_asked_after(string status, bool asked)
    {
        await using var world = await StoreWorld.Open();
        await Follow(world, await world.Propose(ProposalStatus.Executing), TimeSpan.Zero);
        var due = Assert.Single(await Due(world));
        world.Tamper($"UPDATE proposals SET status = '{status}'");

        Assert.Equal(asked ? 1 : 0, (await Due(world)).Count);
        Assert.Equal(asked, await world.Write(t => world.Proposals.TakePoll(t, due, world.Now.AddSeconds(12))));
    }

    [Fact]
    public async Task Another_claim_neither_takes_nor_changes_nor_ends_it()
    {
        await using var world = await StoreWorld.Open();
        var proposal = await world.Propose(ProposalStatus.Executing);
        await Follow(world, proposal, TimeSpan.Zero);
        var due = Assert.Single(await Due(world));
        var theirs = due with { Gated = due.Gated with { Proposal = due.Gated.Proposal with { Execution = new(new("theirs"), world.Now) } } };

        Assert.False(await world.Write(t => world.Proposals.TakePoll(t, theirs, world.Now.AddSeconds(12))));
        await world.Write(t => world.Proposals.SetPoll(t, proposal.Proposal.Id, new("theirs"), null));
        Assert.Equal(due.Poll, Assert.Single(await Due(world)).Poll);

        await world.Write(t => world.Proposals.SetPoll(t, proposal.Proposal.Id, Claim, null));
        Assert.Empty(await Due(world));
        Assert.Null((await world.Find(proposal))!.Proposal.NextPoll);
    }

    [Fact]
    public async Task A_step_of_the_proposal_keeps_where_to_ask()
    {
        await using var world = await StoreWorld.Open();
        var proposal = await world.Propose(ProposalStatus.Executing);
        await Follow(world, proposal, TimeSpan.Zero);
        var before = (await world.Find(proposal))!;

        Assert.True(await world.Write(t => world.Proposals.Move(t, before, before with { Proposal = before.Proposal with { Status = ProposalStatus.Indeterminate, NextPoll = null } })));

        Assert.Equal("sealed", Assert.Single(await Due(world)).Poll.Sealed);
    }

    private static async Task Follow(StoreWorld world, GatedProposal proposal, TimeSpan after)
    {
        // Only a claim writes the claim's column, and this one was inserted as executing.
        world.Tamper("UPDATE proposals SET claim_id = 'c0'");
        await world.Write(t => world.Proposals.SetPoll(t, proposal.Proposal.Id, Claim, new("sealed", world.Now + after, world.Now + after + TimeSpan.FromMinutes(20))));
    }

    private static Task<IReadOnlyList<FollowedProposal>> Due(StoreWorld world) => world.Read(t => world.Proposals.ToPoll(t, world.Now, 10));
}
