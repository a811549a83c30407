using RunModes.Bot.Audit;
using RunModes.Bot.Approvals;
using RunModes.Bot.Cards;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;
using RunModes.Bot.Telemetry;

namespace RunModes.Bot.Runs;

/// <summary>
/// Asks after long-running operations. A poll is taken by a guarded statement, so that of several workers one asks; what was sent is never sent
/// again; and what nobody could find out in time is unknown, though it is asked after for a day more.
/// </summary>
internal sealed class Polls(RunTables tables, Executions executions, PollSeals seals, ArmPolling azure, TimeProvider clock)
{
    /// <summary>Longer than one look: then whoever took the poll is gone, and another one asks.</summary>
    private static readonly TimeSpan Turn = ArmPolling.Limit + TimeSpan.FromSeconds(4);

    private static readonly TimeSpan LaterEvery = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LaterFor = TimeSpan.FromHours(24);

    public async Task Look(FollowedProposal due, CancellationToken cancellation)
    {
        var turn = clock.GetUtcNow() + Turn;
        if (!await tables.Ledger.Write(DurableStep.PollTaken, t => tables.Proposals.TakePoll(t, due, turn), cancellation))
        {
            return;
        }

        var proposal = due.Gated.Proposal;
        using var span = Traces.Begin("poll", proposal.Incident, proposal.Span);
        var answer = seals.Open(proposal, due.Poll.Sealed) is { } poll
            ? await azure.Look(proposal.Operation, poll, cancellation)
            : new PollAnswer.Ended(ExecutionResult.Doubtful("PollingLost", "Azure accepted it, but where to ask how it ended cannot be read from the store"));

        // Whatever was heard is recorded, even while the bot stops.
        await (answer switch
        {
            PollAnswer.Ended ended => executions.Finish(proposal, ended.Result, CancellationToken.None, ended.AskLater ? Later(due) : null),
            PollAnswer.Running running => NotYet(due, running.After, running.Progress, running.Progress),
            PollAnswer.Unread unread => NotYet(due, unread.After, "", unread.Why),
            _ => throw new InvalidOperationException($"An answer nobody knows: {answer.GetType().Name}."),
        });
    }

    private Task NotYet(FollowedProposal due, TimeSpan after, string progress, string heard)
    {
        var now = clock.GetUtcNow();
        var executing = due.Gated.Status == ProposalStatus.Executing;
        if (now < due.Poll.Until)
        {
            // For an unknown result people have been called: there is no hurry any more, and they may have changed the resource since.
            var next = executing ? now + after : now + LaterEvery;
            return executions.GoOn(due, progress, due.Poll with { NextAt = next < due.Poll.Until ? next : due.Poll.Until }, CancellationToken.None);
        }

        if (!executing)
        {
            return executions.GoOn(due, progress, null, CancellationToken.None);
        }

        var limit = Words.Span(due.Gated.Proposal.Operation.Limit);
        var last = heard.Length > 0 ? $"; last heard: {heard}" : "";
        return executions.Finish(due.Gated.Proposal, ExecutionResult.Doubtful("PollingGivenUp", $"Azure accepted it and had not finished it after {limit}{last}"), CancellationToken.None, Later(due));
    }

    private StoredPoll Later(FollowedProposal due) =>
        new(due.Poll.Sealed, clock.GetUtcNow() + LaterEvery, (due.Gated.Proposal.Execution?.StartedAt ?? clock.GetUtcNow()) + LaterFor);
}
