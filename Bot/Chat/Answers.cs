using RunModes.Bot.Audit;
using RunModes.Bot.Cards;

namespace RunModes.Bot.Chat;

/// <summary>Answers commands that only show. The role was asked for; a name is that of something that exists, as it is stored.</summary>
internal interface IShow
{
    bool Shows(Command command);

    Task<CardText> Show(Said said, CancellationToken cancellation);
}

/// <summary>Answers commands that change something, in the transaction of the answer. The role was asked for; a name is that of something that exists, as it is stored.</summary>
internal interface IChange
{
    bool Changes(Command command);

    /// <returns>Null when a card is the answer.</returns>
    Task<CardText?> Run(ITransaction transaction, Said said);
}

/// <summary>Finds who answers a command. One that nobody answers is said to be missing, never passed over.</summary>
internal sealed class Answers(IEnumerable<IShow> shows, IEnumerable<IChange> changes, PracticeAlerts? practice = null)
{
    public Task<CardText> Show(Said said, CancellationToken cancellation) => said.Command is Command.Help
        ? Task.FromResult(HelpText.Of(Has, practice is not null))
        : shows.FirstOrDefault(s => s.Shows(said.Command))?.Show(said, cancellation) ?? Task.FromResult(NotYet(said.Command));

    public Task<CardText?> Change(ITransaction transaction, Said said) =>
        changes.FirstOrDefault(c => c.Changes(said.Command))?.Run(transaction, said) ?? Task.FromResult<CardText?>(NotYet(said.Command));

    private bool Has(Command command) => command.Changes ? changes.Any(c => c.Changes(command)) : shows.Any(s => s.Shows(command));

    private static CardText NotYet(Command command) => command switch
    {
        Command.Create or Command.Edit => CardText.Of($"This version has no form for that yet. Nothing was changed."),
        _ => CardText.Of($"This version does not do that yet. Nothing was changed."),
    };
}
