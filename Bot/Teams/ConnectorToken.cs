using Azure.Core;

namespace RunModes.Bot.Teams;

/// <summary>The token for the Bot Connector: one request in flight, kept until five minutes before it ends.</summary>
internal sealed class ConnectorToken(BotIdentity identity, TeamsOptions options, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly SemaphoreSlim _one = new(1, 1);
    private AccessToken? _kept;

    public async Task<string> Get(CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            if (_kept is { } kept && time.GetUtcNow() < kept.ExpiresOn - Margin)
                return kept.Token;
            var token = await identity.FreshCredential().GetTokenAsync(new([options.Cloud.Scope]), cancellation);
            _kept = token;
            return token.Token;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>The service refused this token; a newer one that somebody else already fetched stays.</summary>
    public async Task Drop(string refused, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        if (_kept?.Token == refused)
            _kept = null;
        _one.Release();
    }

    public void Dispose() => _one.Dispose();
}
