using System.Globalization;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Proposals;

public sealed class ProposalLifecycleTests
{
    private static readonly ProposalStatus?[] From = [null, .. Enum.GetValues<ProposalStatus>()];
    private static readonly ProposalEvent[] Events = Enum.GetValues<ProposalEvent>();

    private static readonly IReadOnlyList<(ProposalStatus? From, ProposalEvent Event, Step? Step)> Pairs =
        [.. From.SelectMany(from => Events.Select(happened => (from, happened, ProposalLifecycle.Next(from, happened))))];

    [Fact]
    public async Task Every_pair_of_state_and_event_is_in_the_golden_file()
    {
        Assert.Equal((13 + 1) * 21, Pairs.Count);
        await Golden.MustEqual("Bot.Tests/Proposals/Golden/lifecycle.txt",
        [
            string.Create(CultureInfo.InvariantCulture, $"{Pairs.Count} pairs, {Pairs.Count(p => p.Step is not null)} legal"),
            .. Pairs.Select(p => $"{p.From?.ToString() ?? "(created)",-16} {p.Event,-29} {Words(p.Step)}"),
        ]);
    }

    [Fact]
    public void What_was_blocked_is_never_cleared_and_nothing_but_a_new_proposal_is() =>
        Assert.Equal([null], Pairs.Where(p => p.Step?.To == ProposalStatus.Cleared).Select(p => p.From));

    [Fact]
    public void A_final_state_has_no_exit_and_every_other_state_has_one()
    {
        foreach (var status in Enum.GetValues<ProposalStatus>())
        {
            Assert.Equal(ProposalLifecycle.IsFinal(status), Pairs.Where(p => p.From == status).All(p => p.Step is null));
        }
    }

    [Fact]
    public void Executing_is_reached_by_a_claim_from_Approved_or_Cleared_alone() => Assert.Equal(
        [(ProposalStatus.Cleared, ProposalEvent.Claimed), (ProposalStatus.Approved, ProposalEvent.Claimed)],
        Pairs.Where(p => p.Step?.To == ProposalStatus.Executing).Select(p => (p.From!.Value, p.Event)));

    [Fact]
    public void Approved_is_reached_by_a_person_alone() => Assert.Equal(
        [ProposalEvent.Approve, ProposalEvent.FactsCannotBeTold],
        Pairs.Where(p => p.Step?.To == ProposalStatus.Approved).Select(p => p.Event));

    [Fact]
    public void An_approval_survives_only_its_execution_and_facts_that_cannot_be_told() => Assert.All(
        Pairs.Where(p => p is { From: ProposalStatus.Approved, Step: not null }),
        p => Assert.Equal(p.Event is not (ProposalEvent.Claimed or ProposalEvent.FactsCannotBeTold), p.Step!.VoidsDecision));

    [Fact]
    public void Whatever_asks_again_asks_with_a_new_revision_and_no_old_decision() => Assert.All(
        Pairs.Where(p => p is { From: not null, Step.To: ProposalStatus.AwaitingApproval } && p.Event != ProposalEvent.EmergencyStop),
        p => Assert.True(p.Step is { NextRevision: true, VoidsDecision: true }, $"{p.From} {p.Event}"));

    [Fact]
    public void Leaving_Cleared_without_executing_never_leaves_a_seal_that_could_be_used() => Assert.All(
        Pairs.Where(p => p is { From: ProposalStatus.Cleared, Step: { } step } && !ProposalLifecycle.IsFinal(step.To) && step.To != ProposalStatus.Executing),
        p => Assert.True(p.Step!.VoidsDecision, $"{p.Event}"));

    [Fact]
    public void A_result_that_is_unknown_is_ended_by_a_result_alone() => Assert.Equal(
        [ProposalEvent.ResultSucceeded, ProposalEvent.ResultFailed],
        Pairs.Where(p => p is { From: ProposalStatus.Indeterminate, Step: not null }).Select(p => p.Event));

    [Fact]
    public void Nothing_happening_changes_nothing() => Assert.All(From, from => Assert.Null(ProposalLifecycle.Next(from, ProposalEvent.None)));

    [Fact]
    public void A_status_that_this_build_does_not_know_goes_nowhere() => Assert.All(Events, happened => Assert.Null(ProposalLifecycle.Next((ProposalStatus)99, happened)));

    [Fact]
    public void The_sources_of_an_event_are_the_states_it_is_legal_from() => Assert.All(
        Events,
        happened => Assert.Equal(Pairs.Where(p => p.Event == happened && p is { From: not null, Step: not null }).Select(p => p.From!.Value).Order(), ProposalLifecycle.Sources(happened)));

    private static string Words(Step? step) => step is null ? "illegal"
        : $"{step.To}{(step.NextRevision ? ", next revision" : "")}{(step.VoidsDecision ? ", decision void" : "")}";
}
