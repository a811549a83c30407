using System.Text.RegularExpressions;
using Azure.Identity;

namespace RunModes.Bot.Execution;

/// <summary>
/// What an exception of the pipeline means, in our words: its own text may hold hosts, proxies and whatever a server wrote.
/// </summary>
internal static partial class WireFailure
{
    /// <summary>Why nothing can have reached Azure; null when that cannot be excluded.</summary>
    public static string? NotSent(Exception failure)
    {
        foreach (var e in Chain(failure))
        {
            switch (e)
            {
                case CredentialUnavailableException:
                    return "the agent's identity is not available here. Check AZURE_CLIENT_ID, AZURE_TENANT_ID and AZURE_CLIENT_SECRET, or the managed identity";
                case AuthenticationFailedException:
                    var code = EntraCode().Match(e.Message);
                    return $"the agent's identity got no token{(code.Success ? $" ({code.Value})" : "")}";
                case HttpRequestException http:
                    return http.HttpRequestError switch
                    {
                        HttpRequestError.NameResolutionError => "the name of Azure's endpoint could not be resolved",
                        HttpRequestError.ConnectionError => "no connection to Azure could be made",
                        HttpRequestError.SecureConnectionError => "no trusted TLS connection to Azure could be made",
                        HttpRequestError.ProxyTunnelError => "the proxy did not connect to Azure",
                        _ => null,
                    };
                // Callers' own limits are told apart before they ask; inside the client only connecting has one.
                case OperationCanceledException { InnerException: TimeoutException }:
                    return "no connection to Azure could be made in time";
                default:
                    break;
            }
        }

        return null;
    }

    public static string Words(Exception failure) => NotSent(failure) ?? "the connection to Azure was lost";

    private static IEnumerable<Exception> Chain(Exception failure)
    {
        // After its last try a retry policy throws all of them at once; the last one counts.
        for (Exception? e = failure; e is not null; e = e is AggregateException { InnerExceptions.Count: > 0 } all ? all.InnerExceptions[^1] : e.InnerException)
        {
            yield return e;
        }
    }

    [GeneratedRegex(@"AADSTS\d{4,9}")]
    private static partial Regex EntraCode();
}
