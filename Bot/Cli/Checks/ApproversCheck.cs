using RunModes.Bot.Roles;

namespace RunModes.Bot.Cli.Checks;

/// <summary>Whether Graph tells who may approve, tried on a real member, and whether somebody could let themselves in.</summary>
internal sealed class ApproversCheck(RoleOptions options, ApproverGroups groups, RoleLookup roles) : ICheck
{
    private const string Grant = "grant the bot's identity (MicrosoftAppId) the application permissions User.Read.All and GroupMember.Read.All of Microsoft Graph, with admin consent.";

    public async IAsyncEnumerable<CheckLine> Look([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        Guid? somebody = null;
        var anyRead = false;
        foreach (var id in options.AdministratorGroups.Select(g => RoleOptions.IsObjectId(g, out var known) ? known : Guid.Empty).Where(g => g != Guid.Empty).Distinct())
        {
            var group = await groups.Look(id, cancellation);
            anyRead |= group.Problem is null;
            somebody ??= group.Somebody;
            foreach (var line in Judge(group))
            {
                yield return line;
            }
        }

        if (somebody is { } member)
        {
            yield return await Try(member, cancellation);
        }
        else if (anyRead && options.AdministratorAppRole is null)
        {
            yield return CheckLine.Trouble("Graph look-up", "none of the approver groups has a person in it, so nobody can approve", "add the people who may approve.");
        }

        if (options.AdministratorAppRole is { } role)
        {
            yield return CheckLine.Note("app role", $"'{role}' makes Administrators too; who holds it is not listed here", "look at Enterprise applications › Users and groups of the bot's application.");
        }
    }

    private static IEnumerable<CheckLine> Judge(ApproverGroup group)
    {
        var about = $"approver group {group.Name ?? group.Id.ToString("D")}";
        if (group.Problem is { } problem)
        {
            yield return CheckLine.Trouble(about, $"it could not be read: {problem}", problem.Contains("no such group", StringComparison.Ordinal) ? "put the object id of an existing group into Roles:Administrator:Groups." : Grant);
            yield break;
        }

        foreach (var danger in group.Dangers)
        {
            yield return CheckLine.Trouble(about, danger, "use a private group with assigned members, best one to which Entra roles can be assigned, without such groups in it.");
        }

        if (group.Partly)
        {
            yield return CheckLine.Note(about, "it has too many members to look at all of them", "use a group of its own for approvers.");
        }

        if (group.Dangers.Count == 0)
        {
            yield return group.Guarded == true
                ? CheckLine.Good(about, "private, assigned, and only privileged roles change its members")
                : CheckLine.Note(about, "private and assigned; its owners and group administrators decide who is in it", "a group created with 'Entra roles can be assigned' is changed by privileged roles only.");
        }
    }

    private async Task<CheckLine> Try(Guid member, CancellationToken cancellation)
    {
        var answer = await roles.Look(new Person(options.TenantId!, member.ToString("D"), null), cancellation);
        return answer switch
        {
            { IsAdministrator: true } => CheckLine.Good("Graph look-up", $"a member ({member:D}) was recognised as an Administrator"),
            { CouldTell: false } => CheckLine.Trouble("Graph look-up", answer.Says, Grant),
            _ => CheckLine.Note("Graph look-up", $"it answers, and a member ({member:D}) of the approver group may not approve: {answer.Says}", "disabled accounts and guests never may; see Roles:AllowGuests."),
        };
    }
}
