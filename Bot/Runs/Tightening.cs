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

    /// <returns>False when somebody else changed the plan first; then nothing is changed here.</returns>
    public async Task<bool> ToReview(ITransaction transaction, ResponsePlan plan, AuditActor by)
    {
        var control = await tables.Plans.ReadControl(transaction);
        var before = Gate.RunModes.Resolve(plan.Mode, plan.Name, null, null, control.DefaultMode);
        if (await tables.Plans.Update(transaction, plan with { Mode = RunMode.Review }, plan.Version) is null)
        {
            return false;
        }

        var after = new EffectiveMode(RunMode.Review, ModeSource.Plan, plan.Name);
        await transaction.Append(AuditEntry.Of(clock.GetUtcNow(), AuditKind.ModeChanged, by, $"plan/{plan.Name}", before.ToString(), after.ToString()));
        await AskAgain(transaction, after, by, (name, _) => plan.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        return true;
    }

    /// <returns>False when somebody else changed the control row first.</returns>
    public async Task<bool> DefaultToReview(ITransaction transaction, Control control, AuditActor by)
    {
        if (await tables.Plans.WriteControl(transaction, control with { DefaultMode = RunMode.Review }, control.Version) is null)
        {
            return false;
        }

        var after = new EffectiveMode(RunMode.Review, ModeSource.Agent);
        await transaction.Append(AuditEntry.Of(clock.GetUtcNow(), AuditKind.ModeChanged, by, "agent/default", (control.DefaultMode ?? RunMode.Review).ToString(), after.Mode.ToString()));
        var own = (await tables.Plans.All(transaction)).Where(p => p.Mode is not null).Select(p => p.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        // A plan that got a mode of its own since then still has work that was judged by the default.
        await AskAgain(transaction, after, by, (name, mode) => mode.Source == ModeSource.Agent || name is null || !own.Contains(name));
        return true;
    }

    private async Task AskAgain(ITransaction transaction, EffectiveMode now, AuditActor by, Func<string?, EffectiveMode, bool> concerned)
    {
        foreach (var proposal in await tables.Proposals.InStatus(transaction, [ProposalStatus.Cleared, ProposalStatus.Approved], All))
        {
            if (concerned(proposal.Proposal.Plan, proposal.Mode))
            {
                await steps.Take(transaction, proposal, ProposalEvent.PlanTightened, $"The run mode was set to {now} before it started.",
                    verdict: new(VerdictKind.AskFirst, [$"The run mode is {now}."]), by: by);
            }
        }

        // Runs that have not proposed yet stay tightened, also when the plan is raised again before they do.
        foreach (var state in (RunState[])[RunState.Queued, RunState.Investigating])
        {
            foreach (var run in (await tables.Runs.InState(transaction, state, DateTimeOffset.MaxValue, All)).Where(r => r.Mode.Mode == RunMode.Autonomous && concerned(r.Plan, r.Mode)))
            {
                await tables.Runs.Move(transaction, run, run with { Mode = now });
            }
        }
    }
}
