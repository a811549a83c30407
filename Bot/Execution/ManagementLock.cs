using System.Text.Json;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>A lock as Azure lists it. Lists of a scope also hold locks of everything below, so each says where it sits.</summary>
/// <param name="Scope">Empty when the lock does not say: then it is taken to reach everything.</param>
internal sealed record ManagementLock(string Id, string Name, string Level, string Scope)
{
    private const string Provider = "/providers/microsoft.authorization/locks/";

    public static ManagementLock Of(JsonElement item)
    {
        var id = item.Text("id") ?? "";
        var at = id.LastIndexOf(Provider, StringComparison.OrdinalIgnoreCase);
        return new(
            ArmError.Clean(id, 1200),
            ArmError.Clean(item.Text("name") ?? "without a name", 100),
            ArmError.Clean(item.Member("properties")?.Text("level") ?? "Unknown", 40),
            at > 0 ? ArmError.Clean(id[..at], 1100) : "");
    }

    public bool Forbids(string method, ResourceId target) => Reaches(method, target) && Level switch
    {
        "CanNotDelete" => IsDelete(method),
        "ReadOnly" => method != "GET",
        _ => true,
    };

    public string Words => $"{Level} lock '{Name}' at {(Scope.Length > 0 ? Scope : "an unknown scope")} forbids it. "
        + $"An owner has to remove the lock (az lock delete --ids {Id}) or act by hand.";

    private bool Reaches(string method, ResourceId target)
    {
        // Compared as text: a lock may sit on something whose name the grammar of targets refuses, and that must not block everybody else.
        var scope = Scope.ToLowerInvariant();
        return !scope.StartsWith("/subscriptions/", StringComparison.Ordinal)
            || target.Key == scope
            || target.Key.StartsWith(scope + "/", StringComparison.Ordinal)
            || (IsDelete(method) && scope.StartsWith(target.Key + "/", StringComparison.Ordinal));
    }

    private static bool IsDelete(string method) => method == "DELETE";
}
