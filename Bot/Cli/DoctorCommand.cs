using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Cli.Checks;
using RunModes.Bot.Plans;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Cli;

/// <summary><c>doctor [--post-sample]</c>: looks at everything the bot needs, one line each, with the fix; changes nothing but for the card that was asked for.</summary>
internal static class DoctorCommand
{
    public const string Usage = "Usage: doctor [--post-sample]";

    public static bool Understands(string[] words) => words is [] or ["--post-sample"];

    /// <param name="services">Of a bot that was put together and not started.</param>
    public static async Task<int> Run(string[] words, IServiceProvider services, TextWriter output, CancellationToken cancellation)
    {
        await output.WriteLineAsync(CheckLine.Good("settings", "every key is known and has a value that can be used").ToString());
        var trouble = false;
        var channels = Make<ChannelsCheck>(services);
        ICheck[] checks =
        [
            Make<StoreCheck>(services), Make<TeamsCheck>(services), Make<ApproversCheck>(services), Make<AzureCheck>(services), Make<TasksCheck>(services),
            Make<SourcesCheck>(services), Make<WriteBackCheck>(services), channels, Make<ToolsCheck>(services), Make<UngatedToolsCheck>(services),
        ];
        foreach (var check in checks)
        {
            await foreach (var line in Looked(check, cancellation))
            {
                trouble |= line.Sign == Sign.Trouble;
                await output.WriteLineAsync(line.ToString());
            }
        }

        if (words is ["--post-sample"])
        {
            var line = await Post(channels, services, cancellation);
            trouble |= line.Sign == Sign.Trouble;
            await output.WriteLineAsync(line.ToString());
        }

        return trouble ? ExitCode.FoundTrouble : ExitCode.Good;
    }

    /// <summary>What a check meets that it did not expect is trouble too, and the next one is still made.</summary>
    private static async IAsyncEnumerable<CheckLine> Looked(ICheck check, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        List<CheckLine> lines = [];
        try
        {
            await foreach (var line in check.Look(cancellation))
            {
                lines.Add(line);
            }
        }
        catch (StoreUnavailableException)
        {
            lines.Add(CheckLine.Trouble(check.GetType().Name, "it was not made, because the store cannot be read", "mend the store first."));
        }

        foreach (var line in lines)
        {
            yield return line;
        }
    }

    private static async Task<CheckLine> Post(ChannelsCheck channels, IServiceProvider services, CancellationToken cancellation)
    {
        if (await services.GetRequiredService<ILedger>().Read(channels.Usual, cancellation) is not { } where)
        {
            return CheckLine.Trouble("sample card", "there is nowhere to post it", "add the app to a team in Teams.");
        }

        var card = Message.OfCard(SampleCard.Render(services.GetRequiredService<AgentSettings>().Name), SampleCard.Summary);
        return await services.GetRequiredService<IMessenger>().Post(where, card, cancellation) is Delivery.Delivered
            ? CheckLine.Good("sample card", $"posted in {where.Name ?? where.Id}")
            : CheckLine.Trouble("sample card", $"the Bot Connector did not take it for {where.Name ?? where.Id}", "see the line about the channel; try again in a minute.");
    }

    private static T Make<T>(IServiceProvider services) => ActivatorUtilities.CreateInstance<T>(services);
}
