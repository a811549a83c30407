using System.Buffers.Text;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>
/// As whom the agent acts. Never a developer's login: what a card names as the acting identity is what holds the token.
/// </summary>
internal sealed record AgentIdentity(AzureContext Context, ArmEndpoint Endpoint, TokenCredential Credential)
{
    /// <summary>The identity of the practice world: its Entra, too, is served by the sandbox.</summary>
    public const string PracticeTenant = "11111111-1111-4111-8111-111111111111";
    public const string PracticeClient = "22222222-2222-4222-8222-222222222222";
    public const string PracticeSecret = "practice-secret";

    /// <summary>Stands for the client id, which a system-assigned identity does not tell before it is asked.</summary>
    public const string SystemAssigned = "system-assigned";

    public static AgentIdentity Practice(HttpPipelineTransport transport) =>
        WithSecret(ArmEndpoint.Public, PracticeTenant, PracticeClient, PracticeSecret, transport);

    /// <summary>
    /// The object id deny assignments know the agent by. Read from its own token, which Azure has just accepted; null when the token does not say.
    /// It serves a forecast only, so nothing is validated.
    /// </summary>
    public async Task<string?> PrincipalId(CancellationToken cancellation)
    {
        AccessToken token;
        try
        {
            token = await Credential.GetTokenAsync(new TokenRequestContext([Endpoint.Scope], isCaeEnabled: true), cancellation);
        }
        catch (AuthenticationFailedException)
        {
            return null;
        }

        var parts = token.Token.Split('.');
        var payload = new byte[token.Token.Length];
        return parts.Length == 3 && Base64Url.TryDecodeFromChars(parts[1], payload, out var length)
            ? ArmJson.Parse(payload.AsMemory(0, length))?.Text("oid")
            : null;
    }

    /// <summary>One line a problem, naming key and fix: what the identity below would otherwise throw at the first start.</summary>
    public static IEnumerable<string> Problems(IConfiguration settings)
    {
        if (settings["AzureCloud"] is { Length: > 0 } cloud && !ArmEndpoint.Names.Contains(cloud, StringComparer.OrdinalIgnoreCase))
        {
            yield return $"AzureCloud: unknown; use one of {string.Join(", ", ArmEndpoint.Names)}, or leave it out.";
        }

        if (settings["AZURE_TENANT_ID"] is { Length: > 0 } tenant && tenant.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '.')))
        {
            yield return "AZURE_TENANT_ID: not a tenant; set the id (a GUID) or a domain of the agent's Entra tenant.";
        }
    }

    /// <summary>Workload identity, then a client secret, then a managed identity: the first that the settings name.</summary>
    public static AgentIdentity FromSettings(IConfiguration settings, HttpPipelineTransport transport)
    {
        var endpoint = ArmEndpoint.Of(settings["AzureCloud"]);
        var tenant = Setting("AZURE_TENANT_ID") ?? Setting("MicrosoftAppTenantId") ?? "";
        var client = Setting("AZURE_CLIENT_ID");
        if (client is not null && tenant.Length > 0 && Setting("AZURE_FEDERATED_TOKEN_FILE") is { } file)
        {
            return new(new(endpoint.Cloud, tenant, client), endpoint, new WorkloadIdentityCredential(Bounded(new WorkloadIdentityCredentialOptions
            {
                ClientId = client,
                TenantId = tenant,
                TokenFilePath = file,
                AuthorityHost = endpoint.Authority,
                DisableInstanceDiscovery = true,
            }, transport)));
        }

        if (client is not null && tenant.Length > 0 && Setting("AZURE_CLIENT_SECRET") is { } secret)
        {
            return WithSecret(endpoint, tenant, client, secret, transport);
        }

        var id = client is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(client);
        return new(new(endpoint.Cloud, tenant, client ?? SystemAssigned), endpoint,
            new ManagedIdentityCredential(Bounded(new ManagedIdentityCredentialOptions(id), transport)));

        string? Setting(string name) => settings[name] is { Length: > 0 } value ? value : null;
    }

    private static AgentIdentity WithSecret(ArmEndpoint endpoint, string tenant, string client, string secret, HttpPipelineTransport transport) =>
        new(new(endpoint.Cloud, tenant, client), endpoint, new ClientSecretCredential(tenant, client, secret, Bounded(new ClientSecretCredentialOptions
        {
            AuthorityHost = endpoint.Authority,
            DisableInstanceDiscovery = true,
        }, transport)));

    private static T Bounded<T>(T options, HttpPipelineTransport transport) where T : TokenCredentialOptions
    {
        options.Transport = transport;
        options.Retry.MaxRetries = 1;
        options.Retry.Delay = TimeSpan.FromMilliseconds(200);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(4);
        options.Diagnostics.IsLoggingEnabled = false;
        options.Diagnostics.IsDistributedTracingEnabled = false;
        return options;
    }
}
