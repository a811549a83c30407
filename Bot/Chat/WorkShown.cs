using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>What waits, what was done, and what no plan took. Everything is read in one snapshot, and whatever somebody else wrote is neutralised.</summary>
internal sealed class WorkShown(RunTables tables, Names names) : IShow
{
    private const int MostPending = 20;
    private const int MostHistory = 15;
    private const int MostUnmatched = 10;

    public bool Shows(Command command) => command is Command.Pending or Command.History or Command.Unmatched;

    public Task<CardText> Show(Said said, CancellationToken cancellation) => tables.Ledger.Read(
        t => said.Command switch
        {
            Command.History history => History(t, history.Plan),
            Command.Unmatched => Unmatched(t),
            _ => Pending(t),
        },
        cancellation);

    private async Task<CardText> Pending(ITransaction transaction)
    {
        var open = await tables.Proposals.InStatus(transaction, [ProposalStatus.AwaitingApproval, ProposalStatus.Blocked], 1000);
        if (open.Count == 0)
        {
            return CardText.Of($"Nothing waits for a decision.");
        }

        List<CardText> lines = [];
        foreach (var gated in open.Take(MostPending))
        {
            var p = gated.Proposal;
            var message = (await tables.Outbox.MessagesOf(transaction, p.Subject)).LastOrDefault();
            var where = message is null ? CardText.Empty : CardText.Of($", in {PlanWords.Place(await tables.Conversations.Find(transaction, message.Message.ConversationId))}");
            var due = gated.Status == ProposalStatus.Blocked
                ? CardText.Of($"**Blocked**: {CardText.Outside(string.Join(" ", gated.Verdict.Reasons), 300)}")
                : p.Deadline is { } deadline ? CardText.Of($"**Awaiting approval** until {PlanWords.At(deadline)}")
                : CardText.Of($"**Awaiting approval**, its card is **not delivered yet** and no deadline runs{Because(await tables.Outbox.LatestOf(transaction, p.Subject))}");
            lines.Add(CardText.Of($"- {CardText.Outside(p.Operation.Title, 200)}: {CardText.Outside(p.Finding.Present, 200)}. {due}{where}"));
        }

        return CardText.Join("\n", [.. lines, More(open.Count, MostPending)]);
    }

    private static CardText Because(OutboxRow? row) => row is { Problem: { Length: > 0 } problem } ? CardText.Of($": {CardText.Outside(problem.TrimEnd('.'), 200)}") : CardText.Empty;

    private async Task<CardText> History(ITransaction transaction, string? plan)
    {
        if (plan is not null && await names.None(transaction, plan) is { } missing)
        {
            return missing;
        }

        var past = await tables.Proposals.History(transaction, plan, MostHistory);
        return past.Count == 0 ? CardText.Of($"Nothing has been proposed yet.") : CardText.Join("\n", past.Select(Past));
    }

    private static CardText Past(GatedProposal gated)
    {
        var p = gated.Proposal;
        var who = p.Decision is { } d ? CardText.Of($" {(d.Kind == DecisionKind.Approve ? "Approved" : "Denied")} by {CardText.Outside(d.By.Name, 80)}.")
            : p.IsAutonomous ? CardText.Of($" Nobody was asked: {gated.Mode.ToString()}.") : CardText.Empty;
        var reason = p.Decision?.Reason is { } given ? CardText.Of($" Reason: {CardText.Outside(given, 200)}.") : CardText.Empty;
        var measured = p.Verification is { State: VerificationState.Recovered or VerificationState.NotRecovered } watch ? CardText.Of($" {watch.Signal.Label}: {OperationWords.BeforeAfter(watch)}.") : CardText.Empty;
        var plan = (p.Plan ?? p.Task) is { } name ? CardText.Of($" · {CardText.Outside(name, 64)}") : CardText.Empty;
        return CardText.Of($"- {PlanWords.At(p.CreatedAt)}{plan} · {CardText.Outside(p.Operation.Title, 200)}: **{gated.Status.ToString()}**.{who}{reason}{measured}");
    }

    private async Task<CardText> Unmatched(ITransaction transaction)
    {
        var incidents = await tables.Incidents.Unmatched(transaction, MostUnmatched);
        return incidents.Count == 0
            ? CardText.Of($"Every alert so far was taken by a plan.")
            : CardText.Join("\n", incidents.Select(i => CardText.Of(
                $"- {PlanWords.At(i.LastFiredAt)} · {CardText.Outside(i.Severity, 20)} · **{CardText.Outside(i.Title, 120)}** · {CardText.Outside(i.Target?.Name ?? i.TargetProblem ?? "no target", 200)} · {CardText.Outside(i.PlanWhy, 250)}")));
    }

    private static CardText More(int count, int shown) => count > shown ? CardText.Of($"- and {count - shown} more") : CardText.Empty;
}
