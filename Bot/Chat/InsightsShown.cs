using RunModes.Bot.Cards;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Chat;

/// <summary>`insights`: what was always approved, and what did badly alone.</summary>
internal sealed class InsightsShown(ChatTables tables, Names names, Insights insights) : IShow
{
    public bool Shows(Command command) => command is Command.Insights;

    public Task<CardText> Show(Said said, CancellationToken cancellation) => tables.Ledger.Read(
        async t => ((Command.Insights)said.Command).Plan is { } plan && await names.None(t, plan) is { } missing ? missing : await insights.Of(t, ((Command.Insights)said.Command).Plan), cancellation);
}
