using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Cards;

namespace RunModes.Bot.Tests.Plans;

/// <summary>"When you find patterns you're always approving, switch those": what is a pattern, and what is not one yet.</summary>
public sealed class PlanInsightTests
{
    private static readonly DateTimeOffset To = new(2026, 11, 25, 8, 0, 0, TimeSpan.Zero);
    private static readonly EffectiveMode Review = new(RunMode.Review, ModeSource.Plan, "web");
    private static readonly EffectiveMode Autonomous = new(RunMode.Autonomous, ModeSource.Plan, "web");

    private static Experience Approved(double daysAgo, string by = "ada", Effectiveness effect = Effectiveness.Recovered, bool byPerson = false) =>
        new("restart", "Restart App Service 'web'", To.AddDays(-daysAgo), Answered.Approved, new("t", by, by), TimeSpan.FromMinutes(4), effect, byPerson);

    private static Experience Other(double daysAgo, Answered answer) =>
        new("restart", "Restart App Service 'web'", To.AddDays(-daysAgo), answer, answer == Answered.Denied ? new Who("t", "ada", "Ada") : null, answer == Answered.Denied ? TimeSpan.FromMinutes(1) : null, Effectiveness.NotRun, false);

    private static Experience Alone(double daysAgo, Effectiveness effect) => new("restart", "Restart App Service 'web'", To.AddDays(-daysAgo), Answered.NotAsked, null, null, effect, false);

    /// <summary>Five in two weeks by two people: the least that is a pattern.</summary>
    private static Experience[] Pattern => [Approved(16), Approved(12, "ben"), Approved(9), Approved(5, "ben"), Approved(2)];

    private static readonly Dictionary<string, (Func<Experience[]> Facts, bool Holds, string[] Says)> Table = new()
    {
        ["the pattern holds"] = (() => Pattern, true, ["5 approved by 2 people over 14 days, none denied, all recovered by own measurement"]),
        ["exactly two weeks"] = (() => [.. Pattern[1..], Approved(16)], true, []),
        ["an expiry is not a denial"] = (() => [.. Pattern, Other(3, Answered.Expired), Other(4, Answered.Nobody)], true, []),
        ["one denied"] = (() => [.. Pattern, Other(7, Answered.Denied)], false, ["1 denied"]),
        ["one decider"] = (() => [.. Pattern.Select(p => p with { Decider = new("t", "ada", "Ada") })], false, ["one person decided them all"]),
        ["one decider, spelled twice"] = (() => [.. Pattern.Select((p, i) => p with { Decider = new("t", i % 2 == 0 ? "ADA" : "ada", $"{i}") })], false, ["one person decided them all"]),
        ["one week"] = (() => [Approved(8), Approved(7, "ben"), Approved(5), Approved(3), Approved(2)], false, ["they lie within 6 of 14 days"]),
        ["four approvals"] = (() => Pattern[..4], false, ["4 of the 5 approvals it takes"]),
        ["one did not recover"] = (() => [.. Pattern, Approved(6, effect: Effectiveness.NotRecovered)], false, ["1 did not measurably help"]),
        ["one failed"] = (() => [.. Pattern, Approved(6, effect: Effectiveness.Failed)], false, ["1 did not measurably help"]),
        ["one could not be measured"] = (() => [.. Pattern, Approved(6, effect: Effectiveness.CouldNotTell)], false, ["1 did not measurably help"]),
        ["one is still being measured"] = (() => [.. Pattern, Approved(0.1, effect: Effectiveness.NotMeasuredYet)], false, ["1 not measured yet"]),
        ["one went wrong while it was Autonomous"] = (() => [.. Pattern, Alone(20, Effectiveness.NotRecovered)], false, ["1 did not measurably help"]),
        ["what a person had asked for is no evidence"] = (() => [.. Pattern[..4], Approved(2, byPerson: true)], false, ["4 of the 5 approvals it takes"]),
        ["expired only"] = (() => [.. Enumerable.Range(1, 9).Select(i => Other(i * 2, Answered.Expired))], false, ["nobody has decided anything yet"]),
        ["nothing at all"] = (() => [], false, ["nobody has decided anything yet"]),
    };

    public static TheoryData<string> Situations => [.. Table.Keys];

