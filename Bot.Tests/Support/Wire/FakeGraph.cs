using System.Globalization;
using System.Text.Json.Nodes;

namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>graph.microsoft.com over a <see cref="FakeDirectory"/>. As the real one it returns only what <c>$select</c> names, and by default neither account state nor user type.</summary>
internal sealed class FakeGraph() : WireEnd("graph.microsoft.com", "https://graph.microsoft.com")
{
    private static readonly string[] DefaultOfUser = ["id", "displayName", "userPrincipalName", "mail", "givenName", "surname", "jobTitle"];
    private static readonly string[] DefaultOfGroup = ["id", "displayName", "visibility", "groupTypes", "membershipRule", "securityEnabled", "mailEnabled", "isAssignableToRole"];

    public FakeDirectory Directory { get; } = new();

    public FakeMailbox Mail { get; } = new();

    /// <summary>Members of a collection per page; what is left is behind <c>@odata.nextLink</c>.</summary>
    public int PageSize { get; set; } = 100;

    /// <summary>Host that next links point to: another one shows whether the caller would carry its token there.</summary>
    public string NextLinkHost { get; set; } = "graph.microsoft.com";

    protected override WireAnswer? Route(WireRequest request, IssuedToken? token) => (request.Method, request.Segments) switch
    {
        ("POST", ["v1.0", "users", var id, "checkMemberGroups" or "microsoft.graph.checkMemberGroups"]) => WithPerson(id, person => MemberGroups(person, request)),
        ("GET", ["v1.0", "users", var id, "appRoleAssignments"]) => WithPerson(id, person => Page(request, [.. Assignments(person, request)])),
        ("GET", ["v1.0", "users", var id]) => WithPerson(id, person => WireAnswer.Ok(Select(request, User(person), DefaultOfUser))),
        ("GET", ["v1.0", "groups", var id, "transitiveMembers"]) => Directory.FindGroup(id) is { } group ? Page(request, [.. Members(group)]) : NotFound(id),
        ("GET", ["v1.0", "groups", var id]) => Directory.FindGroup(id) is { } group ? WireAnswer.Ok(Select(request, Group(group), DefaultOfGroup)) : NotFound(id),
        ("GET", ["v1.0", "servicePrincipals"]) when request.Query.GetValueOrDefault("$filter") is { } filter =>
            Page(request, filter == $"appId eq '{Known.AppId}'" ? [Principal()] : []),
        ("GET", ["v1.0", var name]) when name.StartsWith("servicePrincipals(appId=", StringComparison.OrdinalIgnoreCase) =>
            name.EndsWith($"='{Known.AppId}')", StringComparison.Ordinal) ? WireAnswer.Ok(Principal()) : NotFound(name),
        ("POST", ["v1.0", "users", var sender, "sendMail"]) => Mail.Send(sender, request, token),
        ("GET", ["v1.0", "organization"]) => Mail.Organization(),
        _ => null,
    };

    private WireAnswer WithPerson(string id, Func<DirectoryPerson, WireAnswer> answer) => Directory.FindPerson(id) is { } person ? answer(person) : NotFound(id);

    private WireAnswer MemberGroups(DirectoryPerson person, WireRequest request)
    {
        if (request.Json?["groupIds"] is not JsonArray asked) return WireAnswer.Error(400, "Request_BadRequest", "Property groupIds is required.");
        if (asked.Count > 20) return WireAnswer.Error(400, "Directory_ResultSizeLimitExceeded", "At most 20 ids can be checked.");
        if (asked.Any(id => !Guid.TryParse(id?.GetValue<string>(), out _))) return WireAnswer.Error(400, "Request_BadRequest", "Invalid GUID in groupIds.");
        var member = Directory.TransitiveGroups(person);
        return WireAnswer.Ok(new JsonObject
        {
            ["@odata.context"] = "https://graph.microsoft.com/v1.0/$metadata#Collection(Edm.String)",
            ["value"] = new JsonArray([.. asked.Select(id => id!.GetValue<string>()).Where(member.Contains).Select(id => (JsonNode)id)]),
        });
    }

