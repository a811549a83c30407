using System.Text.Json;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <param name="Unread">Why nothing could be told; null: it was read.</param>
/// <param name="Missing">Actions that no role of the agent covers there, or only under a condition.</param>
/// <param name="Locks">Locks that forbid changes, in words.</param>
internal sealed record Reach(string? Unread, IReadOnlyList<string> Missing, IReadOnlyList<string> Locks);

/// <summary>What of a list of actions the agent has on a resource, by its own reading of its permissions. For the command line: the gate asks about one operation.</summary>
internal sealed class AgentReach(ArmReader azure, AgentIdentity identity)
{
    /// <summary>What an investigation reads.</summary>
    public static IReadOnlyList<string> Reads { get; } =
        ["Microsoft.Insights/Metrics/Read", "Microsoft.Insights/eventtypes/values/Read", "Microsoft.ResourceHealth/AvailabilityStatuses/read"];

    private string Agent => identity.Context.AgentIdentity == AgentIdentity.SystemAssigned ? "OBJECT-ID-OF-THE-IDENTITY" : identity.Context.AgentIdentity;

    public string Grant(string role, ResourceId scope) => $"az role assignment create --assignee {Agent} --role \"{role}\" --scope {scope}";

    public async Task<Reach> Look(ResourceId target, IReadOnlyList<(string Action, string Method)> actions, CancellationToken cancellation)
    {
        var permissions = azure.GetAll(target, "/providers/Microsoft.Authorization/permissions", "2022-04-01", [], cancellation);
        var locks = azure.GetAll(target, "/providers/Microsoft.Authorization/locks", "2020-05-01", [], cancellation);
        if (await permissions is not ArmAnswer.Found(var entries))
        {
            return new((await permissions).Match(_ => "", (code, _) => $"it was not found ({code})", (code, _) => $"the agent may not read there ({code})", reason => reason.TrimEnd('.')), [], []);
        }

        var missing = actions.Select(a => a.Action).Concat(Reads).Where(action => !entries.EnumerateArray().Any(e => ActionPatterns.Cover(e, action) == true)).ToList();
        var forbidding = await locks is ArmAnswer.Found(var list)
            ? list.EnumerateArray().Select(ManagementLock.Of).Where(l => actions.Any(a => l.Forbids(a.Method, target))).Select(l => l.Words).Distinct().ToList()
            : ["its locks could not be read."];
        return new(null, missing, forbidding);
    }
}
