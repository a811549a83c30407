using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

internal sealed record SigningKey(string Kid, RSA Rsa, string[]? Endorsements)
{
    public JsonObject ToJwk()
    {
        var parameters = Rsa.ExportParameters(false);
        var jwk = new JsonObject
        {
            ["kty"] = "RSA", ["use"] = "sig", ["alg"] = "RS256", ["kid"] = Kid, ["x5t"] = Kid,
            ["n"] = Base64Url.EncodeToString(parameters.Modulus), ["e"] = Base64Url.EncodeToString(parameters.Exponent),
        };
        if (Endorsements is not null) jwk["endorsements"] = new JsonArray([.. Endorsements.Select(name => (JsonNode)name)]);
        return jwk;
    }
}

/// <summary>login.botframework.com: OpenID metadata and the key set of the Bot Connector.</summary>
internal sealed class FakeBotLogin(TimeProvider clock) : WireEnd("login.botframework.com", null)
{
    // Making RSA keys is slow; which cloud a key belongs to is settled by the key set, so clouds may share them.
    private static readonly Lazy<RSA[]> Pool = new(() => [.. Enumerable.Range(0, 4).Select(_ => RSA.Create(2048))]);

    private readonly List<SigningKey> published =
    [
        new("connector-1", Pool.Value[0], ["msteams", "webchat"]),
        new("unendorsed-1", Pool.Value[1], null),
    ];

    private int rotations;

    public TimeProvider Clock { get; } = clock;

    internal SigningKey Current { get; private set; } = new("connector-1", Pool.Value[0], ["msteams", "webchat"]);

    internal SigningKey Unendorsed => published.First(key => key.Endorsements is null);

    /// <summary>A key that was never in the key set.</summary>
    internal static RSA Foreign => Pool.Value[2];

    /// <summary>The connector signs with a new key from now on. The old one stays in the key set unless <paramref name="retireOld"/>.</summary>
    public void RotateKeys(bool retireOld = true)
    {
        lock (Gate)
        {
            if (retireOld) published.RemoveAll(key => key.Kid == Current.Kid);
            rotations++;
            Current = new SigningKey($"connector-{rotations + 1}", Pool.Value[rotations % 2 == 1 ? 3 : 0], ["msteams"]);
            published.Add(Current);
        }
    }

    public ConnectorTokens TokensFor(string appId = Known.AppId) => new(this, appId);

    protected override WireAnswer? Route(WireRequest request, IssuedToken? token) => request switch
    {
        { Method: "GET", Segments: ["v1", ".well-known", "openidconfiguration"] } => WireAnswer.Ok(new JsonObject
        {
            ["issuer"] = "https://api.botframework.com",
            ["authorization_endpoint"] = "https://invalid.botframework.com",
            ["jwks_uri"] = $"https://{Host}/v1/.well-known/keys",
            ["id_token_signing_alg_values_supported"] = new JsonArray("RS256"),
            ["token_endpoint_auth_methods_supported"] = new JsonArray("private_key_jwt"),
        }),
        { Method: "GET", Segments: ["v1", ".well-known", "keys"] } => WireAnswer.Ok(new JsonObject
        {
            ["keys"] = new JsonArray([.. published.Select(key => (JsonNode)key.ToJwk())]),
        }),
        _ => null,
    };
}