    private IEnumerable<JsonObject> Assignments(DirectoryPerson person, WireRequest request)
    {
        var filter = request.Query.GetValueOrDefault("$filter");
        if (filter is not null && filter != $"resourceId eq {FakeDirectory.ServicePrincipal}") yield break;
        var throughGroups = person.Groups.Select(Directory.FindGroup).OfType<DirectoryGroup>()
            .SelectMany(group => group.AppRoles.Select(role => (Role: role, Id: group.Id, Name: group.Name, Type: "Group")));
        foreach (var (role, id, name, type) in person.AppRoles.Select(role => (role, person.Id, person.Name, "User")).Concat(throughGroups))
        {
            yield return new JsonObject
            {
                ["id"] = $"{role[..8]}{id[..8]}", ["appRoleId"] = role, ["principalId"] = id, ["principalDisplayName"] = name,
                ["principalType"] = type, ["resourceId"] = FakeDirectory.ServicePrincipal, ["resourceDisplayName"] = "SRE bot",
            };
        }
    }

    private WireAnswer Page(WireRequest request, JsonObject[] all)
    {
        var skip = int.Parse(request.Query.GetValueOrDefault("$skiptoken") ?? "0", CultureInfo.InvariantCulture);
        var page = new JsonObject { ["value"] = new JsonArray([.. all.Skip(skip).Take(PageSize)]) };
        if (all.Length <= skip + PageSize) return WireAnswer.Ok(page);
        var query = request.Query.Where(pair => pair.Key != "$skiptoken").Select(pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value)}")
            .Append($"$skiptoken={(skip + PageSize).ToString(CultureInfo.InvariantCulture)}");
        page["@odata.nextLink"] = $"https://{NextLinkHost}{request.Path}?{string.Join('&', query)}";
        return WireAnswer.Ok(page);
    }

    /// <summary>People and nested groups, each saying what it is.</summary>
    private IEnumerable<JsonObject> Members(DirectoryGroup group)
    {
        var (groups, people) = Directory.TransitiveMembers(group.Id);
        foreach (var nested in groups)
        {
            var json = Group(nested);
            json["@odata.type"] = "#microsoft.graph.group";
            yield return json;
        }

        foreach (var person in people)
        {
            yield return new JsonObject { ["@odata.type"] = "#microsoft.graph.user", ["id"] = person.Id, ["displayName"] = person.Name };
        }
    }

    private static JsonObject User(DirectoryPerson person) => new()
    {
        ["id"] = person.Id, ["displayName"] = person.Name, ["userPrincipalName"] = $"{person.Id[..8]}@contoso.example", ["mail"] = null,
        ["givenName"] = null, ["surname"] = null, ["jobTitle"] = null,
        ["accountEnabled"] = person.AccountEnabled, ["userType"] = person.UserType, ["externalUserState"] = person.ExternalUserState,
    };

    private static JsonObject Group(DirectoryGroup group) => new()
    {
        ["id"] = group.Id, ["displayName"] = group.Name, ["visibility"] = group.Visibility, ["membershipRule"] = group.MembershipRule,
        ["groupTypes"] = group.MembershipRule is null ? [] : new JsonArray("DynamicMembership"),
        ["securityEnabled"] = true, ["mailEnabled"] = false, ["isAssignableToRole"] = group.IsAssignableToRole,
    };

    private JsonObject Principal() => new()
    {
        ["id"] = FakeDirectory.ServicePrincipal, ["appId"] = Known.AppId, ["displayName"] = "SRE bot",
        ["appRoles"] = new JsonArray([.. Directory.AppRoles.Select(role => (JsonNode)new JsonObject
        {
            ["id"] = role.Id, ["value"] = role.Value, ["displayName"] = role.Value, ["isEnabled"] = role.IsEnabled,
            ["allowedMemberTypes"] = new JsonArray("User"),
        })]),
    };

    private static JsonObject Select(WireRequest request, JsonObject all, string[] byDefault)
    {
        var wanted = request.Query.GetValueOrDefault("$select")?.Split(',', StringSplitOptions.TrimEntries) ?? byDefault;
        return new JsonObject(all.Where(pair => wanted.Contains(pair.Key, StringComparer.OrdinalIgnoreCase))
            .Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
    }

    private static WireAnswer NotFound(string id) => WireAnswer.Error(404, "Request_ResourceNotFound", $"Resource '{id}' does not exist or one of its queried reference-property objects are not present.");
}
