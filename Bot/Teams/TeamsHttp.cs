namespace RunModes.Bot.Teams;

internal static class TeamsHttp
{
    /// <summary>The named client of everything this folder calls: metadata, login, connector. Its primary handler (proxy, no redirects) is the host's.</summary>
    public const string ClientName = "Teams";
}
