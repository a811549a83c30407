using Microsoft.Graph;
using Microsoft.Graph.Models;
using Microsoft.Kiota.Abstractions;

namespace RunModes.Bot.Roles;

/// <param name="Problem">Null: it was read. Else why nothing is known of it.</param>
/// <param name="Dangers">Why people could let themselves in, one clause each: of the group, or of one nested in it.</param>
/// <param name="Guarded">Only privileged roles change its members; null: Graph did not say.</param>
/// <param name="Somebody">One of its members, to try a look-up with.</param>
/// <param name="Partly">It has more members than were looked at.</param>
internal sealed record ApproverGroup(Guid Id, string? Name, string? Problem, IReadOnlyList<string> Dangers, bool? Guarded, Guid? Somebody, bool Partly = false);

/// <summary>Looks at the groups that make Administrators: who could put themselves into one could approve. For the command line; no decision asks this.</summary>
internal sealed class ApproverGroups(GraphDirectory directory, TimeProvider time)
{
    private const int PageSize = 100;
    private const int MostPages = 10;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    public async Task<ApproverGroup> Look(Guid id, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await Read(id, either.Token);
        }
        catch (Exception e) when (!cancellation.IsCancellationRequested)
        {
            var why = e switch
            {
                GraphRefused { Status: System.Net.HttpStatusCode.NotFound } => "Microsoft Graph knows no such group",
                GraphRefused or GraphUnreadable => e.Message,
                OperationCanceledException => "Microsoft Graph did not answer in time",
                HttpRequestException or IOException => "Microsoft Graph could not be reached",
                Azure.Identity.AuthenticationFailedException => "the bot could not sign in to Microsoft Graph",
                _ => "asking Microsoft Graph failed",
            };
            return new(id, null, why, [], null, null);
        }
    }

    private async Task<ApproverGroup> Read(Guid id, CancellationToken cancellation)
    {
        var graph = directory.Graph;
        var group = await graph.Groups[$"{id:D}"].GetAsync(
            request => request.QueryParameters.Select = ["id", "displayName", "visibility", "groupTypes", "membershipRule", "isAssignableToRole"], cancellation)
            ?? throw new GraphUnreadable("no group in its answer");
        List<string> dangers = [.. Dangers(group, "it")];
        Guid? somebody = null;
        var page = await graph.Groups[$"{id:D}"].TransitiveMembers.GetAsync(request => request.QueryParameters.Top = PageSize, cancellation);
        for (var pages = 1; ; pages++)
        {
            if (page?.Value is not { } members)
            {
                throw new GraphUnreadable("no list of members in its answer");
            }

            dangers.AddRange(members.OfType<Group>().SelectMany(nested => Dangers(nested, $"'{nested.DisplayName}' in it")));
            somebody ??= members.OfType<User>().Select(u => RoleOptions.IsObjectId(u.Id, out var found) ? found : Guid.Empty).FirstOrDefault(found => found != Guid.Empty) is var user && user != Guid.Empty ? user : null;
            if (page.OdataNextLink is not { } next)
            {
                return new(id, group.DisplayName, null, dangers, group.IsAssignableToRole, somebody);
            }

            if (pages == MostPages)
            {
                return new(id, group.DisplayName, null, dangers, group.IsAssignableToRole, somebody, Partly: true);
            }

            // The guard before the wire refuses a link that leaves Graph's host.
            page = await graph.Groups[$"{id:D}"].TransitiveMembers.WithUrl(next).GetAsync(cancellationToken: cancellation);
        }
    }

    private static IEnumerable<string> Dangers(Group group, string which)
    {
        if (string.Equals(group.Visibility, "Public", StringComparison.OrdinalIgnoreCase))
        {
            yield return $"{which} is public, so anybody of the organisation can join";
        }

        if (group.MembershipRule is { Length: > 0 } || group.GroupTypes?.Contains("DynamicMembership", StringComparer.OrdinalIgnoreCase) == true)
        {
            yield return $"{which} is dynamic, so whoever may edit a user's properties decides who is in it";
        }
    }
}
