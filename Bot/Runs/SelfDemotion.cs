using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>
/// An Autonomous plan or task whose operations go wrong asks again: with the last lapse that its budget allows it is set to Review, in the transaction that
/// ends the run. Whoever is killed before has ended no run, and the next to end it counts it; a run ends once.
/// </summary>
internal sealed class SelfDemotion(RunTables tables, Tightening tightening, AutonomyBudget budget, AgentSettings agent, TimeProvider clock)
{
    private const int MostNamed = 5;

    public static string Of(ResponsePlan plan) => $"plan/{plan.Key}";

    public static string Of(ScheduledTask task) => $"task/{task.Key}";

    /// <summary>The run acted without asking and has ended.</summary>
    public async Task Note(ITransaction transaction, Run run, GatedProposal ended, RunOutcome? outcome)
    {
        if (Words(outcome) is not { } how || ended.Proposal.Execution is null)
        {
            return;
        }

        // Control row, then plan or task: the order in which claims and decisions take them. Who holds it sees what was counted before.
        var control = await tables.Plans.ShareControl(transaction);
        var mandate = new Mandate(
            run.Plan is { } plan ? await tables.Plans.Hold(transaction, plan.ToLowerInvariant()) : null, run.Task is { } task ? await tables.Tasks.Hold(transaction, task.ToLowerInvariant()) : null);
        if (Owner(mandate) is not { } owner || mandate.ModeUnder(control).Mode != RunMode.Autonomous)
        {
            return;
        }

        var now = clock.GetUtcNow();
        await tables.Lapses.Add(transaction, new(run.Id, owner, now, $"{ended.Proposal.Operation.Title}: {how}"));
        var lapses = await tables.Lapses.Since(transaction, owner, now - budget.LapseWindow, Math.Max(budget.LapsesToReview, MostNamed));
        if (lapses.Count < budget.LapsesToReview)
        {
            return;
        }

        var why = $"{lapses.Count} of its operations without asking went wrong since {now - budget.LapseWindow:u}: {string.Join("; ", lapses.Select(l => $"{l.What} ({l.Run})"))}";
        var edited = new PlanEditor(Who.Bot, now);
        if (!(mandate.Plan is { } ofPlan ? await tightening.ToReview(transaction, ofPlan with { Edited = edited }, AuditActor.Bot, why)
            : await tightening.ToReview(transaction, mandate.Task! with { Edited = edited }, AuditActor.Bot, why)))
        {
            // Thrown, not returned: the run has not ended without it.
            throw new InvalidOperationException($"{owner} changed while it was held.");
        }

        await tables.Lapses.Spend(transaction, owner);
        await Tell(transaction, mandate, owner, [.. lapses.Take(MostNamed)], now);
    }

    private static string? Owner(Mandate mandate) => mandate.Plan is { } plan ? Of(plan) : mandate.Task is { } task ? Of(task) : null;

    /// <summary>In a post of its own where it asks: from now on it does again.</summary>
    private async Task Tell(ITransaction transaction, Mandate mandate, string owner, IReadOnlyList<Lapse> lapses, DateTimeOffset now)
    {
        var place = mandate.Channel is { } id && await tables.Conversations.Find(transaction, id) is not null ? id : null;
        var text = ReportText.Demoted((mandate.Plan?.Name ?? mandate.Task?.Name)!, [.. lapses.Select(l => (l.At, l.What))], budget.LapseWindow, agent.Sandbox);
        await tables.Outbox.Enqueue(transaction, new OutboxItem(Shown.Notice, $"demoted/{owner[(owner.IndexOf('/', StringComparison.Ordinal) + 1)..]}/{lapses[0].Run}", Urgency.Decision, ConversationId: place, Payload: new(text)), now);
    }

    /// <summary>Null when nothing went wrong. What could not be measured is not called recovered.</summary>
    private static string? Words(RunOutcome? outcome) => outcome switch
    {
        RunOutcome.Failed => "failed",
        RunOutcome.NotResolved => "did not recover",
        RunOutcome.Unknown => "nobody knows whether it helped",
        _ => null,
    };
}
