using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Graph;
using Microsoft.Graph.Authentication;
using Microsoft.Graph.Users.Item.CheckMemberGroups;

namespace RunModes.Bot.Roles;

/// <summary>The account behind an object id, as far as Graph said: null means it did not say.</summary>
internal sealed record Account(bool? Enabled, string? UserType, string? ExternalState);

/// <summary>
/// The questions asked of Microsoft Graph, and everything peculiar about its SDK. Answers are what was well said; anything else is an exception
/// (<see cref="GraphRefused"/>, <see cref="GraphUnreadable"/>, or what the transport and the token request throw).
/// </summary>
internal sealed class GraphDirectory(RoleOptions options, IHttpClientFactory clients, [FromKeyedServices(GraphDirectory.Identity)] TokenCredential identity)
{
    public const string HttpClientName = "graph";

    /// <summary>Key of the bot's own identity among the credentials: Graph is never asked as the agent.</summary>
    public const string Identity = "bot";

    /// <summary>More ids in one <c>checkMemberGroups</c> are a 400.</summary>
    public const int MostGroupsAsked = 20;

    // Lazy: the SDK is 41 MB, and a start should not wait for it.
    private readonly Lazy<GraphServiceClient> graph = new(() => new GraphServiceClient(
        clients.CreateClient(HttpClientName),
        new AzureIdentityAuthenticationProvider(identity, [options.GraphHost], observabilityOptions: null, isCaeEnabled: false, [$"https://{options.GraphHost}/.default"]),
        $"https://{options.GraphHost}/v1.0"));

    /// <summary>For questions about groups as such, which no decision asks.</summary>
    internal GraphServiceClient Graph => graph.Value;

    public async Task<Account> Account(Guid person, CancellationToken cancellation)
    {
        var user = await graph.Value.Users[$"{person:D}"].GetAsync(
            request => request.QueryParameters.Select = ["id", "accountEnabled", "userType", "externalUserState"], cancellation)
            ?? throw new GraphUnreadable("no user in its answer");
        if (user.Id is { } id && !Names(id, person)) throw new GraphUnreadable("it answered about somebody else");
        return new Account(user.AccountEnabled, user.UserType, user.ExternalUserState);
    }

    /// <summary>Transitive. Which of <paramref name="asked"/> (at most <see cref="MostGroupsAsked"/>) the person belongs to.</summary>
    public async Task<bool> IsInAny(Guid person, IReadOnlyCollection<Guid> asked, CancellationToken cancellation)
    {
        var body = new CheckMemberGroupsPostRequestBody { GroupIds = [.. asked.Select(group => $"{group:D}")] };
        var answer = await graph.Value.Users[$"{person:D}"].CheckMemberGroups.PostAsCheckMemberGroupsPostResponseAsync(body, cancellationToken: cancellation);
        if (answer?.Value is not { } groups) throw new GraphUnreadable("no list of groups in its answer");
        if (answer.OdataNextLink is not null) throw new GraphUnreadable("only a part of the groups is in its answer");
        if (!groups.All(group => RoleOptions.IsObjectId(group, out var id) && asked.Contains(id)))
            throw new GraphUnreadable("it named a group that was not asked about");
        return groups.Count > 0;
    }

    /// <summary>
    /// Assigned to the person, or to a group the person is a direct member of. Entra does not carry an app role through nested groups,
    /// so a member of a group inside the assigned group is told no: an administrators' group that nests belongs into Roles:Administrator:Groups.
    /// </summary>
    public async Task<bool> HoldsAppRole(Guid person, Guid app, string value, CancellationToken cancellation)
    {
        var principal = await graph.Value.ServicePrincipalsWithAppId($"{app:D}").GetAsync(
            request => request.QueryParameters.Select = ["id", "appId", "appRoles"], cancellation);
        if (principal?.AppRoles is not { } roles || !RoleOptions.IsObjectId(principal.Id, out var resource))
            throw new GraphUnreadable("no app roles in its answer");
        if (principal.AppId is { } answered && !Names(answered, app)) throw new GraphUnreadable("it answered about another application");
        if (resource == person) return false;
        if (roles.SingleOrDefault(role => role.Value == value && role.IsEnabled == true)?.Id is not { } wanted || wanted == Guid.Empty) return false;

        var page = await graph.Value.Users[$"{person:D}"].AppRoleAssignments.GetAsync(
            request => request.QueryParameters.Filter = $"resourceId eq {resource:D}", cancellation);
        if (page?.Value is not { } held) throw new GraphUnreadable("no list of assignments in its answer");
        if (page.OdataNextLink is not null) throw new GraphUnreadable("only a part of the assignments is in its answer");
        if (held.Any(assignment => assignment.ResourceId != resource || assignment.AppRoleId is null))
            throw new GraphUnreadable("it named an assignment that was not asked about");
        return held.Any(assignment => assignment.AppRoleId == wanted);
    }

    private static bool Names(string text, Guid id) => Guid.TryParseExact(text, "D", out var named) && named == id;
}
