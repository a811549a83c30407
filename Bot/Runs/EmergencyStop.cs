using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>
/// One word halts every change: what was decided but not claimed becomes Blocked in the transaction that records the stop, and no claim commits
/// after it. What is being executed already cannot be called back and is followed to its end. <c>start</c> revives nothing by itself: what the
/// stop blocked is gated again and asks.
/// </summary>
internal sealed class EmergencyStop(RunTables tables, ProposalSteps steps, Recheck recheck, AgentSettings agent, TimeProvider clock)
{
    private const int All = 10_000;
    private const int AtOnce = 4;

    /// <summary>How the gate's words about the stop begin; what was blocked with them is looked at again after <c>start</c>.</summary>
    private const string Words = "The emergency stop is on";

    /// <param name="where">For the auditor: the conversation in which it was said.</param>
    /// <returns>The control row as it is now; <c>Blocked</c> counts what the stop caught. Null when somebody else changed it first.</returns>
    public async Task<(Control Now, bool Changed, int Blocked, int Executing)?> Stop(ITransaction transaction, Who by, string? where = null)
    {
        var now = clock.GetUtcNow();
        // Waits for the claims and decisions on their way; those that come later see the stop.
        var control = await tables.Plans.HoldControl(transaction);
        var executing = (await tables.Proposals.InStatus(transaction, [ProposalStatus.Executing], All)).Count;
        if (control.Stopped)
        {
            return (control, false, 0, executing);
        }

        if (await tables.Plans.WriteControl(transaction, control with { Stopped = true, StoppedBy = by.Name, StoppedAt = now }, control.Version) is not { } stopped)
        {
            return null;
        }

        var actor = AuditActor.Person(by.TenantId, by.ObjectId, by.Name);
        await transaction.Append(AuditEntry.Of(now, AuditKind.StopChanged, actor, "agent/stop", "Running", "Stopped", where is null ? null : $"in {where}"));
        var verdict = new Verdict(VerdictKind.Blocked, [$"{Words}: pressed by {by.Name}, since {now:u}. An Administrator ends it with 'start'."]);
        var listed = await tables.Proposals.InStatus(transaction, [ProposalStatus.Cleared, ProposalStatus.Approved], All);
        var caught = await steps.TakeEach(transaction, listed, ProposalEvent.EmergencyStop, verdict.Reasons[0], verdict, actor);
        await Announce(transaction, ReportText.Stopped(by.Name, caught, executing, agent.Sandbox), now);
        return (stopped, true, caught, executing);
    }

    /// <returns>False when somebody else changed the control row first.</returns>
    public async Task<bool> Start(ITransaction transaction, Control control, Who by)
    {
        var now = clock.GetUtcNow();
        if (await tables.Plans.WriteControl(transaction, control with { Stopped = false, StoppedBy = null, StoppedAt = null }, control.Version) is null)
        {
            return false;
        }

        await transaction.Append(AuditEntry.Of(now, AuditKind.StopChanged, AuditActor.Person(by.TenantId, by.ObjectId, by.Name), "agent/stop", "Stopped", "Running",
            $"stopped by {control.StoppedBy} at {control.StoppedAt:u}"));
        await Announce(transaction, ReportText.Started(by.Name, agent.Sandbox), now);
        return true;
    }

    /// <summary>
    /// Looks again at what the stop blocked, once it is over. Called at every beat: rows say what is left to do, so that a restart between
    /// <c>start</c> and this loses nothing.
    /// </summary>
    public async Task GateAgain(CancellationToken cancellation)
    {
        var (stopped, blocked) = await tables.Ledger.Read(
            async t => ((await tables.Plans.ReadControl(t)).Stopped, await tables.Proposals.InStatus(t, [ProposalStatus.Blocked], All)), cancellation);
        if (stopped)
        {
            return;
        }

        var caught = blocked.Where(p => p.Verdict.Reasons.Any(r => r.StartsWith(Words, StringComparison.Ordinal))).ToList();
        if (caught.Count > 0)
        {
            await tables.Under(new Lease("gate-again", clock), clock, token => GateAgain(caught, token), cancellation);
        }
    }

    private Task GateAgain(List<GatedProposal> caught, CancellationToken cancellation) => Parallel.ForEachAsync(
        caught, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
        async (proposal, token) => await recheck.Look(proposal.Proposal.Id, AuditActor.Bot, token));

    /// <summary>Where everybody reads, not only where it was written: in the default place, and once in every other channel where a plan or a task asks.</summary>
    private async Task Announce(ITransaction transaction, string text, DateTimeOffset now)
    {
        var subject = $"stop/{now.ToUnixTimeMilliseconds()}";
        await tables.Outbox.Enqueue(transaction, new OutboxItem(Shown.Notice, subject, Urgency.Stop, Payload: new(text)), now);
        var chosen = (await tables.Plans.ReadControl(transaction)).DefaultChannel is { } id ? await tables.Conversations.Find(transaction, id) : null;
        var told = (chosen ?? await tables.Conversations.FirstTeam(transaction))?.Id;
        foreach (var channel in (await tables.Plans.All(transaction)).Select(p => p.Channel).Concat((await tables.Tasks.All(transaction)).Select(k => k.Channel)).OfType<string>().Distinct(StringComparer.Ordinal).Where(c => c != told))
        {
            if (await tables.Conversations.Find(transaction, channel) is not null)
            {
                await tables.Outbox.Enqueue(transaction, new OutboxItem(Shown.Notice, $"{subject}/{channel}", Urgency.Stop, ConversationId: channel, Payload: new(text)), now);
            }
        }
    }
}
