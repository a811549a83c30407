using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Tests.Runs;

/// <summary>Who may act on a target that more than one run has in mind.</summary>
public sealed class TargetsTests : IAsyncDisposable
{
    private const int Shop = TargetModel.App, Next = TargetModel.Slot, Mail = TargetModel.Other;
    private readonly TargetWorld _world = new();
    private readonly TargetSteps _steps;

    public TargetsTests() => _steps = new(_world);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Two_rules_that_find_one_app_sick_at_the_same_moment_restart_it_once_and_the_second_asks()
    {
        await _world.Begin([true, true, true], true);
        await _steps.Fire(Shop, 0, 2);
        await _steps.Fire(Shop, 1, 2);
        foreach (var run in await _steps.Open(RunState.Queued))
        {
            await _steps.Investigate(run);
            _world.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        foreach (var proposal in (await _world.Proposals()).Where(p => p.Status == ProposalStatus.Cleared)) await _steps.Execute(proposal);

        Assert.Equal([ProposalStatus.AwaitingApproval, ProposalStatus.Succeeded], (await _world.Proposals()).Select(p => p.Status).Order());
        Assert.Single(_world.Wire.Posts);
    }

    [Fact]
    public async Task What_was_measured_before_another_operation_ran_there_asks_first()
    {
        await _world.Begin([true, true, true], true);
        await Propose(Shop, 0);
        await _steps.Fire(Shop, 1, 2);
        var run = Assert.Single(await _steps.Open(RunState.Queued));
        // The first is executed from beginning to end while the second has measured and asks Azure about its rights.
        var (entered, go) = (new TaskCompletionSource(), new TaskCompletionSource());
        _world.Wire.NextStep(n =>
        {
            if (n != 1) return Task.CompletedTask;
            entered.SetResult();
            return go.Task;
        });
        var investigating = _world.Get<RunFlow>().Investigate(run, CancellationToken.None);
        await entered.Task;
        await _steps.Execute((await _world.Proposals())[0]);
        go.SetResult();
        await investigating;

        var second = (await _world.Proposals()).Single(p => p.Proposal.Run == run.Id);
        Assert.Equal(ProposalStatus.AwaitingApproval, second.Status);
        Assert.Contains("Another proposal concerns shop", string.Join(' ', second.Verdict.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Deny_holds_for_the_whole_target_also_in_an_incident_whose_first_proposal_was_superseded()
    {
        await _world.Begin([false, true, true], true);
        await Propose(Shop, 0, severity: 3);
        var denied = await Propose(Shop, 0, severity: 1);
        Assert.Equal([ProposalStatus.Superseded, ProposalStatus.AwaitingApproval], (await _world.Proposals()).Select(p => p.Status));
        await _steps.Settle();
        Assert.True(await _steps.Click("Ada", denied, approve: false, 1));
        await _steps.Settle();

        var other = await Propose(Next, 1);

        Assert.Equal(ProposalStatus.AwaitingApproval, other.Status);
        Assert.Contains("Ada Admin denied", string.Join(' ', other.Verdict.Reasons), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_newer_proposal_supersedes_within_its_incident_only()
    {
        await _world.Begin([false, false, false], false);
        await Propose(Shop, 0, severity: 3);
        await Propose(Shop, 1, severity: 3);
        await Propose(Shop, 0, severity: 1);

        Assert.Equal([ProposalStatus.Superseded, ProposalStatus.AwaitingApproval, ProposalStatus.AwaitingApproval], (await _world.Proposals()).Select(p => p.Status));
    }

    [Fact]
    public async Task What_a_person_asked_for_waits_behind_what_was_there_before_and_can_be_denied_at_once()
    {
        await _world.Begin([false, false, false], false);
        var expired = await Propose(Shop, 0);
        _world.Clock.Advance(TimeSpan.FromHours(2));
        await _steps.Expire();
        await _steps.Settle();
        var first = await Propose(Next, 0);
        await _steps.Again("Sam", expired, isAdministrator: false);
        var asked = await Investigated();

        Assert.Equal(ProposalStatus.AwaitingApproval, asked.Status);
        Assert.False(await _steps.Click("Ada", asked, approve: true, 1));
        Assert.Contains(await _world.Audit(), row => row.Entry.Kind == AuditKind.DecisionRefused && row.Entry.Detail!.Contains("overtake", StringComparison.Ordinal));
        Assert.True(await _steps.Click("Ada", first, approve: false, 1));
        Assert.True(await _steps.Click("Ada", asked, approve: true, 1));
    }

    [Fact]
    public async Task A_person_has_three_open_proposals_and_what_is_still_to_be_investigated_counts()
    {
        await _world.Begin([false, false, false], false);
        List<GatedProposal> expired = [];
        for (var i = 0; i < 4; i++) expired.Add(await Propose(i % 2 == 0 ? Shop : Mail, i / 2));
        _world.Clock.Advance(TimeSpan.FromHours(2));
        await _steps.Expire();
        await _steps.Settle();

        foreach (var proposal in expired) await _steps.Again("Sam", proposal, isAdministrator: false);

        Assert.Equal(3, (await _steps.Open(RunState.Queued)).Count);
    }

    [Fact]
    public async Task A_Deny_holds_for_a_day_on_its_target_whichever_incident_a_person_asks_about()
    {
        await _world.Begin([false, false, false], false);
        var other = await Propose(Shop, 0);
        _world.Clock.Advance(TimeSpan.FromHours(2));
        await _steps.Expire();
        await _steps.Settle();
        Assert.True(await _steps.Click("Ada", await Propose(Shop, 1), approve: false, 1));
        await _steps.Settle();

        await _steps.Again("Sam", other, isAdministrator: false);
        Assert.Empty(await _steps.Open(RunState.Queued));
        await _steps.Again("Ada", other, isAdministrator: true);
        Assert.Single(await _steps.Open(RunState.Queued));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_run_that_was_tightened_before_it_proposed_asks_even_if_its_plan_is_raised_again_at_once(bool investigating)
    {
        await _world.Begin([true, true, true], true);
        await _steps.Fire(Shop, 0, 2);
        if (investigating) _world.Wire.NextStep(n => n == 1 ? TightenAndRaise() : Task.CompletedTask);
        else await TightenAndRaise();

        await _steps.Investigate((await _steps.Open(RunState.Queued))[0]);
        _world.Clock.Advance(TimeSpan.FromSeconds(10));
        if (investigating) await _steps.Investigate((await _steps.Open(RunState.Queued))[0]);

        Assert.Equal(ProposalStatus.AwaitingApproval, Assert.Single(await _world.Proposals()).Status);

        async Task TightenAndRaise()
        {
            await _steps.ToReview(Shop);
            await _steps.Raise(Shop);
        }
    }

    [Fact]
    public async Task While_a_result_is_unknown_nothing_runs_above_or_below_and_a_note_releases_the_target()
    {
        await _world.Begin([false, false, false], false);
        await Approved(await Propose(Next, 0));
        var other = await Propose(Shop, 0);
        await Approved(other);
        _world.Wire.NextStep(n => n == 2 ? new TaskCompletionSource().Task : Task.CompletedTask);
        var slot = (await _world.Proposals())[0];
        var lost = _steps.Execute(slot);
        while ((await _world.Proposals())[0].Status != ProposalStatus.Executing) await Task.Yield();
        await _world.Kill();
        _world.Wire.NextStep(null);
        Assert.False(lost.IsCompleted);

        await _steps.Execute((await _world.Proposals())[1]);
        Assert.Equal([ProposalStatus.Indeterminate, ProposalStatus.Approved], (await _world.Proposals()).Select(p => p.Status));
        await _steps.Deliver();
        await _steps.Annotate((await _world.Proposals())[0]);
        await _steps.Execute((await _world.Proposals())[1]);

        Assert.Equal([ProposalStatus.Indeterminate, ProposalStatus.Succeeded], (await _world.Proposals()).Select(p => p.Status));
    }

    [Fact]
    public async Task What_changed_back_and_forth_while_it_waited_is_asked_again_however_often_it_was_told()
    {
        await _world.Begin([false, false, false], false);
        await Propose(Shop, 0);
        for (var told = 2; told <= 3; told++)
        {
            _world.Wire.Sizes[TargetWorld.Paths[Shop]] ^= 1;
            _world.Clock.Advance(TimeSpan.FromMinutes(3));
            await _steps.Watch();
            await _steps.Deliver();
        }

        // The card says the first size again, and that is what Ada approves.
        Assert.True(await _steps.Click("Ada", (await _world.Proposals())[0], approve: true, 3));
        _world.Wire.Sizes[TargetWorld.Paths[Shop]] ^= 1;
        await _steps.Execute((await _world.Proposals())[0]);

        Assert.Equal((ProposalStatus.AwaitingApproval, 4), (await _world.Proposals()).Select(p => (p.Status, p.Proposal.Revision)).Single());
        Assert.Empty(_world.Wire.Posts);
    }

    private async Task<GatedProposal> Propose(int target, int rule, int severity = 2)
    {
        await _steps.Fire(target, rule, severity);
        return await Investigated();
    }

    private async Task<GatedProposal> Investigated()
    {
        await _steps.Investigate(Assert.Single(await _steps.Open(RunState.Queued)));
        await _steps.Deliver();
        _world.Clock.Advance(TimeSpan.FromSeconds(1));
        return (await _world.Proposals())[^1];
    }

    private async Task Approved(GatedProposal proposal) => Assert.True(await _steps.Click("Ada", proposal, approve: true, 1));
}
