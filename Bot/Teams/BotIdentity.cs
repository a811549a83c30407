using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace RunModes.Bot.Teams;

/// <summary>The bot as Entra knows it (<c>MicrosoftAppId</c>). Kept apart from the identity that changes Azure.</summary>
internal sealed class BotIdentity(TeamsOptions options, IHttpClientFactory clients)
{
    private readonly Lazy<TokenCredential> _shared = new(() => Create(options, clients));

    /// <summary>For callers that let the SDK cache, such as Microsoft Graph.</summary>
    public TokenCredential BotCredential => _shared.Value;

    /// <summary>Starts without a cache, so that a token the service refused is not handed out again.</summary>
    public TokenCredential FreshCredential() => Create(options, clients);

    private static TokenCredential Create(TeamsOptions options, IHttpClientFactory clients) => options switch
    {
        { Sandbox: true } => throw new InvalidOperationException("The sandbox has no identity."),
        { AppType: BotAppType.SingleTenant, Password: { } password } => new ClientSecretCredential(
            options.TenantId, options.AppId, password,
            Prepare(new ClientSecretCredentialOptions { DisableInstanceDiscovery = true }, options, clients)),
        { AppType: BotAppType.UserAssignedMSI } => new ManagedIdentityCredential(
            Prepare(new ManagedIdentityCredentialOptions(ManagedIdentityId.FromUserAssignedClientId(options.AppId)), options, clients)),
        _ => throw new InvalidOperationException("The bot's identity is not configured."),
    };

    private static T Prepare<T>(T credential, TeamsOptions options, IHttpClientFactory clients)
        where T : TokenCredentialOptions
    {
        credential.AuthorityHost = options.Cloud.Login;
        credential.Transport = new HttpClientTransport(clients.CreateClient(TeamsHttp.ClientName));
        // Whoever needs the token retries as a whole; one quick repeat here covers a hiccup of the identity endpoint.
        credential.Retry.MaxRetries = 1;
        credential.Retry.Delay = TimeSpan.FromMilliseconds(200);
        credential.Retry.MaxDelay = TimeSpan.FromSeconds(1);
        credential.Retry.NetworkTimeout = TimeSpan.FromSeconds(10);
        return credential;
    }
}
