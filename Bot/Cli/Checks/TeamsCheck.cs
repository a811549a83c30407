using RunModes.Bot.Teams;

namespace RunModes.Bot.Cli.Checks;

/// <summary>Whether the bot can speak to Teams and tell who speaks to it, and whether its clock is Microsoft's.</summary>
internal sealed class TeamsCheck(ConnectorProbe connector, TeamsOptions options) : ICheck
{
    /// <summary>Of a header that counts whole seconds, over a network.</summary>
    private static readonly TimeSpan MostApart = TimeSpan.FromSeconds(5);

    public async IAsyncEnumerable<CheckLine> Look([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return await connector.NoToken(cancellation) is not { } why
            ? CheckLine.Good("bot token", $"Entra gives {options.AppId} a token for the Bot Connector")
            : CheckLine.Trouble("bot token", $"none for {options.AppId}: {why}", options.AppType == BotAppType.SingleTenant
                ? "check MicrosoftAppId, MicrosoftAppTenantId and MicrosoftAppPassword; a secret that ended needs a new one in the app registration."
                : "run this where the bot runs, and assign the user-assigned identity MicrosoftAppId to that host.");

        yield return await connector.HasKeys()
            ? CheckLine.Good("callers", "the signing keys of the Bot Connector can be read")
            : CheckLine.Trouble("callers", "the signing keys of the Bot Connector cannot be read, so every message and click is refused",
                $"let the host reach {options.Cloud.OpenIdMetadata.Host} over https (proxy: HTTPS_PROXY).");

        yield return await connector.Ahead(cancellation) switch
        {
            null => CheckLine.Note("clock", "it could not be compared with Microsoft's"),
            { } ahead when ahead.Duration() > MostApart => CheckLine.Trouble("clock", $"it is {ahead.TotalSeconds:0} s {(ahead > TimeSpan.Zero ? "ahead of" : "behind")} Microsoft's",
                "mend the time synchronisation of this machine: deadlines, tokens and measurements all follow its clock."),
            _ => CheckLine.Good("clock", "it agrees with Microsoft's"),
        };
    }
}
