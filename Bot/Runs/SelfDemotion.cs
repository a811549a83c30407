using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>
/// An Autonomous plan whose operations go wrong asks again: with the last lapse that its budget allows it is set to Review, in the transaction that
/// ends the run. Whoever is killed before has ended no run, and the next to end it counts it; a run ends once.
/// </summary>
internal sealed class SelfDemotion(RunTables tables, Tightening tightening, AutonomyBudget budget, AgentSettings agent, TimeProvider clock)
{
    private const int MostNamed = 5;

    public static string Of(ResponsePlan plan) => $"plan/{plan.Key}";

    /// <summary>The run acted without asking and has ended.</summary>
    public async Task Note(ITransaction transaction, Run run, GatedProposal ended, RunOutcome? outcome)
    {
        if (Words(outcome) is not { } how || ended.Proposal.Execution is null || run.Plan is not { } name)
        {
            return;
        }

        // Control row, then plan: the order in which claims and decisions take them. Who holds the plan sees what was counted before.
        var control = await tables.Plans.ShareControl(transaction);
        if (await tables.Plans.Hold(transaction, name.ToLowerInvariant()) is not { } plan || Gate.RunModes.Resolve(plan.Mode, plan.Name, null, null, control.DefaultMode).Mode != RunMode.Autonomous)
        {
            return;
        }

        var now = clock.GetUtcNow();
        await tables.Lapses.Add(transaction, new(run.Id, Of(plan), now, $"{ended.Proposal.Operation.Title}: {how}"));
        var lapses = await tables.Lapses.Since(transaction, Of(plan), now - budget.LapseWindow, Math.Max(budget.LapsesToReview, MostNamed));
        if (lapses.Count < budget.LapsesToReview)
        {
            return;
        }

        var why = $"{lapses.Count} of its operations without asking went wrong since {now - budget.LapseWindow:u}: {string.Join("; ", lapses.Select(l => $"{l.What} ({l.Run})"))}";
        if (!await tightening.ToReview(transaction, plan with { Edited = new(Who.Bot, now) }, AuditActor.Bot, why))
        {
            // Thrown, not returned: the run has not ended without it.
            throw new InvalidOperationException($"{plan.Name} changed while it was held.");
        }

        await tables.Lapses.Spend(transaction, Of(plan));
        await Tell(transaction, plan, [.. lapses.Take(MostNamed)], now);
    }

    /// <summary>In a post of its own where the plan asks: from now on it does again.</summary>
    private async Task Tell(ITransaction transaction, ResponsePlan plan, IReadOnlyList<Lapse> lapses, DateTimeOffset now)
    {
        var place = plan.Channel is { } id && await tables.Conversations.Find(transaction, id) is not null ? id : null;
        var text = ReportText.Demoted(plan.Name, [.. lapses.Select(l => (l.At, l.What))], budget.LapseWindow, agent.Sandbox);
        await tables.Outbox.Enqueue(transaction, new OutboxItem(Shown.Notice, $"demoted/{plan.Key}/{lapses[0].Run}", Urgency.Decision, ConversationId: place, Payload: new(text)), now);
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
