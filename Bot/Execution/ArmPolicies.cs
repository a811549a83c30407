using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Core.Pipeline;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>Attaches a token for one host and nothing else.</summary>
internal sealed class HostToken(TokenCredential credential, Uri host) : BearerTokenAuthenticationPolicy(credential, $"{host}.default")
{
    /// <summary>Whether the token may go there: https, and exactly this host and port.</summary>
    public static bool Owns(Uri host, Uri url) => url.IsAbsoluteUri && url.Scheme == Uri.UriSchemeHttps && url.UserInfo.Length == 0
        && url.Port == host.Port && url.IdnHost.Equals(host.IdnHost, StringComparison.OrdinalIgnoreCase);

    protected override void AuthorizeRequest(HttpMessage message)
    {
        Guard(message);
        base.AuthorizeRequest(message);
    }

    protected override ValueTask AuthorizeRequestAsync(HttpMessage message)
    {
        Guard(message);
        return base.AuthorizeRequestAsync(message);
    }

    // Answering a claims challenge means sending again: right for a read, never for a change.
    protected override bool AuthorizeRequestOnChallenge(HttpMessage message) =>
        message.Request.Method == RequestMethod.Get && base.AuthorizeRequestOnChallenge(message);

    protected override ValueTask<bool> AuthorizeRequestOnChallengeAsync(HttpMessage message) =>
        message.Request.Method == RequestMethod.Get ? base.AuthorizeRequestOnChallengeAsync(message) : ValueTask.FromResult(false);

    private void Guard(HttpMessage message)
    {
        if (!Owns(host, message.Request.Uri.ToUri()))
        {
            throw new InvalidOperationException($"This token goes to {host.IdnHost} only.");
        }
    }
}

internal sealed class OnlyGet : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        if (message.Request.Method != RequestMethod.Get)
        {
            throw new InvalidOperationException("The reading pipeline sends nothing but GET.");
        }
    }
}

/// <summary>POSTs that change nothing, by name: Azure asks for a body where a query is too long for a URL.</summary>
internal sealed partial class OnlyQueries : HttpPipelineSynchronousPolicy
{
    public const string Costs = "/providers/Microsoft.CostManagement/query";

    public override void OnSendingRequest(HttpMessage message)
    {
        if (message.Request.Method != RequestMethod.Post || !Named().IsMatch(message.Request.Uri.ToUri().AbsolutePath))
        {
            throw new InvalidOperationException("The asking pipeline sends nothing but the queries that it knows by name.");
        }
    }

    /// <summary>Of a subscription or a resource group, and nothing further down.</summary>
    [GeneratedRegex(@"^/subscriptions/[^/]+(/resourceGroups/[^/]+)?/providers/Microsoft\.CostManagement/query\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Named();
}

/// <summary>For a client that attaches its token by itself: what leaves the configured endpoint never gets as far.</summary>
internal sealed class OnlyTo(ArmEndpoint endpoint) : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        if (!endpoint.Owns(message.Request.Uri.ToUri()))
        {
            throw new InvalidOperationException("The agent's token goes to the configured Azure endpoint only.");
        }
    }
}

/// <summary>One try to spend a permit: what happened to it just before the wire.</summary>
internal sealed class Attempt(ExecutionPermit permit)
{
    /// <summary>False: nothing was handed to the transport, whatever went wrong.</summary>
    public bool Started { get; private set; }

    public bool PermitDead { get; private set; }

    public bool Start()
    {
        if (!permit.TryUse())
        {
            PermitDead = !Started;
            return false;
        }

        return Started = true;
    }
}

/// <summary>
/// The last step before the transport, after the token is there: no permit, no request. As a permit is good once,
/// no policy above can make a second request out of one attempt either.
/// </summary>
internal sealed class PermitAtTheWire : HttpPipelineSynchronousPolicy
{
    public override void OnSendingRequest(HttpMessage message)
    {
        // The last moment at which giving up still means that nothing was sent.
        message.CancellationToken.ThrowIfCancellationRequested();
        if (!message.TryGetProperty(typeof(Attempt), out var found) || found is not Attempt attempt || !attempt.Start())
        {
            throw new InvalidOperationException("A change needs a permit that is alive and unused.");
        }
    }
}

/// <summary>Two more tries, soon; a server that asks for more patience than that gets none, and the read says so.</summary>
internal sealed class ReadRetry() : RetryPolicy(maxRetries: 2, DelayStrategy.CreateExponentialDelayStrategy(TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(1)))
{
    private const double LongestPatienceSeconds = 5;

    protected override bool ShouldRetry(HttpMessage message, Exception? exception) => SoonEnough(message) && base.ShouldRetry(message, exception);

    protected override async ValueTask<bool> ShouldRetryAsync(HttpMessage message, Exception? exception) =>
        SoonEnough(message) && await base.ShouldRetryAsync(message, exception);

    private static bool SoonEnough(HttpMessage message) => !message.HasResponse || !message.Response.Headers.TryGetValue("Retry-After", out var after)
        || (double.TryParse(after, System.Globalization.CultureInfo.InvariantCulture, out var seconds) && seconds <= LongestPatienceSeconds);
}
