using RunModes.Bot;
using RunModes.Bot.Cli;

var arguments = Arguments.Parse(args);
if (arguments.Unknown is { } unknown)
{
    return Refuse([$"'{unknown}' is not a command. Commands: audit, doctor, package, playground, simulate, store; without one the bot starts."]);
}

if (arguments.Command == "audit")
{
    try
    {
        return await AuditCommand.Run(arguments.CommandWords, BotApplication.Settings(arguments), Console.Out, Console.Error, CancellationToken.None);
    }
    catch (InvalidDataException e)
    {
        return Refuse([BotApplication.Unreadable(e)]);
    }
}

if (arguments.Command == "store")
{
    return await StoreCommand.Run(arguments.CommandWords, BotApplication.Settings(arguments), Console.In, Console.Out, Console.Error, CancellationToken.None);
}

if (arguments.Command == "package")
{
    try
    {
        return await PackageCommand.Run(arguments.CommandWords, BotApplication.Settings(arguments), Console.Out, Console.Error, CancellationToken.None);
    }
    catch (InvalidDataException e)
    {
        return Refuse([BotApplication.Unreadable(e)]);
    }
}

if (arguments.Command is "doctor" or "simulate")
{
    return await LookingCommand.Run(arguments, Console.Out, Console.Error, CancellationToken.None);
}

switch (BotApplication.Build(arguments))
{
    case BotApplication.Ready { App: var app, Folder: var folder }:
        using (folder)
        try
        {
            await app.RunAsync();
            return ExitCode.Good;
        }
        catch (Exception e) when (e is IOException or FormatException)
        {
            return Refuse([$"urls: {e.Message} Stop what listens there, or choose another address with --urls."]);
        }

    case BotApplication.Refused refused:
        return Refuse(refused.Lines);

    default:
        throw new InvalidOperationException();
}

static int Refuse(IReadOnlyList<string> problems)
{
    foreach (var problem in problems)
    {
        Console.Error.WriteLine(problem);
    }

    return ExitCode.WrongUse;
}
