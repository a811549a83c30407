using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

internal sealed record Grant(string Scope, string[] Actions, string[] NotActions);

internal sealed record ResourceLock(string Scope, string Level, string Name);

/// <param name="Principal">Object id it is aimed at; everybody when null.</param>
internal sealed record DenyAssignment(string Scope, string[] Actions, string[] NotActions, string Name, string? Principal = null, bool DoNotApplyToChildScopes = false);

/// <summary>Who may do what in the subscription. ARM forecasts from it and acts by it; <see cref="Withheld"/> makes the two differ.</summary>
internal sealed class ArmAccess
{
    private const string Everyone = "00000000-0000-0000-0000-000000000000";

    public ArmAccess(string subscription) => Grants.Add(new Grant($"/subscriptions/{subscription}",
        ["*/read", "Microsoft.Web/sites/restart/Action", "Microsoft.Web/sites/start/Action", "Microsoft.Web/sites/stop/Action",
            "Microsoft.Web/sites/slots/slotsswap/Action", "Microsoft.Compute/virtualMachines/restart/action", "Microsoft.Web/serverfarms/write", "Microsoft.App/containerApps/write"], []));

    /// <summary>At first: read everything in the subscription, restart, start and stop web apps.</summary>
    public Shared<Grant> Grants { get; } = [];

    public Shared<ResourceLock> Locks { get; } = [];

    public Shared<DenyAssignment> DenyAssignments { get; } = [];

    /// <summary>Actions the real call refuses although the forecast says yes.</summary>
    public Shared<string> Withheld { get; } = [];

    /// <summary>Leaves reading only.</summary>
    public void ReadOnly(string scope)
    {
        Grants.Clear();
        Grants.Add(new Grant(scope, ["*/read"], []));
    }

    public void Lock(string scope, string level = "ReadOnly", string name = "keep") => Locks.Add(new ResourceLock(scope, level, name));

    internal bool Allows(string scope, string action) => !Withheld.Contains(action, StringComparer.OrdinalIgnoreCase)
        && Grants.Any(grant => Covers(grant.Scope, scope) && Matches(grant.Actions, action) && !Matches(grant.NotActions, action))
        && !DenyAssignments.Any(deny => (Same(deny.Scope, scope) || (Covers(deny.Scope, scope) && !deny.DoNotApplyToChildScopes))
            && Matches(deny.Actions, action) && !Matches(deny.NotActions, action));

    internal ResourceLock? Blocks(string scope) => Locks.FirstOrDefault(held => held.Level == "ReadOnly" && Covers(held.Scope, scope));

    internal IEnumerable<JsonObject> PermissionsAt(string scope) => Grants.Where(grant => Covers(grant.Scope, scope)).Select(grant => new JsonObject
    {
        ["actions"] = Texts(grant.Actions), ["notActions"] = Texts(grant.NotActions), ["dataActions"] = new JsonArray(), ["notDataActions"] = new JsonArray(),
    });

    /// <summary>The answer for a resource holds its group's locks too, the answer for a group or subscription everything below.</summary>
    internal IEnumerable<JsonObject> LocksAt(string scope)
    {
        var group = scope.IndexOf("/providers/", StringComparison.OrdinalIgnoreCase) is > 0 and var end ? scope[..end] : scope;
        return Locks.Where(held => Covers(scope, held.Scope) || (Covers(held.Scope, scope) && Covers(group, held.Scope))).Select(held => new JsonObject
        {
            ["id"] = $"{held.Scope}/providers/Microsoft.Authorization/locks/{held.Name}", ["type"] = "Microsoft.Authorization/locks", ["name"] = held.Name,
            ["properties"] = new JsonObject { ["level"] = held.Level, ["notes"] = $"{held.Level} lock of the platform team" },
        });
    }

    internal IEnumerable<JsonObject> DenyAssignmentsAt(string scope) => DenyAssignments.Where(deny => Covers(deny.Scope, scope)).Select(deny => new JsonObject
    {
        ["id"] = $"{deny.Scope}/providers/Microsoft.Authorization/denyAssignments/{deny.Name}", ["type"] = "Microsoft.Authorization/denyAssignments", ["name"] = deny.Name,
        ["properties"] = new JsonObject
        {
            ["denyAssignmentName"] = deny.Name, ["scope"] = deny.Scope, ["doNotApplyToChildScopes"] = deny.DoNotApplyToChildScopes, ["isSystemProtected"] = true,
            ["permissions"] = new JsonArray(new JsonObject
            {
                ["actions"] = Texts(deny.Actions), ["notActions"] = Texts(deny.NotActions), ["dataActions"] = new JsonArray(), ["notDataActions"] = new JsonArray(),
            }),
            ["principals"] = new JsonArray(new JsonObject { ["id"] = deny.Principal ?? Everyone, ["type"] = deny.Principal is null ? "SystemDefined" : "ServicePrincipal" }),
            ["excludePrincipals"] = new JsonArray(),
        },
    });

    internal static bool Covers(string above, string scope) => Same(above, scope) || scope.StartsWith(above.TrimEnd('/') + "/", StringComparison.OrdinalIgnoreCase);

    private static bool Same(string left, string right) => left.Equals(right, StringComparison.OrdinalIgnoreCase);

    private static bool Matches(string[] patterns, string action) => patterns.Any(pattern =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, action, ignoreCase: true));

    private static JsonArray Texts(string[] texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
