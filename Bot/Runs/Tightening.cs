using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>
/// Setting a plan, or the default, to Review. In force with the answer: what had been approved or cleared but not claimed goes back to asking in
/// the same transaction, so that no claim commits after it. Raising has no such counterpart: it reaches the next run only.
/// </summary>
internal sealed class Tightening(RunTables tables, ProposalSteps steps, TimeProvider clock)
{
    private const int All = 10_000;

    /// <param name="why">For the auditor: where it was said, or what made the bot do it.</param>
    /// <returns>False when somebody else changed the plan first; then nothing is changed here.</returns>
    public async Task<bool> ToReview(ITransaction transaction, ResponsePlan plan, AuditActor by, string? why = null)
    {
        var control = await tables.Plans.ShareControl(transaction);
        var before = Gate.RunModes.Resolve(plan.Mode, plan.Name, null, null, control.DefaultMode);
        if (await tables.Plans.Update(transaction, plan with { Mode = RunMode.Review }, plan.Version) is null)
        {
            return false;
        }

        var after = new EffectiveMode(RunMode.Review, ModeSource.Plan, plan.Name);
        await transaction.Append(AuditEntry.Of(clock.GetUtcNow(), AuditKind.ModeChanged, by, $"plan/{plan.Name}", before.ToString(), after.ToString(), why));
        await Lowered(transaction, after, plan, by);
        return true;
    }

    /// <summary>A plan whose mode was written by somebody else's hand.</summary>
    /// <param name="now">The mode as it is now, and where it comes from.</param>
    public Task Lowered(ITransaction transaction, EffectiveMode now, ResponsePlan plan, AuditActor by) =>
        AskAgain(transaction, now, $"The run mode was set to {now} before it started.", now.AsReason, by, Under(plan));

    /// <summary>Raised again, by an Administrator who confirmed it: what went wrong before is not held against it any more.</summary>
    public Task Raised(ITransaction transaction, ResponsePlan plan) => tables.Lapses.Spend(transaction, SelfDemotion.Of(plan));

    /// <summary>A plan that was edited, otherwise than to Review: what it had approved or cleared was judged by what it said before.</summary>
    public Task Edited(ITransaction transaction, ResponsePlan plan, string why, AuditActor by) =>
        AskAgain(transaction, new(RunMode.Review, ModeSource.Plan, plan.Name), why, why, by, Under(plan));

    /// <summary>A plan that was paused or deleted: nothing of it starts any more, so nothing of it is asked.</summary>
    public async Task Gone(ITransaction transaction, ResponsePlan plan, string why, AuditActor by)
    {
        var open = await tables.Proposals.InStatus(transaction, [ProposalStatus.Blocked, ProposalStatus.AwaitingApproval, ProposalStatus.Approved, ProposalStatus.Cleared], All);
        await steps.TakeEach(transaction, open.Where(p => Under(plan)(p.Proposal.Plan, p.Mode)), ProposalEvent.PlanOrTargetGone, why, by: by);
        await PinRuns(transaction, new(RunMode.Review, ModeSource.Plan, plan.Name), Under(plan));
    }

    /// <param name="why">For the auditor: where it was said.</param>
    /// <returns>False when somebody else changed the control row first.</returns>
    public async Task<bool> DefaultToReview(ITransaction transaction, Control control, AuditActor by, string? why = null)
    {
        if (await tables.Plans.WriteControl(transaction, control with { DefaultMode = RunMode.Review }, control.Version) is null)
        {
            return false;
        }

        var after = new EffectiveMode(RunMode.Review, ModeSource.Agent);
        await transaction.Append(AuditEntry.Of(clock.GetUtcNow(), AuditKind.ModeChanged, by, "agent/default", (control.DefaultMode ?? RunMode.Review).ToString(), after.Mode.ToString(), why));
        var own = (await tables.Plans.All(transaction)).Where(p => p.Mode is not null).Select(p => p.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // A plan that got a mode of its own since then still has work that was judged by the default.
        await AskAgain(transaction, after, $"The run mode was set to {after} before it started.", after.AsReason, by, (name, mode) => mode.Source == ModeSource.Agent || name is null || !own.Contains(name));
        return true;
    }

    private static Func<string?, EffectiveMode, bool> Under(ResponsePlan plan) => (name, _) => plan.Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    private async Task AskAgain(ITransaction transaction, EffectiveMode now, string why, string reason, AuditActor by, Func<string?, EffectiveMode, bool> concerned)
    {
        var listed = (await tables.Proposals.InStatus(transaction, [ProposalStatus.Cleared, ProposalStatus.Approved], All)).Where(p => concerned(p.Proposal.Plan, p.Mode));
        await steps.TakeEach(transaction, listed, ProposalEvent.PlanTightened, why, new(VerdictKind.AskFirst, [reason]), by);
        await PinRuns(transaction, now, concerned);
    }

    /// <summary>Runs that have not proposed yet stay tightened, also when the plan is raised again before they do.</summary>
    private async Task PinRuns(ITransaction transaction, EffectiveMode now, Func<string?, EffectiveMode, bool> concerned)
    {
        foreach (var state in (RunState[])[RunState.Queued, RunState.Investigating])
        {
            foreach (var listedRun in await tables.Runs.InState(transaction, state, DateTimeOffset.MaxValue, All))
            {
                // Again for one that took a step meanwhile, until it is tightened or has proposed.
                for (var run = listedRun; run is { State: RunState.Queued or RunState.Investigating, Mode.Mode: RunMode.Autonomous } && concerned(run.Plan, run.Mode);
                    run = await tables.Runs.Find(transaction, run.Id))
                {
                    if (await tables.Runs.Move(transaction, run, run with { Mode = now }))
                    {
                        break;
                    }
                }
            }
        }
    }
}
