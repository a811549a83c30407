using RunModes.Bot.Audit;
using RunModes.Bot.Cli.Checks;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Cli;

/// <summary><c>doctor</c> and <c>simulate</c>: the bot put together and not started, its store only read.</summary>
internal static class LookingCommand
{
    /// <param name="adjust">As for the bot itself.</param>
    public static async Task<int> Run(Arguments arguments, TextWriter output, TextWriter errors, CancellationToken cancellation, Action<WebApplicationBuilder>? adjust = null)
    {
        var (doctor, words) = (arguments.Command == "doctor", arguments.CommandWords);
        if (!(doctor ? DoctorCommand.Understands(words) : SimulateCommand.Understands(words)))
        {
            await errors.WriteLineAsync(doctor ? DoctorCommand.Usage : SimulateCommand.Usage);
            return ExitCode.WrongUse;
        }

        switch (BotApplication.BuildToLook(arguments, adjust))
        {
            case BotApplication.Ready { App: var app, Folder: var scratch }:
                using (scratch)
                await using (app)
                {
                    if (app.Services.GetRequiredService<StoreSeen>().IsNew)
                    {
                        var seeding = app.Services.GetRequiredService<Seeding>();
                        await seeding.Plans.Seed(cancellation);
                        await seeding.Tasks.Seed(cancellation);
                    }

                    return doctor ? await DoctorCommand.Run(words, app.Services, output, cancellation) : await Simulate(words, app.Services, (output, errors), cancellation);
                }

            case BotApplication.Refused refused:
                foreach (var line in refused.Lines)
                {
                    await (doctor ? output : errors).WriteLineAsync(doctor ? $"FIX   {line}" : line);
                }

                return ExitCode.WrongUse;

            default:
                throw new InvalidOperationException();
        }
    }

    private static async Task<int> Simulate(string[] words, IServiceProvider services, (TextWriter Output, TextWriter Errors) to, CancellationToken cancellation)
    {
        try
        {
            return await SimulateCommand.Run(words[1], services, to.Output, to.Errors, cancellation);
        }
        catch (StoreUnavailableException e)
        {
            await to.Errors.WriteLineAsync($"Store:ConnectionString: {e.Message} {(e.InnerException ?? e).Message.ReplaceLineEndings(" ")}");
            return ExitCode.WrongUse;
        }
    }
}
