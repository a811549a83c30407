using System.Text.Json;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <param name="Unread">Why nothing could be told; null: it was read.</param>
/// <param name="Missing">Actions that no role of the agent covers there, or only under a condition.</param>
/// <param name="Locks">Locks that forbid changes, in words.</param>
internal sealed record Reach(string? Unread, IReadOnlyList<string> Missing, IReadOnlyList<string> Locks)
{
    /// <summary>What whoever looks lacks, where that is another than who acts.</summary>
    public IReadOnlyList<string> MissingOfReader { get; init; } = [];
}

/// <summary>What of a list of actions the agent has on a resource, by its own reading of its permissions. For the command line: the gate asks about one operation.</summary>
internal sealed class AgentReach(ArmReader azure, AgentIdentity identity)
{
    /// <summary>What an investigation reads.</summary>
    public static IReadOnlyList<string> Reads { get; } =
        ["Microsoft.Insights/Metrics/Read", "Microsoft.Insights/eventtypes/values/Read", "Microsoft.ResourceHealth/AvailabilityStatuses/read"];

    /// <summary>To whoever looks where the role only reads, and to whoever acts otherwise: mostly one and the same.</summary>
    public string Grant(string role, ResourceId scope) => Grant(role.EndsWith("Reader", StringComparison.Ordinal) ? identity.ReaderName : identity.ActorName, role, scope);

    /// <summary>To whoever acts, who is told its own rights only where it may read them.</summary>
    public string LetActorRead(ResourceId scope) => Grant(identity.ActorName, "Reader", scope);

    private static string Grant(string who, string role, ResourceId scope) => $"az role assignment create --assignee {who} --role \"{role}\" --scope {scope}";

    public async Task<Reach> Look(ResourceId target, IReadOnlyList<(string Action, string Method)> actions, CancellationToken cancellation)
    {
        const string Own = "/providers/Microsoft.Authorization/permissions";
        var permissions = azure.GetAllAsActor(target, Own, "2022-04-01", cancellation);
        var ofReader = identity.Reader is null ? permissions : azure.GetAll(target, Own, "2022-04-01", [], cancellation);
        var locks = azure.GetAll(target, "/providers/Microsoft.Authorization/locks", "2020-05-01", [], cancellation);
        if (await permissions is not ArmAnswer.Found(var entries))
        {
            return new((await permissions).Match(_ => "", (code, _) => $"it was not found ({code})", (code, _) => $"the agent may not read there ({code})", reason => reason.TrimEnd('.')), [], []);
        }

        if (await ofReader is not ArmAnswer.Found(var readable))
        {
            return new("the permissions of the identity that investigates could not be read", [], []);
        }

        static List<string> Lacking(IEnumerable<string> wanted, JsonElement granted) => [.. wanted.Where(action => !granted.EnumerateArray().Any(e => ActionPatterns.Cover(e, action) == true))];
        var missing = Lacking([.. actions.Select(a => a.Action), .. identity.Reader is null ? Reads : []], entries);
        var forbidding = await locks is ArmAnswer.Found(var list)
            ? list.EnumerateArray().Select(ManagementLock.Of).Where(l => actions.Any(a => l.Forbids(a.Method, target))).Select(l => l.Words).Distinct().ToList()
            : ["its locks could not be read."];
        return new(null, missing, forbidding) { MissingOfReader = identity.Reader is null ? [] : Lacking(Reads, readable) };
    }
}
