using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace RunModes.Bot.Teams;

/// <summary>
/// The Bot Connector's signing keys. Refreshed twice a day and, at most once a minute, when a token names a key we have not seen;
/// a failed refresh keeps the last good set.
/// </summary>
internal sealed partial class SigningKeys(TeamsOptions options, IHttpClientFactory clients, TimeProvider time, ILogger<SigningKeys> log)
{
    private static readonly TimeSpan RefreshEvery = TimeSpan.FromHours(12);
    private static readonly TimeSpan UnknownKeyPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstLoadPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FetchLimit = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private KeySet? _current;
    private Task<KeySet?>? _loading;
    private DateTimeOffset _lastTry = DateTimeOffset.MinValue;

    /// <summary>Null only while no set was ever loaded.</summary>
    public Task<KeySet?> Current()
    {
        if (Volatile.Read(ref _current) is not { } current)
            return Load(FirstLoadPause);
        _ = Load(RefreshEvery);
        return Task.FromResult<KeySet?>(current);
    }

    /// <param name="seen">The set that does not hold the key.</param>
    public Task<KeySet?> AfterUnknownKey(KeySet seen) =>
        Volatile.Read(ref _current) is { } current && current != seen ? Task.FromResult<KeySet?>(current) : Load(UnknownKeyPause);

    private Task<KeySet?> Load(TimeSpan pause)
    {
        lock (_lock)
        {
            if (_loading is { IsCompleted: false })
                return pause == RefreshEvery ? Task.FromResult(_current) : _loading;
            var now = time.GetUtcNow();
            if (_lastTry != DateTimeOffset.MinValue && now - _lastTry < pause)
                return Task.FromResult(_current);
            _lastTry = now;
            return _loading = Fetch();
        }
    }

    private async Task<KeySet?> Fetch()
    {
        using var limit = new CancellationTokenSource(FetchLimit, time);
        try
        {
            var metadata = options.Cloud.OpenIdMetadata;
            var configuration = await OpenIdConnectConfigurationRetriever.GetAsync(
                metadata.AbsoluteUri, new SameHost(metadata, clients), limit.Token);
            var set = new KeySet(configuration.JsonWebKeySet);
            if (set.IsEmpty)
                throw new InvalidDataException("The published key set is empty.");
            Volatile.Write(ref _current, set);
            KeysLoaded(log);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            KeysNotLoaded(log, failure.GetBaseException().Message, _current is not null);
        }

        return Volatile.Read(ref _current);
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Loaded the signing keys of the Bot Connector")]
    private static partial void KeysLoaded(ILogger log);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not load the signing keys of the Bot Connector: {Reason} (an older set is in use: {OlderSet})")]
    private static partial void KeysNotLoaded(ILogger log, string reason, bool olderSet);

    /// <summary>The metadata document names where the keys are; it may not send us to another host for them.</summary>
    private sealed class SameHost(Uri metadata, IHttpClientFactory clients) : IDocumentRetriever
    {
        public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
        {
            var uri = new Uri(address);
            if (uri.Scheme != Uri.UriSchemeHttps || uri.Authority != metadata.Authority)
                throw new InvalidDataException("The key set is not on the host of the metadata.");
            using var client = clients.CreateClient(TeamsHttp.ClientName);
            return await client.GetStringAsync(uri, cancel);
        }
    }
}