    [Theory]
    [MemberData(nameof(Situations))]
    public void A_plan_in_Review_is_proposed_for_Autonomous_when_the_pattern_holds_and_never_before(string situation)
    {
        var (facts, holds, says) = Table[situation];
        var insight = PlanInsight.Of("web", Review, facts(), To);
        Assert.Equal(holds ? Advice.Raise : Advice.Keep, insight.Advice);
        Assert.All(says, words => Assert.Contains(words, string.Join("; ", insight.Why), StringComparison.Ordinal));
        // Nothing is advised of what has no plan, whatever people decided about it.
        Assert.Equal(Advice.Keep, PlanInsight.Of(null, null, facts(), To).Advice);
        Assert.NotEqual(Advice.Raise, PlanInsight.Of("web", Autonomous, facts(), To).Advice);
    }

    [Theory]
    [InlineData(0, 0, 0, "nothing ran without asking")]
    [InlineData(6, 0, 0, "all 6 without asking helped")]
    [InlineData(4, 1, 0, "1 of 5 without asking did not measurably help")]
    [InlineData(3, 1, 1, "1 of 4 without asking did not measurably help")]
    [InlineData(0, 1, 1, "1 of 1 without asking did not measurably help")]
    [InlineData(40, 2, 1, "2 of 42 without asking did not measurably help")]
    public void A_plan_whose_autonomy_did_badly_is_proposed_for_Review(int well, int badly, int lowers, string says)
    {
        Experience[] facts = [.. Enumerable.Range(0, well).Select(i => Alone(i / 2.0, Effectiveness.Recovered)), .. Enumerable.Range(0, badly).Select(i => Alone(i, Effectiveness.CouldNotTell))];
        var insight = PlanInsight.Of("web", Autonomous, facts, To);
        Assert.Equal(lowers == 1 ? Advice.Lower : Advice.Keep, insight.Advice);
        Assert.StartsWith(says, insight.Why[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_median_weeks_and_operations_are_those_of_the_facts()
    {
        Experience[] facts =
        [
            .. Pattern, Approved(1) with { Took = TimeSpan.FromMinutes(10) }, Other(27, Answered.Expired), Other(8, Answered.Denied),
            Alone(3, Effectiveness.Recovered) with { Intent = "swap", Title = "Swap into production the slot 'web/staging'" },
        ];
        var insight = PlanInsight.Of("web", Review, facts, To);
        Assert.Equal(new Tally(9, 6, 1, 1, 1, 7, 0, 0, TimeSpan.FromMinutes(4), 2), insight.All);
        Assert.Equal([1, 1, 3, 4], insight.Weeks);
        Assert.Equal([("Restart App Service 'web'", 8), ("Swap into production the slot 'web/staging'", 1)], insight.Intents.Select(i => (i.Title, i.Tally.Proposals)));
    }

    [Fact]
    public void What_is_stored_of_a_proposal_is_what_counts()
    {
        static Experience Of(Proposal proposal) => Experience.Of(new GatedProposal(proposal, Review, new(VerdictKind.AskFirst, [])));
        Assert.Equal((Answered.Approved, Effectiveness.Recovered), Ends(Of(Done(VerificationState.Recovered))));
        Assert.Equal((Answered.Approved, Effectiveness.NotRecovered), Ends(Of(Done(VerificationState.NotRecovered))));
        Assert.Equal((Answered.Approved, Effectiveness.CouldNotTell), Ends(Of(Done(VerificationState.CouldNotTell))));
        Assert.Equal((Answered.Approved, Effectiveness.NotMeasuredYet), Ends(Of(Done(VerificationState.Watching))));
        Assert.Equal((Answered.NotAsked, Effectiveness.Recovered), Ends(Of(Done(VerificationState.Recovered) with { Decision = null, ClearedSeal = "seal" })));
        Assert.Equal((Answered.Denied, Effectiveness.NotRun), Ends(Of(Sample.Proposal(ProposalStatus.Denied) with { Decision = Sample.Denial })));
        Assert.Equal((Answered.Expired, Effectiveness.NotRun), Ends(Of(Sample.Proposal(ProposalStatus.Expired))));
        Assert.Equal((Answered.Nobody, Effectiveness.NotRun), Ends(Of(Sample.Proposal(ProposalStatus.AwaitingApproval))));
        Assert.Equal((Answered.Nobody, Effectiveness.NotRun), Ends(Of(Sample.Proposal(ProposalStatus.Withdrawn) with { ClearedSeal = "seal" })));
        Assert.Equal((Answered.Nobody, Effectiveness.NotRun), Ends(Of(Sample.Proposal(ProposalStatus.Refused))));

        static Proposal Done(VerificationState state) => Sample.Proposal(ProposalStatus.Succeeded) with { Decision = Sample.Approval, Execution = Sample.Ran(Outcome.Succeeded, "200", null), Verification = Sample.Watch(state, null) };

        static (Answered, Effectiveness) Ends(Experience e) => (e.Answer, e.Effect);
    }
}
