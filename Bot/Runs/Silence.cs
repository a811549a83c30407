using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>
/// Nobody answers. At half of the time a reminder, at three quarters another that mentions the plan's escalation people, then expiry. An
/// Administrator may have it wait longer. Each of these is a stored step that whoever moves it takes, with its audit and outbox rows.
/// </summary>
internal sealed class Silence(RunTables tables, ProposalSteps steps, TimeProvider clock)
{
    private static readonly TimeSpan WhileStopped = TimeSpan.FromMinutes(2);

    public static DateTimeOffset RemindAt(DateTimeOffset from, DateTimeOffset deadline) => from + ((deadline - from) / 2);

    public static DateTimeOffset EscalateAt(DateTimeOffset from, DateTimeOffset deadline) => from + ((deadline - from) * 0.75);

    public Task Nudge(Wait due, CancellationToken cancellation) => tables.Ledger.Write(DurableStep.Reminded,
        async t =>
        {
            var now = clock.GetUtcNow();
            // While stopped nobody can approve; the reminder waits until they can.
            var stopped = (await tables.Plans.ReadControl(t)).Stopped;
            if (!await tables.Waits.Take(t, due, stopped ? now + WhileStopped : null) || stopped)
            {
                return;
            }

            if (await tables.Proposals.Find(t, due.Proposal) is not { Status: ProposalStatus.AwaitingApproval } before
                || before.Proposal.Revision != due.Revision || before.Proposal.Deadline is not { } deadline || deadline <= now)
            {
                return;
            }

            var waiting = before.Proposal.Waiting;
            var after = before with
            {
                Proposal = before.Proposal with
                {
                    Waiting = waiting with { Nudges = waiting.Nudges + 1, NudgedRevision = due.Revision, Escalated = due.Step == WaitStep.Escalate },
                },
            };
            if (await tables.Proposals.Move(t, before, after))
            {
                await t.Append(AuditEntry.OfBot(now, AuditKind.Reminded, after.Proposal.Subject, after: due.Step.ToString(), detail: $"revision {due.Revision}, deadline {deadline:u}"));
                await steps.Remind(t, after, Urgency.Approval, now);
            }
        },
        cancellation);

    /// <returns>The new deadline, or why there is none.</returns>
    public async Task<(DateTimeOffset? Until, string Why)> KeepWaiting(ITransaction transaction, GatedProposal before, Who by)
    {
        var now = clock.GetUtcNow();
        var proposal = before.Proposal;
        if (proposal.Deadline is not { } deadline || deadline <= now)
        {
            return (null, "Its time is over already. Nothing was changed.");
        }

        if (proposal.Extended is not { } until)
        {
            return (null, proposal.Waiting.Extensions.Count >= Waiting.MostExtensions
                ? $"It was kept waiting {Waiting.MostExtensions} times already, by {string.Join(" and ", proposal.Waiting.Extensions.Select(e => e.By.Name).Distinct())}. Nothing was changed."
                : $"It waits {Waiting.LongestInExpiries} times as long as its plan allows already. Nothing was changed.");
        }

        var after = before with
        {
            Proposal = proposal with { Waiting = proposal.Waiting with { Extensions = [.. proposal.Waiting.Extensions, new(by, now, proposal.Revision, until)] } },
        };
        if (!await tables.Proposals.Move(transaction, before, after))
        {
            return (null, "Somebody else was faster. Please use the newest card.");
        }

        await transaction.Append(AuditEntry.Of(now, AuditKind.KeptWaiting, AuditActor.Person(by.TenantId, by.ObjectId, by.Name), proposal.Subject, $"{deadline:u}", $"{until:u}", $"revision {proposal.Revision}"));
        await tables.Waits.Replan(transaction, new(proposal.Id, WaitStep.Remind, proposal.Revision, RemindAt(now, until)));
        await tables.Waits.Replan(transaction, new(proposal.Id, WaitStep.Escalate, proposal.Revision, EscalateAt(now, until)));
        await steps.Show(transaction, after, now);
        return (until, "");
    }
}
