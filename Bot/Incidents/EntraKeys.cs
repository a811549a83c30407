using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace RunModes.Bot.Incidents;

/// <summary>
/// The tenant's signing keys. Asked for when first needed, twice a day, and at most once a minute when a token names an unknown key;
/// a failed refresh keeps the last good set.
/// </summary>
internal sealed partial class EntraKeys(IncidentSettings settings, IHttpClientFactory clients, TimeProvider time, ILogger<EntraKeys> log) : IDisposable
{
    public const string HttpClientName = "Incidents.Entra";

    private static readonly TimeSpan RefreshEvery = TimeSpan.FromHours(12);
    private static readonly TimeSpan UnknownKeyPause = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan FirstLoadPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FetchLimit = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _one = new(1, 1);
    private volatile Dictionary<string, SecurityKey>? _keys;
    private DateTimeOffset _lastTry = DateTimeOffset.MinValue;

    /// <returns>Whether any keys are known, and the one that was asked for.</returns>
    public async Task<(bool Loaded, SecurityKey? Key)> Find(string keyId, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation);
        try
        {
            var pause = _keys is null ? FirstLoadPause : _keys.ContainsKey(keyId) ? RefreshEvery : UnknownKeyPause;
            var now = time.GetUtcNow();
            if (_lastTry == DateTimeOffset.MinValue || now - _lastTry >= pause)
            {
                _lastTry = now;
                await Load();
            }

            return (_keys is not null, _keys?.GetValueOrDefault(keyId));
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();

    private async Task Load()
    {
        using var limit = new CancellationTokenSource(FetchLimit, time);
        try
        {
            var metadata = new Uri($"https://login.microsoftonline.com/{settings.TenantId}/v2.0/.well-known/openid-configuration");
            var published = await OpenIdConnectConfigurationRetriever.GetAsync(metadata.AbsoluteUri, new SameHost(metadata, clients), limit.Token);
            var keys = published.SigningKeys.Where(k => k.KeyId is { Length: > 0 }).DistinctBy(k => k.KeyId).ToDictionary(k => k.KeyId, StringComparer.Ordinal);
            _keys = keys.Count > 0 ? keys : throw new InvalidDataException("The published key set is empty.");
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            NotLoaded(log, failure.GetBaseException().GetType().Name, _keys is not null);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not load the tenant's signing keys for alert webhooks: {Reason} (an older set is in use: {OlderSet})")]
    private static partial void NotLoaded(ILogger log, string reason, bool olderSet);

    /// <summary>The metadata document names where the keys are; it may not send us to another host for them.</summary>
    private sealed class SameHost(Uri metadata, IHttpClientFactory clients) : IDocumentRetriever
    {
        public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
        {
            var uri = new Uri(address);
            if (uri.Scheme != Uri.UriSchemeHttps || uri.Authority != metadata.Authority)
            {
                throw new InvalidDataException("The key set is not on the host of the metadata.");
            }

            using var client = clients.CreateClient(HttpClientName);
            return await client.GetStringAsync(uri, cancel);
        }
    }
}
