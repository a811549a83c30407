using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;
using RunModes.Bot.Storage;

namespace RunModes.Bot.Tests.Storage;

public sealed class WaitTableTests
{
    private readonly WaitTable _waits = new();

    [Fact]
    public async Task Of_several_who_take_a_step_one_gets_it()
    {
        await using var world = await StoreWorld.Open();
        var step = await Planned(world, WaitStep.Remind);
        var takers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => world.Write(t => _waits.Take(t, step, null))));
        Assert.Single(takers, won => won);
        Assert.Empty(await world.Read(t => _waits.Due(t, world.Now.AddYears(1), 10)));
    }

    [Fact]
    public async Task A_step_that_was_done_is_not_planned_again_for_its_revision_but_for_the_next()
    {
        await using var world = await StoreWorld.Open();
        var step = await Planned(world, WaitStep.Remind);
        await world.Write(t => _waits.Take(t, step, null));
        await world.Write(t => _waits.Plan(t, step));
        Assert.Empty(await world.Read(t => _waits.Due(t, world.Now, 10)));
        await world.Write(t => _waits.Plan(t, step with { Revision = 2 }));
        Assert.Equal(step with { Revision = 2 }, Assert.Single(await world.Read(t => _waits.Due(t, world.Now, 10))));
        Assert.False(await world.Write(t => _waits.Take(t, step, null)));
    }

    [Fact]
    public async Task More_time_plans_again_what_was_done()
    {
        await using var world = await StoreWorld.Open();
        var step = await Planned(world, WaitStep.Remind);
        await world.Write(t => _waits.Take(t, step, null));
        await world.Write(t => _waits.Replan(t, step));
        Assert.Single(await world.Read(t => _waits.Due(t, world.Now, 10)));
    }

    [Fact]
    public async Task What_waits_without_a_plan_is_found_by_whether_it_was_delivered()
    {
        await using var world = await StoreWorld.Open();
        var undelivered = await world.Propose(ProposalStatus.AwaitingApproval);
        var delivered = await world.Propose(ProposalStatus.AwaitingApproval, but: p => p with { DeliveredAt = world.Now });
        await world.Propose(ProposalStatus.Approved);
        Assert.Equal([undelivered.Proposal.Id, delivered.Proposal.Id], (await world.Read(t => _waits.Unplanned(t, 10))).OrderBy(i => i.Value));

        await world.Write(t => _waits.Plan(t, new(undelivered.Proposal.Id, WaitStep.Deliver, 1, world.Now)));
        await world.Write(t => _waits.Plan(t, new(delivered.Proposal.Id, WaitStep.Deliver, 1, world.Now)));
        Assert.Equal(delivered.Proposal.Id, Assert.Single(await world.Read(t => _waits.Unplanned(t, 10))));
        await world.Write(t => _waits.Plan(t, new(delivered.Proposal.Id, WaitStep.Look, 1, world.Now)));
        Assert.Empty(await world.Read(t => _waits.Unplanned(t, 10)));
    }

    [Fact]
    public async Task Steps_go_when_the_proposal_waits_no_longer_and_not_before()
    {
        await using var world = await StoreWorld.Open();
        var step = await Planned(world, WaitStep.Look);
        Assert.Empty(await world.Read(t => _waits.Over(t, 10)));
        Assert.False(await world.Write(t => _waits.Clear(t, step.Proposal)));
        var before = (await world.Read(t => world.Proposals.Find(t, step.Proposal)))!;
        await world.Write(t => world.Proposals.Move(t, before, before with { Proposal = before.Proposal with { Status = ProposalStatus.Expired } }));
        Assert.Equal(step.Proposal, Assert.Single(await world.Read(t => _waits.Over(t, 10))));
        Assert.True(await world.Write(t => _waits.Clear(t, step.Proposal)));
        Assert.False(await world.Write(t => _waits.Clear(t, step.Proposal)));
    }

    private async Task<Wait> Planned(StoreWorld world, WaitStep step)
    {
        var proposal = await world.Propose(ProposalStatus.AwaitingApproval, but: p => p with { DeliveredAt = world.Now });
        await world.Write(t => _waits.Plan(t, new(proposal.Proposal.Id, step, 1, world.Now)));
        return Assert.Single(await world.Read(t => _waits.Due(t, world.Now, 10)));
    }
}
