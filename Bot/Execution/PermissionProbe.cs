using System.Text.Json;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

internal sealed record Preflight(Fact<PermissionState> Permission, Fact<LockState> Lock);

/// <summary>
/// Forecasts whether Azure would let the agent do it, and says in words what an owner has to change when it would not.
/// A forecast only: a 403 on the real call stays the truth.
/// </summary>
internal sealed class PermissionProbe(RecentRights recent, AgentIdentity identity, ToolProbe tools)
{
    /// <param name="anew">Nothing is taken from a moment ago: somebody decides by it, or it is about to be executed.</param>
    public async Task<Preflight> Look(Operation operation, bool anew, CancellationToken cancellation)
    {
        var preflight = await operation.Match(
            arm => arm.Known is { } known ? Look(new Wanted(known.Action, known.LeastRole, arm.Method, arm.Target), anew, cancellation) : NotKnown(arm.Action),
            tool => tool.Known is not { } known ? NotKnown(tool.Command)
                : tool.Object.Length == 0 ? OfAz(new Wanted(tool.Action, known.LeastRole, "POST", tool.Scope), anew, cancellation) : tools.OfCluster(tool, cancellation));
        if (preflight is not { Permission.State: PermissionState.Granted, Lock.State: LockState.None })
        {
            // Whoever mends it is not told the old answer.
            recent.Forget();
        }

        return preflight;
    }

    /// <param name="Method">What locks look at.</param>
    private sealed record Wanted(string Action, string LeastRole, string Method, ResourceId Target);

    private async Task<Preflight> OfAz(Wanted wanted, bool anew, CancellationToken cancellation)
    {
        var preflight = await Look(wanted, anew, cancellation);
        return preflight.Permission.State == PermissionState.Granted && (await tools.OfAz(cancellation)).Problem is { } problem
            ? preflight with { Permission = new(PermissionState.CouldNotTell, $"Nothing could run it: {problem}.") }
            : preflight;
    }

    private static Task<Preflight> NotKnown(string what) => Task.FromResult(
        new Preflight(new(PermissionState.CouldNotTell, $"What {what} needs is not known."), new(LockState.CouldNotTell, "What the operation does is not known.")));

    private async Task<Preflight> Look(Wanted arm, bool anew, CancellationToken cancellation)
    {
        ResourceId[] scopes = arm.Target.Group is { } group ? [arm.Target, group, arm.Target.Subscription] : [arm.Target, arm.Target.Subscription];
        var permissions = recent.OfActor(arm.Target, "permissions", anew, cancellation);
        var denials = recent.OfActor(arm.Target, "denyAssignments", anew, cancellation);
        var locks = Task.WhenAll(scopes.Select(scope => recent.Locks(scope, anew, cancellation)));
        await Task.WhenAll(permissions, denials, locks);

        var granted = Granted(await permissions, arm);
        return new(
            granted.State == PermissionState.Granted ? await Denied(await denials, arm, cancellation) ?? granted : granted,
            Locked([.. scopes.Zip(await locks)], arm));
    }

    private Fact<PermissionState> Granted(ArmAnswer answer, Wanted action) => answer.Match(
        entries =>
        {
            var covers = entries.EnumerateArray().Select(e => ActionPatterns.Cover(e, action.Action)).ToList();
            if (covers.Contains(true))
            {
                return new Fact<PermissionState>(PermissionState.Granted, $"{action.Action} is granted on {action.Target.Name}");
            }

            return covers.Contains(null)
                ? new(PermissionState.CouldNotTell, $"Azure's list of the agent's permissions on {action.Target} could not be understood, or depends on a condition. "
                    + $"A plain assignment of {action.LeastRole} settles it: {Grant(action.LeastRole, action.Target, identity.ActorName)}")
                : new(PermissionState.Missing, $"The agent's identity lacks {action.Action} on {action.Target}. Least role: {action.LeastRole}. "
                    + $"Grant it with: {Grant(action.LeastRole, action.Target, identity.ActorName)}");
        },
        (_, _) => new(PermissionState.CouldNotTell, Unread("permissions", action.Target, answer, identity.ActorName)),
        (_, _) => new(PermissionState.CouldNotTell, Unread("permissions", action.Target, answer, identity.ActorName)),
        _ => new(PermissionState.CouldNotTell, Unread("permissions", action.Target, answer, identity.ActorName)));

    /// <returns>Null: no deny assignment stands in the way.</returns>
    private async Task<Fact<PermissionState>?> Denied(ArmAnswer answer, Wanted action, CancellationToken cancellation)
    {
        // The same resource answered its permissions: "not found" here means a cloud without deny assignments, not a resource without.
        if (answer is ArmAnswer.NotFound)
        {
            return null;
        }

        if (answer is not ArmAnswer.Found(var list))
        {
            return new(PermissionState.CouldNotTell, Unread("deny assignments", action.Target, answer, identity.ActorName));
        }

        var assignments = list.EnumerateArray().ToList();
        var agent = assignments.Count == 0 ? null : await identity.PrincipalId(cancellation);
        var judged = assignments.Select(a => (Assignment: a, Denial: DenyAssignment.Judge(a, action.Action, action.Target, agent))).ToList();
        foreach (var (denies, state, verb) in new[]
        {
            (Denial.Denies, PermissionState.Missing, "forbids"), (Denial.CouldNotTell, PermissionState.CouldNotTell, "may forbid"),
        })
        {
            if (judged.Find(j => j.Denial == denies) is { Assignment.ValueKind: not JsonValueKind.Undefined } found)
            {
                return new(state, $"Deny assignment '{DenyAssignment.Name(found.Assignment)}' {verb} {action.Action} on {action.Target} to the agent's identity, whatever its roles. "
                    + "Its owner (a deployment stack or a managed application) has to exclude the identity, or act by hand.");
            }
        }

        return null;
    }

    private Fact<LockState> Locked(IReadOnlyList<(ResourceId Scope, ArmAnswer Answer)> lists, Wanted arm)
    {
        var forbidding = lists.SelectMany(l => l.Answer is ArmAnswer.Found(var list) ? list.EnumerateArray().Select(ManagementLock.Of) : [])
            .Where(l => l.Forbids(arm.Method, arm.Target)).DistinctBy(l => l.Id, StringComparer.OrdinalIgnoreCase).ToList();
        if (forbidding.Count > 0)
        {
            return new(LockState.Forbids, string.Join(" ", forbidding.Select(l => l.Words)));
        }

        var unread = lists.Where(l => l.Answer is not ArmAnswer.Found).Select(l => Unread("locks", l.Scope, l.Answer, identity.ReaderName)).ToList();
        return unread.Count > 0 ? new(LockState.CouldNotTell, string.Join(" ", unread)) : new(LockState.None, "No lock forbids it.");
    }

    private static string Unread(string what, ResourceId scope, ArmAnswer answer, string who) => answer.Match(
        _ => "",
        (code, _) => $"The {what} of {scope} could not be read: it was not found ({code}). Check that it still exists.",
        (code, _) => $"The {what} of {scope} could not be read: the agent's identity may not ({code}). Let it read them with: {Grant("Reader", scope, who)}",
        reason => $"The {what} of {scope} could not be read. {reason} Try again in a moment.");

    private static string Grant(string role, ResourceId scope, string who) => $"az role assignment create --assignee {who} --role \"{role}\" --scope {scope}";
}
