using RunModes.Bot.Audit;
using RunModes.Bot.Plans;
using RunModes.Bot.Reporting;
using RunModes.Bot.Teams;

namespace RunModes.Bot.Cli.Checks;

/// <summary>Whether there is a place to ask, and the bot may write there.</summary>
internal sealed class ChannelsCheck(ILedger ledger, IPlans plans, IConversations conversations, IOutbox outbox, ConnectorProbe connector) : ICheck
{
    private const int Counted = 500;

    public async IAsyncEnumerable<CheckLine> Look([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var (usual, of, lost) = await ledger.Read(
            async t => (
                await Usual(t),
                await Each(t),
                (await outbox.Troubled(t, Counted)).Count(r => r.State == OutboxState.Undeliverable)),
            cancellation);
        if (usual is null)
        {
            yield return CheckLine.Trouble("channel", "there is nowhere to ask: the bot is installed in no team", "add the app to a team in Teams; it then posts in General, or where 'use this channel' is written.");
        }
        else
        {
            yield return await Judge("channel", usual, cancellation);
        }

        foreach (var (plan, channel, found) in of)
        {
            yield return found is null
                ? CheckLine.Trouble($"channel of plan {plan}", $"the bot is not in {channel}", $"install the bot there, or write 'use this channel for {plan}' where it should ask.")
                : await Judge($"channel of plan {plan}", found, cancellation);
        }

        if (lost > 0)
        {
            yield return CheckLine.Note("messages", $"{lost} could not be delivered", "write 'health' to the bot to see which.");
        }
    }

    public async Task<Conversation?> Usual(ITransaction transaction) =>
        (await plans.ReadControl(transaction)).DefaultChannel is { } id && await conversations.Find(transaction, id) is { } chosen ? chosen : await conversations.FirstTeam(transaction);

    private async Task<List<(string Plan, string Channel, Conversation? Found)>> Each(ITransaction transaction)
    {
        List<(string, string, Conversation?)> found = [];
        foreach (var plan in (await plans.All(transaction)).Where(p => p.Channel is not null))
        {
            found.Add((plan.Name, plan.Channel!, await conversations.Find(transaction, plan.Channel!)));
        }

        return found;
    }

    private async Task<CheckLine> Judge(string about, Conversation where, CancellationToken cancellation) => await connector.NotReached(where, cancellation) is { } why
        ? CheckLine.Trouble(about, $"{where.Name ?? where.Id} is not reached: {why}", "install the app in the team again, or choose another place with 'use this channel'.")
        : CheckLine.Good(about, $"{where.Name ?? where.Id} is reached");
}
