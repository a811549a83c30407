using System.Net;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace RunModes.Bot.Teams;

/// <summary>The Bot Connector, as its token describes it.</summary>
/// <param name="Until">When the token expires, by its own word.</param>
internal sealed record Caller(string ServiceUrl, bool EndorsedForTeams, DateTimeOffset Until);

/// <param name="Why">For the log, never for the caller.</param>
internal sealed record Refusal(HttpStatusCode Status, string Why);

/// <summary>
/// One path only: a token of the Bot Connector's issuer for our app. What the archived SDK chose from unverified input (emulator, skill
/// and other issuers) does not exist here, so our own outbound token, replayed, opens nothing.
/// </summary>
internal sealed class CallerCheck(TeamsOptions options, SigningKeys keys, TimeProvider time)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private readonly JsonWebTokenHandler _tokens = new() { MapInboundClaims = false };

    public async Task<(Caller? Caller, Refusal? Refusal)> Check(StringValues authorization)
    {
        if (authorization.Count != 1 || authorization[0]?.Split(' ') is not [var scheme, { Length: > 0 } text]
            || !scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase))
            return Refuse("no bearer token");
        if (!_tokens.CanReadToken(text))
            return Refuse("the token is not a JSON web token");

        if (await keys.Current() is not { } set)
            return (null, new(HttpStatusCode.ServiceUnavailable, "the signing keys could not be loaded"));
        if (set.Passed.Find(text, time.GetUtcNow() - Skew) is { } known)
            return (known, null);

        if (KeyId(text) is not { Length: > 0 } keyId)
            return Refuse("the token names no key");
        var key = set.Find(keyId);
        if (key is null && await keys.AfterUnknownKey(set) is { } newer)
            (set, key) = (newer, newer.Find(keyId));
        if (key is null)
            return Refuse("the token names an unknown key");

        var result = await _tokens.ValidateTokenAsync(text, Rules(key.Key));
        if (!result.IsValid)
            return Refuse(result.Exception.GetType().Name);
        var token = (JsonWebToken)result.SecurityToken;
        var serviceUrls = token.Claims.Where(claim => claim.Type.Equals("serviceurl", StringComparison.OrdinalIgnoreCase)).ToList();
        if (serviceUrls is not [{ Value.Length: > 0 } serviceUrl])
            return Refuse("the token names no service URL");

        var caller = new Caller(serviceUrl.Value, key.ForTeams, new DateTimeOffset(token.ValidTo, TimeSpan.Zero));
        set.Passed.Add(text, caller);
        return (caller, null);
    }

    private static (Caller?, Refusal?) Refuse(string why) => (null, new(HttpStatusCode.Unauthorized, why));

    private string? KeyId(string text)
    {
        try
        {
            return _tokens.ReadJsonWebToken(text).Kid;
        }
        catch (Exception malformed) when (malformed is ArgumentException or SecurityTokenException or FormatException or System.Text.Json.JsonException)
        {
            return null;
        }
    }

    private TokenValidationParameters Rules(SecurityKey key) => new()
    {
        RequireSignedTokens = true,
        ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
        IssuerSigningKey = key,
        TryAllIssuerSigningKeys = false,
        ValidateIssuerSigningKey = true,
        ValidIssuer = options.Cloud.Issuer,
        AudienceValidator = (audiences, _, _) => audiences.Any(audience => audience.Equals(options.AppId, StringComparison.OrdinalIgnoreCase)),
        LifetimeValidator = (from, until, _, _) => Lives(from, until, time.GetUtcNow().UtcDateTime),
    };

    private static bool Lives(DateTime? from, DateTime? until, DateTime now) =>
        until is { } end && now - Skew < end && (from is not { } start || start <= now + Skew);
}
