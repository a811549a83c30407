namespace RunModes.Bot.Proposals.CommandLines;

/// <summary>What a role in the cluster has to grant for a change, "verb resource" each: kubectl looks at the object before it changes it, and for an earlier revision at those that there are.</summary>
internal static class KubectlRights
{
    public static IReadOnlyList<string> Of(Operation.ToolCall call) => call.Object.Split('/') is not [_, var kind, _] ? []
        // Held to a number of pods it reads the scale and writes it back, instead of a patch.
        : call.Command == "scale" && call.Arguments.Contains("--current-replicas") ? [$"get {kind}", $"get {kind}/scale", $"update {kind}/scale"]
        : [$"get {kind}", call.Action, .. call.Command != "rollout undo" ? (string[])[] : [kind == "deployments.apps" ? "list replicasets.apps" : "list controllerrevisions.apps"]];
}
