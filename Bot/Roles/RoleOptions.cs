using Microsoft.Extensions.Configuration;

namespace RunModes.Bot.Roles;

/// <summary>Who may do what, as settings name it. Text that is not understood stays visible to <see cref="Problems"/> and never widens anything.</summary>
internal sealed record RoleOptions
{
    public string? TenantId { get; init; }

    public string? AppId { get; init; }

    /// <summary>Client id of the agent's Azure identity: like the bot itself, it never has a role.</summary>
    public string? AgentAppId { get; init; }

    public IReadOnlyList<string?> AdministratorGroups { get; init; } = [];

    /// <summary>Value of an app role on the service principal of <see cref="AppId"/>.</summary>
    public string? AdministratorAppRole { get; init; }

    public IReadOnlyList<string?> StandardUserGroups { get; init; } = [];

    public bool AllowGuests { get; init; }

    public bool AllowSelfApproval { get; init; } = true;

    /// <summary>The only host that ever receives a token of the bot for Microsoft Graph.</summary>
    public string GraphHost { get; init; } = PublicGraph;

    public const string PublicGraph = "graph.microsoft.com";
    public const string GovernmentGraph = "graph.microsoft.us";

    private IReadOnlyList<string> unread = [];

    public static RoleOptions From(IConfiguration settings)
    {
        var unread = new List<string>();
        return new RoleOptions
        {
            TenantId = settings["MicrosoftAppTenantId"],
            AppId = settings["MicrosoftAppId"],
            AgentAppId = settings["AZURE_CLIENT_ID"],
            AdministratorGroups = List(settings.GetSection("Roles:Administrator:Groups")),
            AdministratorAppRole = NullIfBlank(settings["Roles:Administrator:AppRole"]),
            StandardUserGroups = List(settings.GetSection("Roles:StandardUser:Groups")),
            AllowGuests = Flag(settings, "Roles:AllowGuests", missing: false, unread),
            AllowSelfApproval = Flag(settings, "Roles:AllowSelfApproval", missing: true, unread),
            // The Bot Framework's own switch for the US Government cloud.
            GraphHost = settings["ChannelService"] == "https://botframework.azure.us" ? GovernmentGraph : PublicGraph,
            unread = unread,
        };
    }

    /// <summary>One line per problem, naming key and fix; any line means the bot must not start.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (var line in unread) yield return line;
        foreach (var line in GroupProblems("Roles:Administrator:Groups", AdministratorGroups)) yield return line;
        foreach (var line in GroupProblems("Roles:StandardUser:Groups", StandardUserGroups)) yield return line;
        if (AdministratorGroups.Count == 0 && AdministratorAppRole is null)
            yield return "Roles:Administrator: no approver configured; put the object id of a group into Roles:Administrator:Groups or name an app role in Roles:Administrator:AppRole.";
        if (AdministratorAppRole is not null && !IsObjectId(AppId, out _))
            yield return "Roles:Administrator:AppRole: needs MicrosoftAppId, the application that defines the role.";
    }

    /// <summary>Object ids come hyphenated; the empty one is what a missing value turns into, so it names nobody.</summary>
    public static bool IsObjectId(string? text, out Guid id) => Guid.TryParseExact(text, "D", out id) && id != Guid.Empty;

    private static IEnumerable<string> GroupProblems(string key, IReadOnlyList<string?> groups)
    {
        for (var i = 0; i < groups.Count; i++)
            if (!IsObjectId(groups[i], out _))
                yield return $"{key}:{i}: {(string.IsNullOrWhiteSpace(groups[i]) ? "is empty" : $"'{groups[i]}' is not an object id")}; use the group's object id from Entra, such as 11111111-2222-3333-4444-555555555555.";
    }

    /// <summary>Read by hand: the configuration binder drops a lone value given where a list belongs, and a dropped group must not go unnoticed.</summary>
    private static List<string?> List(IConfigurationSection section) =>
        section.GetChildren().Select(child => child.Value).ToList() is { Count: > 0 } listed ? listed
        : string.IsNullOrEmpty(section.Value) ? [] : [section.Value];

    private static bool Flag(IConfiguration settings, string key, bool missing, List<string> unread)
    {
        var text = settings[key];
        if (string.IsNullOrEmpty(text)) return missing;
        if (bool.TryParse(text, out var value)) return value;
        unread.Add($"{key}: '{text}' is neither true nor false.");
        return false;
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
