using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace RunModes.Bot.Incidents;

internal enum CallerState { Refused = 0, CouldNotTell, Known }

/// <param name="Name">Part of the dedupe key: an alert of one caller never passes for another's.</param>
internal sealed record CallerAnswer(CallerState State, string Name)
{
    public static CallerAnswer Refused { get; } = new(CallerState.Refused, "");
}

/// <summary>
/// Who calls the Azure Monitor webhook: the holder of the key, or Azure Monitor itself with a token of our tenant. Decided from the
/// request's head alone, before a byte of the body is read.
/// </summary>
internal sealed class MonitorCaller(IncidentSettings settings, EntraKeys keys, TimeProvider time)
{
    /// <summary>The application "AzNS AAD Webhook", the same in every tenant.</summary>
    private const string AzureMonitorApp = "461e8683-5575-4561-ac7f-899cc907d62a";
    private const string Role = "ActionGroupsSecureWebhook";
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    private readonly JsonWebTokenHandler _tokens = new() { MapInboundClaims = false };

    public async Task<CallerAnswer> Check(HttpRequest request)
    {
        if (settings.Key is { } key && (Holds(request.Query["key"], key) || Holds(request.Headers["X-Webhook-Key"], key)))
        {
            return new(CallerState.Known, "key");
        }

        return settings is { Audience: not null, TenantId: not null } && Bearer(request.Headers.Authorization) is { } token
            ? await CheckToken(token, request.HttpContext.RequestAborted)
            : CallerAnswer.Refused;
    }

    private static bool Holds(StringValues given, string key) => given is [{ } one] && Secret.Same(key, one);

    private static string? Bearer(StringValues authorization) =>
        authorization is [{ } header] && header.Split(' ') is [var scheme, { Length: > 0 } token] && scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase)
            ? token : null;

    private async Task<CallerAnswer> CheckToken(string text, CancellationToken cancellation)
    {
        if (KeyId(text) is not { } keyId)
        {
            return CallerAnswer.Refused;
        }

        var (loaded, key) = await keys.Find(keyId, cancellation);
        if (key is null)
        {
            return loaded ? CallerAnswer.Refused : new(CallerState.CouldNotTell, "");
        }

        var result = await _tokens.ValidateTokenAsync(text, Rules(key));
        return result.IsValid && IsAzureMonitor((JsonWebToken)result.SecurityToken) ? new(CallerState.Known, "entra:" + AzureMonitorApp) : CallerAnswer.Refused;
    }

    private bool IsAzureMonitor(JsonWebToken token)
    {
        // Version 1 tokens name the application appid, version 2 azp; one that carries both must mean the same.
        List<string> apps = [.. Values(token, "appid").Concat(Values(token, "azp"))];
        return Values(token, "tid") is [var tenant] && Is(tenant, settings.TenantId!)
            && Values(token, "roles").Contains(Role, StringComparer.Ordinal)
            && apps.Count > 0 && apps.TrueForAll(app => Is(app, AzureMonitorApp));
    }

    private static List<string> Values(JsonWebToken token, string claim) => [.. token.Claims.Where(c => c.Type == claim).Select(c => c.Value)];

    private string? KeyId(string text)
    {
        try
        {
            return _tokens.CanReadToken(text) && _tokens.ReadJsonWebToken(text).Kid is { Length: > 0 } keyId ? keyId : null;
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
        ValidIssuers = [$"https://sts.windows.net/{settings.TenantId}/", $"https://login.microsoftonline.com/{settings.TenantId}/v2.0"],
        AudienceValidator = (audiences, _, _) => audiences.Count() == 1 && Is(audiences.First(), settings.Audience!),
        LifetimeValidator = (from, until, _, _) => Lives(from, until, time.GetUtcNow().UtcDateTime),
    };

    private static bool Lives(DateTime? from, DateTime? until, DateTime now) =>
        until is { } end && now < end + Skew && (from is not { } start || start - Skew <= now);

    private static bool Is(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
