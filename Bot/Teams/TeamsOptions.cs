namespace RunModes.Bot.Teams;

internal enum BotAppType { Unknown = 0, SingleTenant, UserAssignedMSI }

/// <summary>Who the bot is towards Microsoft Teams. A class, not a record: a record would print its password.</summary>
internal sealed class TeamsOptions
{
    private readonly string? _type;
    private readonly string? _metadata;
    private readonly string? _login;

    private TeamsOptions(IConfiguration configuration, bool sandbox)
    {
        Sandbox = sandbox;
        _type = Setting("MicrosoftAppType");
        _metadata = Setting("MicrosoftAppOpenIdMetadata");
        _login = Setting("MicrosoftAppLoginUrl");
        AppType = _type?.ToUpperInvariant() switch
        {
            "SINGLETENANT" => BotAppType.SingleTenant,
            "USERASSIGNEDMSI" => BotAppType.UserAssignedMSI,
            _ => BotAppType.Unknown,
        };
        AppId = Setting("MicrosoftAppId") ?? "";
        TenantId = Setting("MicrosoftAppTenantId") ?? "";
        Password = Setting("MicrosoftAppPassword");
        Cloud = (_metadata is null ? null : TeamsCloud.OfMetadata(_metadata)) ?? (_login is null ? null : TeamsCloud.OfLogin(_login)) ?? TeamsCloud.Public;

        string? Setting(string key) => string.IsNullOrWhiteSpace(configuration[key]) ? null : configuration[key]!.Trim();
    }

    public BotAppType AppType { get; }

    public string AppId { get; }

    public string TenantId { get; }

    public string? Password { get; }

    public TeamsCloud Cloud { get; }

    /// <summary>The practice world: no tokens in either direction, and nobody but this machine.</summary>
    public bool Sandbox { get; }

    public static TeamsOptions From(IConfiguration configuration, bool sandbox) => new(configuration, sandbox);

    /// <summary>One line a problem, naming key and fix; empty when the bot may start.</summary>
    public IEnumerable<string> Problems()
    {
        if (Sandbox)
            yield break;

        if (AppType == BotAppType.Unknown)
            yield return _type switch
            {
                null => "MicrosoftAppType: missing; set UserAssignedMSI (preferred in Azure) or SingleTenant",
                _ when _type.Equals("MultiTenant", StringComparison.OrdinalIgnoreCase) =>
                    "MicrosoftAppType: MultiTenant bots can no longer be created and are not supported; set UserAssignedMSI or SingleTenant",
                _ => "MicrosoftAppType: unknown; set UserAssignedMSI or SingleTenant",
            };

        if (!Guid.TryParse(AppId, out _))
            yield return "MicrosoftAppId: missing or not a GUID; set the client id of the bot's app registration or managed identity";
        if (!Guid.TryParse(TenantId, out _))
            yield return "MicrosoftAppTenantId: missing or not a GUID; set the id of the Entra tenant the bot serves";

        if (AppType == BotAppType.SingleTenant && Password is null)
            yield return "MicrosoftAppPassword: missing; a SingleTenant bot needs a client secret (or use UserAssignedMSI, which has none)";
        if (AppType == BotAppType.UserAssignedMSI && Password is not null)
            yield return "MicrosoftAppPassword: set, but UserAssignedMSI uses no password; remove it or set MicrosoftAppType to SingleTenant";

        var metadata = _metadata is null ? null : TeamsCloud.OfMetadata(_metadata);
        var login = _login is null ? null : TeamsCloud.OfLogin(_login);
        if (_metadata is not null && metadata is null)
            yield return $"MicrosoftAppOpenIdMetadata: not a published Microsoft address; remove it, or set {TeamsCloud.Public.OpenIdMetadata} or {TeamsCloud.UsGovernment.OpenIdMetadata}";
        if (_login is not null && login is null)
            yield return $"MicrosoftAppLoginUrl: not a published Microsoft address; remove it, or set {TeamsCloud.Public.Login} or {TeamsCloud.UsGovernment.Login}";
        if (metadata is not null && login is not null && metadata != login)
            yield return $"MicrosoftAppLoginUrl: belongs to the {login.Name} cloud, MicrosoftAppOpenIdMetadata to the {metadata.Name} cloud; set both to the same cloud";
    }
}
