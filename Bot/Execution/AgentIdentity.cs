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
    /// <summary>As whom it looks, where the deployer wants that to be somebody else than who acts; null: the same.</summary>
    public ReaderIdentity? Reader { get; init; }

    /// <summary>Of whoever looks.</summary>
    public TokenCredential Reading => Reader?.Credential ?? Credential;

    /// <summary>For a command that grants something to it.</summary>
    public string ReaderName => Reader?.Client ?? ActorName;

    public string ActorName => Context.AgentIdentity == SystemAssigned ? "OBJECT-ID-OF-THE-IDENTITY" : Context.AgentIdentity;

    /// <summary>The identity of the practice world: its Entra, too, is served by the sandbox.</summary>
    public const string PracticeTenant = "11111111-1111-4111-8111-111111111111";
    public const string PracticeClient = "22222222-2222-4222-8222-222222222222";
    public const string PracticeSecret = "practice-secret";

    /// <summary>Stands for the client id, which a system-assigned identity does not tell before it is asked.</summary>
    public const string SystemAssigned = "system-assigned";

    public static AgentIdentity Practice(HttpPipelineTransport transport) =>
        new(new(ArmEndpoint.Public.Cloud, PracticeTenant, PracticeClient), ArmEndpoint.Public, WithSecret(ArmEndpoint.Public, PracticeTenant, PracticeClient, PracticeSecret, transport));

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

        var reader = Setting(settings, "AZURE_READER_CLIENT_ID");
        if (reader is null && Setting(settings, "AZURE_READER_CLIENT_SECRET") is not null)
        {
            yield return "AZURE_READER_CLIENT_SECRET: it is nobody's; set AZURE_READER_CLIENT_ID too, or remove it.";
        }

        if (reader is not null && !Guid.TryParseExact(reader, "D", out _))
        {
            yield return "AZURE_READER_CLIENT_ID: not a client id (a GUID); set that of the identity that investigates, or remove it: then the agent's does.";
        }
        else if (reader is not null && reader.Equals(Setting(settings, "AZURE_CLIENT_ID"), StringComparison.OrdinalIgnoreCase))
        {
            yield return "AZURE_READER_CLIENT_ID: the same as AZURE_CLIENT_ID; set another identity, or remove it: then one does both.";
        }
    }

    /// <summary>Workload identity, then a client secret, then a managed identity: the first that the settings name, for whoever acts, and for whoever looks.</summary>
    public static AgentIdentity FromSettings(IConfiguration settings, HttpPipelineTransport transport)
    {
        var endpoint = ArmEndpoint.Of(settings["AzureCloud"]);
        var tenant = TenantOf(settings);
        var client = Setting(settings, "AZURE_CLIENT_ID");
        return new(new(endpoint.Cloud, tenant, client ?? SystemAssigned), endpoint, Of(client, Setting(settings, "AZURE_CLIENT_SECRET")))
        {
            Reader = Setting(settings, "AZURE_READER_CLIENT_ID") is { } reader ? new(reader, Of(reader, Setting(settings, "AZURE_READER_CLIENT_SECRET"))) : null,
        };

        TokenCredential Of(string? who, string? secret) => who is not null && tenant.Length > 0 && Setting(settings, "AZURE_FEDERATED_TOKEN_FILE") is { } file
                ? new WorkloadIdentityCredential(Bounded(new WorkloadIdentityCredentialOptions
                {
                    ClientId = who, TenantId = tenant, TokenFilePath = file, AuthorityHost = endpoint.Authority, DisableInstanceDiscovery = true,
                }, transport))
            : who is not null && tenant.Length > 0 && secret is not null ? WithSecret(endpoint, tenant, who, secret, transport)
            : new ManagedIdentityCredential(Bounded(new ManagedIdentityCredentialOptions(who is null ? ManagedIdentityId.SystemAssigned : ManagedIdentityId.FromUserAssignedClientId(who)), transport));
    }

    private static string TenantOf(IConfiguration settings) => Setting(settings, "AZURE_TENANT_ID") ?? Setting(settings, "MicrosoftAppTenantId") ?? "";

    private static string? Setting(IConfiguration settings, string name) => settings[name] is { Length: > 0 } value ? value : null;

    private static ClientSecretCredential WithSecret(ArmEndpoint endpoint, string tenant, string client, string secret, HttpPipelineTransport transport) =>
        new(tenant, client, secret, Bounded(new ClientSecretCredentialOptions
        {
            AuthorityHost = endpoint.Authority,
            DisableInstanceDiscovery = true,
        }, transport));

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

/// <summary>Whoever investigates, where that is not who acts.</summary>
internal sealed record ReaderIdentity(string Client, TokenCredential Credential);
