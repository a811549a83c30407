using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>Every way a token for <c>/api/messages</c> can be wrong; each must be refused.</summary>
internal enum BadToken
{
    WrongIssuer,
    EntraIssuer,
    EmulatorIssuer,
    WrongAudience,
    NoAudience,
    Expired,
    NotYetValid,
    NoExpiry,
    ForeignKeySameKid,
    UnknownKid,
    RetiredKid,
    AlgNone,
    AlgNoneUnsigned,
    HmacWithPublicKey,
    NoServiceUrl,
    OtherServiceUrl,
    KeyWithoutEndorsement,
    TamperedPayload,
    TamperedSignature,
    NotAToken,
}

/// <summary>Mints what the Bot Connector presents. Times come from the clock of the cloud, because tests move it.</summary>
internal sealed class ConnectorTokens(FakeBotLogin login, string appId)
{
    public const string Issuer = "https://api.botframework.com";

    public string Good(string serviceUrl = Known.ServiceUrl) => Mint(serviceUrl);

    /// <summary>A well-signed token whose claims the test may change.</summary>
    public string Mint(string serviceUrl = Known.ServiceUrl, Action<JsonObject>? claims = null) =>
        Sign(login.Current.Kid, login.Current.Rsa, Claims(serviceUrl, claims));

    public string Bad(BadToken how, string serviceUrl = Known.ServiceUrl) => how switch
    {
        BadToken.WrongIssuer => Mint(serviceUrl, claims => claims["iss"] = "https://api.botframework.example"),
        BadToken.EntraIssuer => Mint(serviceUrl, claims => claims["iss"] = $"https://login.microsoftonline.com/{Known.Tenant}/v2.0"),
        BadToken.EmulatorIssuer => Mint(serviceUrl, claims => claims["iss"] = "https://sts.windows.net/d6d49420-f39b-4df7-a1dc-d59a935871db/"),
        BadToken.WrongAudience => Mint(serviceUrl, claims => claims["aud"] = Guid.Empty.ToString()),
        BadToken.NoAudience => Mint(serviceUrl, claims => claims.Remove("aud")),
        BadToken.Expired => Mint(serviceUrl, claims => claims["exp"] = At(-TimeSpan.FromMinutes(10))),
        BadToken.NotYetValid => Mint(serviceUrl, claims => claims["nbf"] = At(TimeSpan.FromMinutes(10))),
        BadToken.NoExpiry => Mint(serviceUrl, claims => claims.Remove("exp")),
        BadToken.ForeignKeySameKid => Sign(login.Current.Kid, FakeBotLogin.Foreign, Claims(serviceUrl)),
        BadToken.UnknownKid => Sign("nobody-knows", FakeBotLogin.Foreign, Claims(serviceUrl)),
        BadToken.RetiredKid => Sign("connector-0", login.Current.Rsa, Claims(serviceUrl)),
        BadToken.AlgNone => $"{Part(Header("none", login.Current.Kid))}.{Part(Claims(serviceUrl))}.{Good(serviceUrl).Split('.')[2]}",
        BadToken.AlgNoneUnsigned => $"{Part(Header("none", null))}.{Part(Claims(serviceUrl))}.",
        BadToken.HmacWithPublicKey => Hmac(serviceUrl),
        BadToken.NoServiceUrl => Mint(serviceUrl, claims => claims.Remove("serviceurl")),
        BadToken.OtherServiceUrl => Mint("https://smba.trafficmanager.net/elsewhere/"),
        BadToken.KeyWithoutEndorsement => Sign(login.Unendorsed.Kid, login.Unendorsed.Rsa, Claims(serviceUrl)),
        BadToken.TamperedPayload => Tamper(Good(serviceUrl), serviceUrl),
        BadToken.TamperedSignature => Flip(Good(serviceUrl)),
        BadToken.NotAToken => "not.a.token",
        _ => throw new ArgumentOutOfRangeException(nameof(how), how, null),
    };

    private JsonObject Claims(string serviceUrl, Action<JsonObject>? change = null)
    {
        var claims = new JsonObject
        {
            ["serviceurl"] = serviceUrl,
            ["nbf"] = At(-TimeSpan.FromMinutes(1)),
            ["iat"] = At(-TimeSpan.FromMinutes(1)),
            ["exp"] = At(TimeSpan.FromHours(1)),
            ["iss"] = Issuer,
            ["aud"] = appId,
        };
        change?.Invoke(claims);
        return claims;
    }

    private long At(TimeSpan fromNow) => (login.Clock.GetUtcNow() + fromNow).ToUnixTimeSeconds();

    private static JsonObject Header(string alg, string? kid)
    {
        var header = new JsonObject { ["alg"] = alg, ["typ"] = "JWT" };
        if (kid is null) return header;
        header["kid"] = kid;
        header["x5t"] = kid;
        return header;
    }

    private static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private static string Sign(string kid, RSA key, JsonObject claims)
    {
        var content = $"{Part(Header("RS256", kid))}.{Part(claims)}";
        byte[] signature;
        lock (key) signature = key.SignData(Encoding.ASCII.GetBytes(content), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{content}.{Base64Url.EncodeToString(signature)}";
    }

    // The classic confusion: the public key, which everybody has, used as a shared secret.
    private string Hmac(string serviceUrl)
    {
        var content = $"{Part(Header("HS256", login.Current.Kid))}.{Part(Claims(serviceUrl))}";
        var secret = Encoding.ASCII.GetBytes(login.Current.Rsa.ExportSubjectPublicKeyInfoPem());
        return $"{content}.{Base64Url.EncodeToString(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(content)))}";
    }

    private string Tamper(string token, string serviceUrl)
    {
        var parts = token.Split('.');
        return $"{parts[0]}.{Part(Claims(serviceUrl, claims => claims["exp"] = At(TimeSpan.FromDays(1))))}.{parts[2]}";
    }

    private static string Flip(string token)
    {
        var parts = token.Split('.');
        var signature = Base64Url.DecodeFromChars(parts[2]);
        signature[17] ^= 1;
        return $"{parts[0]}.{parts[1]}.{Base64Url.EncodeToString(signature)}";
    }
}
