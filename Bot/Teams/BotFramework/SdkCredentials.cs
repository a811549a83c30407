using System.Net.Http.Headers;
using Microsoft.Bot.Connector.Authentication;
using Microsoft.Rest;

namespace RunModes.Bot.Teams.BotFramework;

/// <summary>The SDK's calls carry the token that their attempt was given: one way to get it, drop it when it is refused, and reach its issuer.</summary>
internal sealed class SdkCredentials(TeamsOptions options) : ServiceClientCredentialsFactory
{
    private readonly AsyncLocal<string?> _token = new();

    /// <summary>For the calls that follow in this flow.</summary>
    public void Carry(string? token) => _token.Value = token;

    public override Task<bool> IsValidAppIdAsync(string appId, CancellationToken cancellationToken) => Task.FromResult(appId == options.AppId);

    public override Task<bool> IsAuthenticationDisabledAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    public override Task<ServiceClientCredentials> CreateCredentialsAsync(string appId, string audience, string loginEndpoint, bool validateAuthority, CancellationToken cancellationToken) =>
        Task.FromResult<ServiceClientCredentials>(new Bearer(_token.Value));

    private sealed class Bearer(string? token) : ServiceClientCredentials
    {
        public override Task ProcessHttpRequestAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
            return Task.CompletedTask;
        }
    }
}
