using System.Text.Json;
using System.Text.Json.Nodes;
using RunModes.Bot.Roles;

namespace RunModes.Bot.Sandbox;

/// <summary>
/// graph.microsoft.com of the practice tenant: the people of <see cref="PracticePeople"/> and two groups. Nobody else exists, so a client that brings
/// people of its own (the Playground without our configuration does) may talk and watch, and has no role.
/// </summary>
internal static class PracticeDirectory
{
    public const string Administrators = "5a4db0c5-0000-4000-8000-0000000000ad";
    public const string StandardUsers = "5a4db0c5-0000-4000-8000-0000000000ed";

    public static PracticeAnswer Answer(HttpMethod method, string path, string body)
    {
        if (path.Split('/') is not ["", "v1.0", "users", var id, .. var rest] || PracticePeople.All.FirstOrDefault(p => Same(p.ObjectId, id)) is not { } person)
        {
            return PracticeAnswer.Error(404, "Request_ResourceNotFound", "The practice directory knows no such person or thing.");
        }

        return rest switch
        {
            [] when method == HttpMethod.Get => PracticeAnswer.Ok(Describe(person)),
            ["checkMemberGroups" or "microsoft.graph.checkMemberGroups"] when method == HttpMethod.Post => MemberGroups(person, body),
            _ => PracticeAnswer.Error(404, "Request_ResourceNotFound", "The practice directory answers nothing else about people."),
        };
    }

    private static JsonObject Describe(PracticePerson person) => new()
    {
        ["@odata.context"] = "https://graph.microsoft.com/v1.0/$metadata#users/$entity",
        ["id"] = person.ObjectId, ["displayName"] = person.Name, ["userPrincipalName"] = person.UserPrincipalName,
        ["accountEnabled"] = person != PracticePeople.Dana,
        ["userType"] = person == PracticePeople.Gale ? "Guest" : "Member",
        ["externalUserState"] = person == PracticePeople.Gale ? "Accepted" : null,
    };

    /// <summary>Guest and departed Administrator are in the group on purpose: membership alone makes nobody an Administrator.</summary>
    private static string? GroupOf(PracticePerson person) => person.Role switch
    {
        Role.Administrator or Role.None => Administrators,
        Role.StandardUser => StandardUsers,
        _ => null,
    };

    private static PracticeAnswer MemberGroups(PracticePerson person, string body)
    {
        var asked = Asked(body);
        return asked is null
            ? PracticeAnswer.Error(400, "Request_BadRequest", "Property groupIds is required.")
            : PracticeAnswer.Ok(new JsonObject
            {
                ["@odata.context"] = "https://graph.microsoft.com/v1.0/$metadata#Collection(Edm.String)",
                ["value"] = new JsonArray([.. asked.Where(id => Same(id, GroupOf(person))).Select(id => (JsonNode)id)]),
            });
    }

    private static string[]? Asked(string body)
    {
        try
        {
            return JsonNode.Parse(body)?["groupIds"] is JsonArray ids ? [.. ids.OfType<JsonValue>().Select(id => id.GetValue<string>())] : null;
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool Same(string one, string? other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);
}
