using System.Text.Json;
using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Storage;

public class ProposalTableTests
{
    [Fact]
    public async Task What_is_stored_is_what_is_read()
    {
        await using var world = await StoreWorld.Open();
        var full = await world.Propose(ProposalStatus.Approved, but: p => p with
        {
            StartedBy = new("tenant", "grace", "Grace \u202e Hopper"), DeliveredAt = world.Now, StatusWhy = "why", Permission = "granted", ClearedSeal = "s",
            Execution = new(new("c"), world.Now, world.Now, Outcome.Unknown, "Http500", "m", "corr", "probe"),
            Verification = new(p.Recovery!, 94, world.Now, world.Now, world.Now, VerificationState.Watching, 41.5, world.Now),
            Annotation = new(new("tenant", "ada", "Ada"), world.Now, true),
        });

        var read = (await world.Find(full))!;

        Assert.Equal(JsonSerializer.Serialize(full), JsonSerializer.Serialize(read));
        Assert.Equal((2, "c", "Grace \u202e Hopper", 41.5), (read.Proposal.Version, read.Proposal.Execution!.Claim.Value, read.Proposal.StartedBy!.Name, read.Proposal.Verification!.After));
    }

    [Fact]
    public async Task A_move_needs_the_version_and_the_status_that_were_read()
    {
        await using var world = await StoreWorld.Open();
        var read = await world.Propose(ProposalStatus.AwaitingApproval);
        var after = read with { Proposal = read.Proposal with { Status = ProposalStatus.Denied } };

        Assert.False(await world.Write(t => world.Proposals.Move(t, read with { Proposal = read.Proposal with { Version = read.Proposal.Version - 1 } }, after)));
        Assert.False(await world.Write(t => world.Proposals.Move(t, read with { Proposal = read.Proposal with { Version = read.Proposal.Version + 1 } }, after)));
        Assert.False(await world.Write(t => world.Proposals.Move(t, read with { Proposal = read.Proposal with { Status = ProposalStatus.Blocked } }, after)));
        Assert.True(await world.Write(t => world.Proposals.Move(t, read, after)));
        Assert.False(await world.Write(t => world.Proposals.Move(t, read, after)));
        var stored = (await world.Find(read))!;
        Assert.Equal((ProposalStatus.Denied, read.Proposal.Version + 1), (stored.Status, stored.Proposal.Version));
    }

    [Fact]
    public async Task A_row_whose_operation_was_altered_is_refused_when_it_is_read()
    {
        await using var world = await StoreWorld.Open();
        var proposal = await world.Propose(ProposalStatus.Approved);
        world.Tamper("UPDATE proposals SET operation = replace(operation, 'app-service-prod', '../other')");

        await Assert.ThrowsAsync<JsonException>(() => world.Find(proposal));
        await Assert.ThrowsAsync<JsonException>(() => world.Claim(proposal));
    }

    [Fact]
    public async Task What_is_overdue_is_what_waits_past_its_deadline_or_use_by_and_an_undelivered_card_never_is()
    {
        await using var world = await StoreWorld.Open();
        var delivered = await world.Propose(ProposalStatus.AwaitingApproval, but: p => p with { DeliveredAt = world.Now });
        await world.Propose(ProposalStatus.AwaitingApproval);
        var approved = await world.Propose(ProposalStatus.Approved);
        await world.Propose(ProposalStatus.Denied);

        Assert.Empty(await Overdue(TimeSpan.FromMinutes(15) - TimeSpan.FromMilliseconds(1)));
        Assert.Equal([approved.Proposal.Id], await Overdue(TimeSpan.FromMinutes(15)));
        Assert.Equal([approved.Proposal.Id, delivered.Proposal.Id], await Overdue(TimeSpan.FromDays(30)));

        async Task<IEnumerable<ProposalId>> Overdue(TimeSpan after) =>
            (await world.Read(t => world.Proposals.Overdue(t, world.Now + after, 10))).Select(p => p.Proposal.Id);
    }

    [Theory]
    [InlineData(StoreWorld.App, true)]
    [InlineData(StoreWorld.App + "-2", false)]
    public async Task Others_on_the_target_contest_it(string other, bool contests)
    {
        await using var world = await StoreWorld.Open();
        var self = await world.Propose(ProposalStatus.AwaitingApproval);
        await world.Propose(ProposalStatus.Approved, other);
        await world.Propose(ProposalStatus.Expired, other);

        var found = await world.Read(t => world.Proposals.Contesting(t, self.Proposal.Id, self.Proposal.Operation.TargetKey));

        Assert.Equal(contests ? [ProposalStatus.Approved] : [], found.Select(p => p.Status));
        Assert.Contains(await world.Read(t => world.Proposals.Contesting(t, null, $"{StoreWorld.App}/slots/blue".ToLowerInvariant())), p => p.Proposal.Id == self.Proposal.Id);
        Assert.Contains(await world.Read(t => world.Proposals.Contesting(t, null, StoreWorld.Web[..StoreWorld.Web.IndexOf("/providers", StringComparison.Ordinal)].ToLowerInvariant())), p => p.Proposal.Id == self.Proposal.Id);
    }

    [Fact]
    public async Task A_plan_is_guarded_by_its_version_and_its_tombstone_keeps_its_name()
    {
        await using var world = await StoreWorld.Open();
        var plan = (await world.Read(t => world.Plans.Find(t, StoreWorld.Plan)))!;

        Assert.Equal(2, (await world.Write(t => world.Plans.Update(t, plan with { Mode = RunMode.Review }, 1)))!.Version);
        Assert.Null(await world.Write(t => world.Plans.Update(t, plan, 1)));
        Assert.False(await world.Write(t => world.Plans.Insert(t, plan with { Name = "PROD-web" })));
        world.Tamper("UPDATE plans SET deleted = 1");
        Assert.False(await world.Write(t => world.Plans.Insert(t, plan)));
        Assert.Null(await world.Write(t => world.Plans.Update(t, plan, 2)));
        Assert.Empty(await world.Read(world.Plans.All));
    }

    [Fact]
    public async Task The_control_row_is_guarded_by_its_version_keeps_its_generation_and_must_exist()
    {
        await using var world = await StoreWorld.Open();
        var control = await world.Read(world.Plans.ReadControl);

        Assert.NotNull(await world.Write(t => world.Plans.WriteControl(t, control with { Stopped = true, StoppedBy = "Ada", StoppedAt = world.Now, Generation = 99 }, control.Version)));
        Assert.Null(await world.Write(t => world.Plans.WriteControl(t, control, control.Version)));
        Assert.Equal(control with { Version = 2, Stopped = true, StoppedBy = "Ada", StoppedAt = world.Now }, await world.Read(world.Plans.ReadControl));
        world.Tamper("DELETE FROM control");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => world.Read(world.Plans.ReadControl));
    }
}
