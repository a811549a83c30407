using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace RunModes.Bot.Tests.Support.Wire;

internal sealed record IssuedToken(string Value, string Tenant, string ClientId, string Scope)
{
    /// <summary>Azure Resource Manager goes by two names; the Azure CLI asks by the older.</summary>
    public string Audience => Scope.Replace("/.default", "", StringComparison.OrdinalIgnoreCase).TrimEnd('/') is var asked && asked == "https://management.core.windows.net" ? "https://management.azure.com" : asked;
}

/// <summary>login.microsoftonline.com: client credentials only. Tokens are opaque to the caller, as they should be, and name client and scope to this cloud.</summary>
internal sealed class FakeEntra() : WireEnd("login.microsoftonline.com", null)
{
    private readonly Dictionary<string, IssuedToken> tokens = [];
    private readonly Dictionary<string, string> secrets = [];
    private readonly List<string> leaks = [];

    /// <summary>Every token handed out, also revoked ones: canaries that must not show up in logs, cards or the store.</summary>
    public IReadOnlyList<IssuedToken> Issued
    {
        get
        {
            lock (Gate) return [.. issued];
        }
    }

    private readonly List<IssuedToken> issued = [];

    /// <summary>Tokens shown to a host they were not issued for.</summary>
    public IReadOnlyList<string> Leaks
    {
        get
        {
            lock (Gate) return [.. leaks];
        }
    }

    /// <summary>From now on this client must show this secret; clients nobody registered are let in with any.</summary>
    public void Client(string clientId, string secret)
    {
        lock (Gate) secrets[clientId] = secret;
    }

    /// <summary>Everything issued so far is refused from now on; callers must fetch anew.</summary>
    public void Revoke()
    {
        lock (Gate) tokens.Clear();
    }

    /// <summary>A token as if fetched, for tests that speak to an end directly.</summary>
    public string Issue(string clientId, string scope, string tenant = Known.Tenant)
    {
        lock (Gate)
        {
            var token = new IssuedToken($"fake.{Guid.NewGuid():n}{Guid.NewGuid():n}", tenant, clientId, scope);
            issued.Add(token);
            return (tokens[token.Value] = token).Value;
        }
    }

    internal IssuedToken? Check(WireRequest request, WireEnd? end, out string? refusal)
    {
        lock (Gate)
        {
            refusal = null;
            var shown = request.Bearer;
            var known = shown is null ? null : issued.Find(token => token.Value == shown);
            if (known is not null && known.Audience != end?.Audience)
            {
                leaks.Add($"token of {known.ClientId} for {known.Scope} → {request.Method} {request.Host}{request.Path}");
            }

            if (end?.Audience is null) return null;
            if (shown is null) refusal = "Access token is missing.";
            else if (known is null || !tokens.ContainsKey(shown)) refusal = "Access token is unknown or no longer valid.";
            else if (known.Audience != end.Audience) refusal = "Access token validation failure. Invalid audience.";
            return known;
        }
    }

    protected override WireAnswer? Route(WireRequest request, IssuedToken? token) => request switch
    {
        { Method: "POST", Segments: [var tenant, "oauth2", "v2.0", "token"] } => Token(tenant, request),
        { Method: "GET", Segments: ["common", "discovery", "instance"] } => WireAnswer.Ok(new JsonObject
        {
            ["tenant_discovery_endpoint"] = $"https://{Host}/{Known.Tenant}/v2.0/.well-known/openid-configuration",
            ["api-version"] = "1.1",
            ["metadata"] = new JsonArray(new JsonObject
            {
                ["preferred_network"] = Host, ["preferred_cache"] = Host, ["aliases"] = new JsonArray(Host),
            }),
        }),
        { Method: "GET", Segments: [var tenant, "v2.0", ".well-known", "openid-configuration"] } => WireAnswer.Ok(new JsonObject
        {
            ["token_endpoint"] = $"https://{Host}/{tenant}/oauth2/v2.0/token",
            ["authorization_endpoint"] = $"https://{Host}/{tenant}/oauth2/v2.0/authorize",
            ["issuer"] = $"https://{Host}/{tenant}/v2.0",
            ["jwks_uri"] = $"https://{Host}/{tenant}/discovery/v2.0/keys",
        }),
        _ => null,
    };

    private WireAnswer Token(string tenant, WireRequest request)
    {
        var form = QueryHelpers.ParseQuery(request.Body);
        string Field(string name) => form.TryGetValue(name, out var value) ? value.ToString() : "";
        if (Field("grant_type") != "client_credentials") return Denied(400, "unsupported_grant_type", "AADSTS70003: The grant type is not supported.");
        if (!Field("scope").Split(' ').Any(scope => scope.EndsWith("/.default", StringComparison.Ordinal)))
            return Denied(400, "invalid_scope", "AADSTS1002012: The scope is not valid for client credentials.");
        if (secrets.TryGetValue(Field("client_id"), out var secret) && secret != Field("client_secret"))
            return Denied(401, "invalid_client", "AADSTS7000215: Invalid client secret provided.");
        var resource = Field("scope").Split(' ').First(scope => scope.EndsWith("/.default", StringComparison.Ordinal));
        return WireAnswer.Ok(new JsonObject
        {
            ["token_type"] = "Bearer", ["expires_in"] = 3599, ["ext_expires_in"] = 3599, ["access_token"] = Issue(Field("client_id"), resource, tenant),
        });
    }

    private static WireAnswer Denied(int status, string error, string description) =>
        WireAnswer.Json(status, new JsonObject { ["error"] = error, ["error_description"] = description });
}
