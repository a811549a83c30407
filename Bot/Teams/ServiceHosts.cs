using System.Text.RegularExpressions;

namespace RunModes.Bot.Teams;

/// <summary>Where the Bot Connector lives. Asked when an activity arrives and again at the moment a token would leave, because a stored address is only data.</summary>
internal static partial class ServiceHosts
{
    public static bool Allowed(Uri serviceUrl, bool sandbox)
    {
        if (!serviceUrl.IsAbsoluteUri || serviceUrl.UserInfo.Length > 0 || serviceUrl.Query.Length > 0 || serviceUrl.Fragment.Length > 0)
            return false;
        if (sandbox)
            return serviceUrl.IsLoopback && (serviceUrl.Scheme == Uri.UriSchemeHttp || serviceUrl.Scheme == Uri.UriSchemeHttps);
        return serviceUrl.Scheme == Uri.UriSchemeHttps && serviceUrl.IsDefaultPort && BotConnectorHost().IsMatch(serviceUrl.IdnHost);
    }

    [GeneratedRegex(
        @"\A(smba\.trafficmanager\.net|([a-z0-9-]+\.)+botframework\.com|smba\.infra\.[a-z0-9-]+\.teams\.microsoft\.(com|us))\z",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex BotConnectorHost();
}
