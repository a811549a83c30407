using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>
/// Setting a plan, a task or the default to Review. In force with the answer: what had been approved or cleared but not claimed goes back to asking in
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

    /// <inheritdoc cref="Raised(ITransaction, ResponsePlan)"/>
    public Task Raised(ITransaction transaction, ScheduledTask task) => tables.Lapses.Spend(transaction, SelfDemotion.Of(task));

    /// <summary>A plan that was edited, otherwise than to Review: what it had approved or cleared was judged by what it said before.</summary>
    public Task Edited(ITransaction transaction, ResponsePlan plan, string why, AuditActor by) =>
        AskAgain(transaction, new(RunMode.Review, ModeSource.Plan, plan.Name), why, why, by, Under(plan));

    /// <inheritdoc cref="ToReview(ITransaction, ResponsePlan, AuditActor, string?)"/>
    public async Task<bool> ToReview(ITransaction transaction, ScheduledTask task, AuditActor by, string? why = null)
    {
        var before = new Mandate(null, task).ModeUnder(await tables.Plans.ShareControl(transaction));
        if (!await tables.Tasks.Move(transaction, task, task with { Mode = RunMode.Review, Revision = task.Revision + 1 }))
        {
            return false;
        }

        var after = new EffectiveMode(RunMode.Review, ModeSource.Task, task.Name);
        await transaction.Append(AuditEntry.Of(clock.GetUtcNow(), AuditKind.ModeChanged, by, task.Subject, before.ToString(), after.ToString(), why));
        await Lowered(transaction, after, task, by);
        return true;
    }

    /// <inheritdoc cref="Lowered(ITransaction, EffectiveMode, ResponsePlan, AuditActor)"/>
    public Task Lowered(ITransaction transaction, EffectiveMode now, ScheduledTask task, AuditActor by) =>
        AskAgain(transaction, now, $"The run mode was set to {now} before it started.", now.AsReason, by, Under(task));

    /// <inheritdoc cref="Edited(ITransaction, ResponsePlan, string, AuditActor)"/>
    public Task Edited(ITransaction transaction, ScheduledTask task, string why, AuditActor by) =>
        AskAgain(transaction, new(RunMode.Review, ModeSource.Task, task.Name), why, why, by, Under(task));

    /// <inheritdoc cref="Gone(ITransaction, ResponsePlan, string, AuditActor)"/>
    public Task Gone(ITransaction transaction, ScheduledTask task, string why, AuditActor by) =>
        Gone(transaction, new EffectiveMode(RunMode.Review, ModeSource.Task, task.Name), why, by, Under(task));

    /// <summary>A plan that was paused or deleted: nothing of it starts any more, so nothing of it is asked.</summary>
    public Task Gone(ITransaction transaction, ResponsePlan plan, string why, AuditActor by) =>
        Gone(transaction, new EffectiveMode(RunMode.Review, ModeSource.Plan, plan.Name), why, by, Under(plan));

    private async Task Gone(ITransaction transaction, EffectiveMode pinned, string why, AuditActor by, Func<Origin, bool> concerned)
    {
        var open = await tables.Proposals.InStatus(transaction, [ProposalStatus.Blocked, ProposalStatus.AwaitingApproval, ProposalStatus.Approved, ProposalStatus.Cleared], All);
        await steps.TakeEach(transaction, open.Where(p => concerned(Origin.Of(p))), ProposalEvent.PlanOrTargetGone, why, by: by);
        await PinRuns(transaction, pinned, concerned);
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
        var own = (await tables.Plans.All(transaction)).Where(p => p.Mode is not null).Select(p => p.Key)
            .Concat((await tables.Tasks.All(transaction)).Where(k => k.Mode is not null).Select(k => k.Key)).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // A plan or task that got a mode of its own since then still has work that was judged by the default.
        await AskAgain(transaction, after, $"The run mode was set to {after} before it started.", after.AsReason, by, o => o.Mode.Source == ModeSource.Agent || o.Name is not { } name || !own.Contains(name));
        return true;
    }

    private static Func<Origin, bool> Under(ResponsePlan plan) => o => plan.Name.Equals(o.Plan, StringComparison.OrdinalIgnoreCase);

    private static Func<Origin, bool> Under(ScheduledTask task) => o => task.Name.Equals(o.Task, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whose work it is, and which mode it pinned.</summary>
    private readonly record struct Origin(string? Plan, string? Task, EffectiveMode Mode)
    {
        public string? Name => Plan ?? Task;

        public static Origin Of(GatedProposal p) => new(p.Proposal.Plan, p.Proposal.Task, p.Mode);

        public static Origin Of(Run run) => new(run.Plan, run.Task, run.Mode);
    }

    private async Task AskAgain(ITransaction transaction, EffectiveMode now, string why, string reason, AuditActor by, Func<Origin, bool> concerned)
    {
        var listed = (await tables.Proposals.InStatus(transaction, [ProposalStatus.Cleared, ProposalStatus.Approved], All)).Where(p => concerned(Origin.Of(p)));
        await steps.TakeEach(transaction, listed, ProposalEvent.PlanTightened, why, new(VerdictKind.AskFirst, [reason]), by);
        await PinRuns(transaction, now, concerned);
    }

    /// <summary>Runs that have not proposed yet stay tightened, also when the plan is raised again before they do.</summary>
    private async Task PinRuns(ITransaction transaction, EffectiveMode now, Func<Origin, bool> concerned)
    {
        foreach (var state in (RunState[])[RunState.Queued, RunState.Investigating])
        {
            foreach (var listedRun in await tables.Runs.InState(transaction, state, DateTimeOffset.MaxValue, All))
            {
                // Again for one that took a step meanwhile, until it is tightened or has proposed.
                for (var run = listedRun; run is { State: RunState.Queued or RunState.Investigating, Mode.Mode: RunMode.Autonomous } && concerned(Origin.Of(run));
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
