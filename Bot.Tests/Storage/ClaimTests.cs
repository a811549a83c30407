using System.Globalization;
using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Storage;

public class ClaimTests
{
    [Theory]
    [InlineData("Approved", 0)]
    [InlineData("Cleared", 1)]
    public async Task Winning_writes_Executing_the_claim_and_the_audit_together(string status, int autonomous)
    {
        await using var world = await StoreWorld.Open();
        var proposal = await world.Propose(Enum.Parse<ProposalStatus>(status));

        var claimed = (await world.Claim(proposal, "mine"))!;

        Assert.Equal((ProposalStatus.Executing, "mine", world.Now, proposal.Proposal.Version + 1), (claimed.Status, claimed.Execution!.Claim.Value, claimed.Execution.StartedAt, claimed.Version));
        Assert.Null(claimed.Execution.Outcome);
        Assert.Equal(ProposalStatus.Executing, (await world.Find(proposal))!.Status);
        var line = Assert.Single(await world.Audit(AuditKind.ExecutionStarted)).Entry;
        Assert.Equal((status, "Executing", $"proposal/{proposal.Proposal.Id}"), (line.Before, line.After, line.Subject.ToString()));
        Assert.Contains("mine", line.Detail, StringComparison.Ordinal);
        var used = await world.Read(t => world.Proposals.AutonomyUsed(t, proposal.Proposal.Operation.TargetKey, Fingerprint.IntentKey(proposal.Proposal.Operation), StoreWorld.Plan, world.Now));
        Assert.Equal(new AutonomyUse(autonomous, autonomous, autonomous, 1), used);
    }

