using System.Text.Json;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

internal enum Denial { CouldNotTell = 0, Denies, Spares }

/// <summary>One deny assignment, judged for one action of one principal. It beats every role.</summary>
internal static class DenyAssignment
{
    private static readonly string Everyone = Guid.Empty.ToString();

    /// <param name="principal">Object id of the agent; null when it is not known.</param>
    public static Denial Judge(JsonElement assignment, string action, ResourceId target, string? principal)
    {
        if (assignment.Member("properties") is not { ValueKind: JsonValueKind.Object } properties || properties.Items("permissions") is not { } permissions)
        {
            return Denial.CouldNotTell;
        }

        if (!Reaches(properties, target))
        {
            return Denial.Spares;
        }

        var covers = permissions.Select(p => ActionPatterns.Cover(p, action)).ToList();
        if (covers.TrueForAll(c => c == false))
        {
            return Denial.Spares;
        }

        var named = properties.Items("principals") is { Count: > 0 } principals ? Names(principals, principal) : Naming.Perhaps;
        var excluded = Names(properties.Items("excludePrincipals") ?? [], principal);
        return (named, excluded) switch
        {
            (Naming.No, _) or (_, Naming.Yes) => Denial.Spares,
            (Naming.Yes, Naming.No) when covers.Contains(true) => Denial.Denies,
            _ => Denial.CouldNotTell,
        };
    }

    public static string Name(JsonElement assignment) =>
        ArmError.Clean(assignment.Member("properties")?.Text("denyAssignmentName") ?? assignment.Text("name") ?? "without a name", 100);

    private static bool Reaches(JsonElement properties, ResourceId target)
    {
        if (properties.Text("scope")?.TrimEnd('/').ToLowerInvariant() is not { } scope || scope == target.Key)
        {
            return true;
        }

        var below = scope.StartsWith(target.Key + "/", StringComparison.Ordinal);
        return !below && properties.Member("doNotApplyToChildScopes") is not { ValueKind: JsonValueKind.True };
    }

    private enum Naming { Perhaps = 0, Yes, No }

    private static Naming Names(IReadOnlyList<JsonElement> principals, string? agent)
    {
        var answer = Naming.No;
        foreach (var principal in principals)
        {
            var id = principal.Text("id");
            if (id is not null && (Same(id, Everyone) || Same(id, agent)))
            {
                return Naming.Yes;
            }

            // Members of a group are the directory's to know, and without the agent's own id every other identity may be it.
            if (id is null || agent is null || principal.Text("type") is not ("User" or "ServicePrincipal"))
            {
                answer = Naming.Perhaps;
            }
        }

        return answer;
    }

    private static bool Same(string id, string? other) => id.Equals(other, StringComparison.OrdinalIgnoreCase);
}
