using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>What a run of a task came to.</summary>
/// <param name="Post">Null: nothing is posted.</param>
internal sealed record TaskOutcome(string What, bool Failed, CardText? Post)
{
    /// <summary>Of the run that has begun; null: there is none, and <see cref="What"/> is the end of it.</summary>
    public IncidentId? Incident { get; init; }

    /// <summary>Whether it uses up one of the runs that the task may have.</summary>
    public bool Counts { get; init; } = true;
}

/// <summary>Lists what waits for a decision, where the task posts: all of it in the agent's default place, else what was asked in that channel.</summary>
internal sealed class PendingReminder(RunTables tables)
{
    private const int Most = 1000;
    private const int MostListed = 20;

    public async Task<TaskOutcome> Read(ITransaction transaction, ScheduledTask task)
    {
        var open = await tables.Proposals.InStatus(transaction, [ProposalStatus.AwaitingApproval, ProposalStatus.Blocked], Most);
        List<CardText> lines = [];
        foreach (var gated in open)
        {
            var asked = (await tables.Outbox.MessagesOf(transaction, gated.Proposal.Subject)).LastOrDefault()?.Message.ConversationId;
            if (task.Channel is null || asked == task.Channel)
            {
                lines.Add(Line(gated.Proposal));
            }
        }

        if (lines.Count == 0)
        {
            return new("Nothing waits; nothing was posted.", false, null);
        }

        var what = lines.Count == 1 ? "1 operation waits" : $"{lines.Count} operations wait";
        return new($"{what}; posted.", false, CardText.Of(
            $"**{what} for a decision** (task {CardText.Outside(task.Name, 64)})\n\n{ListText.Of(lines, lines.Count, MostListed, bytes: 15_000)}\n\nPlease decide on their cards; `pending` says where each of them is."));
    }

    private static CardText Line(Proposal proposal) => CardText.Of(
        $"{CardText.Outside(proposal.Operation.Title, 200)}: {CardText.Outside(proposal.Finding.Present, 200)}. {State(proposal)}");

    private static CardText State(Proposal proposal) => proposal switch
    {
        { Status: ProposalStatus.Blocked } => CardText.Of($"**Blocked**, needs an Administrator"),
        { Deadline: { } deadline } => CardText.Of($"Decide by {CardText.When(deadline)}"),
        _ => CardText.Of($"Its card is not delivered yet"),
    };
}