    [Fact]
    public async Task Of_fifty_at_once_one_wins()
    {
        await using var world = await StoreWorld.Open();
        var proposal = await world.Propose(ProposalStatus.Approved);

        var claims = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Task.Run(() => world.Claim(proposal, i.ToString(CultureInfo.InvariantCulture)))));

        var won = Assert.Single(claims, c => c is not null)!;
        Assert.Equal(won.Execution!.Claim, (await world.Find(proposal))!.Proposal.Execution!.Claim);
        Assert.Single(await world.Audit(AuditKind.ExecutionStarted));
    }

    /// <summary>What keeps a claim from an approved, and from a cleared, proposal.</summary>
    public static TheoryData<string, bool, bool> Obstacles => new()
    {
        { "nothing", false, false },
        { "the stop is on", true, true },
        { "the plan is disabled", true, true },
        { "the plan was deleted", true, true },
        { "the plan is gone", true, true },
        { "the plan was set to Review", false, true },
        { "the plan stores no mode and the default is Review", false, true },
        { "the plan stores no mode and there is no default", false, true },
        { "the plan stores no mode and the default is Autonomous", false, false },
        { "the default is Review but the plan stores Autonomous", false, false },
        { "the control row is gone", true, true },
        { "its use-by passed this very moment", true, true },
        { "its use-by passes in a moment", false, false },
        { "it was moved since it was read", true, true },
        { "the target is executing", true, true },
        { "the target is in doubt", true, true },
        { "the target was in doubt and somebody looked", false, false },
        { "a child of the target is executing", true, true },
        { "the parent of the target is executing", true, true },
        { "a neighbour that begins alike is executing", false, false },
    };

    [Theory]
    [MemberData(nameof(Obstacles))]
    [FailureMode(29)]
    [FailureMode(31)]
    public async Task Whatever_was_answered_before_a_claim_it_obeys(string obstacle, bool stopsApproved, bool stopsCleared)
    {
        foreach (var (status, stopped) in new[] { (ProposalStatus.Approved, stopsApproved), (ProposalStatus.Cleared, stopsCleared) })
        {
            await using var world = await StoreWorld.Open();
            var proposal = await world.Propose(status);
            await Put(world, obstacle, proposal);

            Assert.True(stopped == (await world.Claim(proposal) is null), $"{status}, {obstacle}");
            Assert.Equal(stopped ? 0 : 1, (await world.Audit(AuditKind.ExecutionStarted)).Count(r => r.Entry.Subject.Id == proposal.Proposal.Id.Value));
            Assert.Equal(stopped ? status : ProposalStatus.Executing, (await world.Find(proposal))!.Status);
        }
    }

    private static async Task Put(StoreWorld world, string obstacle, GatedProposal proposal)
    {
        const string Sql = "UPDATE proposals SET target_key = {0} WHERE id <> 'p1'";
        var key = proposal.Proposal.Operation.TargetKey;
        Task Default(RunMode? mode) => world.EditControl(c => c with { DefaultMode = mode });
        switch (obstacle)
        {
            case "nothing": break;
            case "the stop is on": await world.EditControl(c => c with { Stopped = true, StoppedBy = "Ada", StoppedAt = world.Now }); break;
            case "the plan is disabled": await world.EditPlan(p => p with { Enabled = false }); break;
            case "the plan was deleted": world.Tamper("UPDATE plans SET deleted = 1"); break;
            case "the plan is gone": world.Tamper("DELETE FROM plans"); break;
            case "the plan was set to Review": await world.EditPlan(p => p with { Mode = RunMode.Review }); break;
            case "the plan stores no mode and the default is Review": await world.EditPlan(p => p with { Mode = null }); await Default(RunMode.Review); break;
            case "the plan stores no mode and there is no default": await world.EditPlan(p => p with { Mode = null }); break;
            case "the plan stores no mode and the default is Autonomous": await world.EditPlan(p => p with { Mode = null }); await Default(RunMode.Autonomous); break;
            case "the default is Review but the plan stores Autonomous": await Default(RunMode.Review); break;
            case "the control row is gone": world.Tamper("DELETE FROM control"); break;
            case "its use-by passed this very moment": world.Clock.Advance(TimeSpan.FromMinutes(15)); break;
            case "its use-by passes in a moment": world.Clock.Advance(TimeSpan.FromMinutes(15) - TimeSpan.FromMilliseconds(1)); break;
            case "it was moved since it was read": await world.Write(t => world.Proposals.Move(t, proposal, proposal)); break;
            case "the target is executing": await world.Propose(ProposalStatus.Executing); break;
            case "the target is in doubt": await world.Propose(ProposalStatus.Indeterminate); break;
            case "the target was in doubt and somebody looked":
                await world.Propose(ProposalStatus.Indeterminate, but: p => p with { Annotation = new(new("tenant", "ada", "Ada"), world.Now, false) });
                break;
            case "a child of the target is executing":
                await world.Propose(ProposalStatus.Executing, StoreWorld.App + "-2");
                world.Tamper(string.Format(CultureInfo.InvariantCulture, Sql, $"'{key}/slots/blue'"));
                break;
            case "the parent of the target is executing":
                await world.Propose(ProposalStatus.Executing, StoreWorld.App + "-2");
                world.Tamper(string.Format(CultureInfo.InvariantCulture, Sql, $"'{key[..key.IndexOf("/providers", StringComparison.Ordinal)]}'"));
                break;
            case "a neighbour that begins alike is executing": await world.Propose(ProposalStatus.Executing, StoreWorld.App + "-2"); break;
            default: Assert.Fail(obstacle); break;
        }
    }

    [Theory]
    [InlineData("AwaitingApproval")]
    [InlineData("Blocked")]
    [InlineData("Denied")]
    [InlineData("Expired")]
    [InlineData("Indeterminate")]
    [InlineData("Succeeded")]
    public async Task Nothing_but_Approved_and_Cleared_is_claimed(string status)
    {
        await using var world = await StoreWorld.Open();

        Assert.Null(await world.Claim(await world.Propose(Enum.Parse<ProposalStatus>(status), but: p => p with { UseBy = world.Now.AddHours(1) })));
    }

    [Theory]
    [InlineData(2, 20, 50, "target")]
    [InlineData(20, 2, 50, "plan")]
    [InlineData(20, 20, 2, "bot")]
    public async Task A_budget_that_is_used_up_stops_what_nobody_approved_until_its_hour_is_over(int perTarget, int perPlan, int perBot, string spent)
    {
        await using var world = await StoreWorld.Open(budget: new(perTarget, perPlan, perBot));
        var intents = new[] { StoreWorld.App, spent == "target" ? StoreWorld.App : StoreWorld.App + "-2" };
        foreach (var target in intents)
        {
            var ran = await world.Claim(await world.Propose(ProposalStatus.Cleared, target));
            Assert.NotNull(ran);
            await Finish(world, ran);
        }

        // The same intent is at most twice a day's; what counts here is the budget of the hour.
        world.Tamper("UPDATE proposals SET intent_key = 'another'");
        var third = spent == "target" ? StoreWorld.App : StoreWorld.App + "-3";
        Assert.Null(await world.Claim(await world.Propose(ProposalStatus.Cleared, third)));
        var approved = (await world.Claim(await world.Propose(ProposalStatus.Approved, third)))!;
        await Finish(world, approved);
        world.Tamper("UPDATE proposals SET intent_key = 'another'");
        world.Clock.Advance(TimeSpan.FromHours(1));
        Assert.NotNull(await world.Claim(await world.Propose(ProposalStatus.Cleared, third)));
    }

    [Fact]
    public async Task The_third_same_intent_of_a_day_asks_though_people_approved_the_first_two()
    {
        await using var world = await StoreWorld.Open();
        for (var i = 0; i < 2; i++)
        {
            await Finish(world, (await world.Claim(await world.Propose(ProposalStatus.Approved)))!);
            world.Clock.Advance(TimeSpan.FromHours(2));
        }

        Assert.Null(await world.Claim(await world.Propose(ProposalStatus.Cleared)));
        world.Clock.Advance(TimeSpan.FromHours(20));
        Assert.NotNull(await world.Claim(await world.Propose(ProposalStatus.Cleared)));
    }

    [Theory]
    [InlineData(-3000, false)]
    [InlineData(-2000, true)]
    [InlineData(2000, true)]
    [InlineData(2001, false)]
    public async Task A_bot_whose_clock_is_not_the_stores_claims_nothing(int ahead, bool claims)
    {
        await using var world = await StoreWorld.Open();
        var proposal = await world.Propose(ProposalStatus.Approved);
        using var theirs = new Support.ManualClock(world.Now.AddMilliseconds(-ahead));
        var skew = new ClockSkew(new Bot.Storage.OwnClock(theirs), world.Clock);
        var table = new Bot.Storage.ProposalTable(world.Ledger, AutonomyBudget.Default, skew, world.Unreadable, world.Clock);

        Assert.Equal(claims, await ((IClaims)table).TryClaim(proposal.Proposal.Id, proposal.Proposal.Version, new("c"), StoreWorld.Ct) is not null);
    }

    private static Task Finish(StoreWorld world, Proposal claimed) => world.Write(async t =>
    {
        var before = (await world.Proposals.Find(t, claimed.Id))!;
        Assert.True(await world.Proposals.Move(t, before, before with { Proposal = before.Proposal with { Status = ProposalStatus.Succeeded } }));
    });
}
