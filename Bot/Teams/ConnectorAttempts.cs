using System.Net;
using Azure.Identity;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Teams;

/// <summary>One attempt at a call of the Bot Connector, however it is made: within its time, with a token, and what it means when none of it comes to an answer.</summary>
internal sealed class ConnectorAttempts(TeamsOptions options, ConnectorToken tokens, TimeProvider time)
{
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>A process that was stopped while it waited for its token has no turn to speak any more when it wakes.</summary>
    private static readonly TimeSpan BeginWithin = TimeSpan.FromSeconds(5);

    /// <param name="update">A repeated PUT changes nothing; a repeated POST may leave a twin.</param>
    /// <param name="created">The answer of a new thread names conversation and message apart.</param>
    /// <param name="call">Makes the call with the token, once; only a refused token is replaced and tried once more.</param>
    public async Task<Delivery> Make(bool update, bool created, Func<string?, CancellationToken, Task<ConnectorAnswer>> call, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var began = time.GetTimestamp();
        for (var renewed = false; ; renewed = true)
        {
            string? token = null;
            try
            {
                if (!options.Sandbox)
                    token = await tokens.Get(either.Token);
            }
            catch (AuthenticationFailedException failure)
            {
                return new Delivery.TryAgain($"the bot got no token: {failure.Message}", null);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return new Delivery.TryAgain("the bot got no token in time", null);
            }

            if (time.GetElapsedTime(began) >= BeginWithin)
                return new Delivery.TryAgain("the bot was held up for too long before it could send", null);

            try
            {
                var answer = await call(token, either.Token);
                if (answer.Status != HttpStatusCode.Unauthorized || token is null || renewed)
                    return answer.Means(update, created);
                await tokens.Drop(token, either.Token);
            }
            catch (HttpRequestException failure)
            {
                return NotSent(failure) || update ? new Delivery.TryAgain(failure.Message, null) : new Delivery.MayHaveArrived(failure.Message);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return update ? new Delivery.TryAgain("no answer in time", null) : new Delivery.MayHaveArrived("no answer in time");
            }
        }
    }

    private static bool NotSent(HttpRequestException failure) => failure.HttpRequestError is
        HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError;
}
