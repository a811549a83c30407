using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Teams;

/// <summary>A key of the fake Bot Connector. Tokens are put together by hand, so that a wrong one can be wrong in any way.</summary>
internal sealed class BotKey(string id, params string[]? endorsements)
{
    // Making a key is slow; tests share a few, and only keys of different names must differ.
    private static readonly ConcurrentDictionary<string, Lazy<RSA>> Made = new();

    private readonly RSA _rsa = Made.GetOrAdd(id, static _ => new(() => RSA.Create(2048))).Value;

    public JsonObject Published()
    {
        var parameters = _rsa.ExportParameters(false);
        var key = new JsonObject
        {
            ["kty"] = "RSA", ["use"] = "sig", ["kid"] = id,
            ["n"] = Base64Url.EncodeToString(parameters.Modulus), ["e"] = Base64Url.EncodeToString(parameters.Exponent),
        };
        if (endorsements is not null)
            key["endorsements"] = new JsonArray([.. endorsements.Select(text => JsonValue.Create(text))]);
        return key;
    }

    public string Sign(JsonObject claims, string? keyId = null, string algorithm = "RS256", bool nameKey = true)
    {
        var header = new JsonObject { ["alg"] = algorithm, ["typ"] = "JWT" };
        if (nameKey)
            header["kid"] = keyId ?? id;
        var content = $"{Part(header)}.{Part(claims)}";
        return $"{content}.{Base64Url.EncodeToString(Signature(algorithm, Encoding.UTF8.GetBytes(content)))}";
    }

    public static string Part(JsonObject json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json.ToJsonString()));

    private byte[] Signature(string algorithm, byte[] bytes)
    {
        lock (_rsa)
            return algorithm switch
            {
                "none" => [],
                // The classic confusion: the public key taken for a shared secret.
                "HS256" => HMACSHA256.HashData(_rsa.ExportSubjectPublicKeyInfo(), bytes),
                "RS512" => _rsa.SignData(bytes, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
                _ => _rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            };
    }
}
