using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;
using static RunModes.Bot.Tests.Proposals.Restart;

namespace RunModes.Bot.Tests.Proposals;

public sealed class ExecutionPermitTests : IDisposable
{
    private readonly ManualClock clock = new();

    private static readonly Proposal Approved = new()
    {
        Id = new("p1"), Run = new("r1"), Incident = new("i1"), Revision = 1, Version = 7,
        Operation = Call, Fingerprint = Fingerprint.Of(Call), Provenance = Provenance.Runbook,
        Finding = new(Conclusion.Sick, "app-service-prod", "", "", [], null, DateTimeOffset.UnixEpoch),
        Status = ProposalStatus.Approved, CreatedAt = DateTimeOffset.UnixEpoch, ApprovalExpiry = TimeSpan.FromHours(1),
    };

    [Fact]
    public async Task Winning_the_claim_gives_one_permit_for_the_row_that_was_claimed()
    {
        var claims = new Claims(id => Approved);

        var won = Assert.IsType<Claim.Won>(await Win(claims));

        Assert.Equal((Call, Approved.Id), ((Operation.ArmCall)won.Permit.Operation, won.Permit.Proposal));
        Assert.Equal([(Approved.Id, 7L, won.Permit.Claim)], claims.Asked);
    }

    [Fact]
    public async Task Losing_the_claim_gives_none()
    {
        Assert.IsType<Claim.Lost>(await Win(new Claims(_ => null)));
    }

    [Fact, FailureMode(12)]
    public async Task An_operation_that_was_exchanged_in_the_store_gives_none()
    {
        var altered = Assert.IsType<Claim.Altered>(await Win(new Claims(_ => Approved with { Operation = Call with { Verb = "stop" } })));

        Assert.Contains("fingerprint", altered.Why, StringComparison.Ordinal);
    }

    [Fact, FailureMode(12)]
    public async Task A_fingerprint_exchanged_along_with_it_is_caught_by_the_seal_which_sees_the_claimed_row()
    {
        var other = Call with { Verb = "stop" };
        var exchanged = Approved with { Operation = other, Fingerprint = Fingerprint.Of(other) };

        var altered = Assert.IsType<Claim.Altered>(await Win(new Claims(_ => exchanged), seal => seal.Fingerprint == Approved.Fingerprint));

        Assert.Contains("seal", altered.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seal_that_does_not_verify_gives_none() => Assert.IsType<Claim.Altered>(await Win(new Claims(_ => Approved), _ => false));

    [Fact]
    public async Task A_permit_is_used_once_whoever_else_tries()
    {
        var permit = await Permit();

        var used = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => Task.Run(permit.TryUse)));

        Assert.Single(used, yes => yes);
        Assert.False(permit.TryUse());
    }

    [Theory]
    [InlineData(9_999, true)]
    [InlineData(10_000, false)]
    [InlineData(10_001, false)]
    public async Task A_permit_dies_ten_seconds_after_it_was_issued(int milliseconds, bool alive)
    {
        var permit = await Permit();

        clock.Advance(TimeSpan.FromMilliseconds(milliseconds));

        Assert.Equal(alive, permit.TryUse());
    }

    [Fact]
    public async Task A_wall_clock_set_back_does_not_bring_it_to_life_again()
    {
        var permit = await Permit();
        clock.Advance(TimeSpan.FromSeconds(11));
        clock.ShiftWall(TimeSpan.FromHours(-1));

        Assert.False(permit.TryUse());
    }

    [Fact]
    public async Task Time_the_store_takes_to_claim_counts()
    {
        var slow = new Claims(_ =>
        {
            clock.Advance(TimeSpan.FromSeconds(10));
            return Approved;
        });

        Assert.False(Assert.IsType<Claim.Won>(await Win(slow)).Permit.TryUse());
    }

    public void Dispose() => clock.Dispose();

    private async Task<ExecutionPermit> Permit() => Assert.IsType<Claim.Won>(await Win(new Claims(_ => Approved))).Permit;

    private Task<Claim> Win(IClaims claims, Func<Proposal, bool>? seal = null) =>
        ExecutionPermit.Win(claims, Approved, seal ?? (_ => true), clock, TestContext.Current.CancellationToken);

    private sealed class Claims(Func<ProposalId, Proposal?> answer) : IClaims
    {
        public List<(ProposalId, long, ClaimId)> Asked { get; } = [];

        public Task<Proposal?> TryClaim(ProposalId id, long version, ClaimId claim, CancellationToken cancellation)
        {
            Asked.Add((id, version, claim));
            return Task.FromResult(answer(id));
        }
    }
}
