using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Execution;

/// <summary>
/// Binds a kubectl change to the object as it is seen now: the very object, the revision of its pods, whether its rollout is paused, and for scaling how many pods it has.
/// All of it is approved with the command and read again just before it runs.
/// </summary>
internal static class ClusterBinding
{
    /// <returns>The command; or why nothing could be seen, with whether there is nothing there.</returns>
    public static (Operation.ToolCall? Bound, string Why, bool Gone) Bind(CommandReading.Understood change, AzureContext agent, KubectlReader reader, ArmAnswer seen)
    {
        var call = Operation.ToolCall.Of(change, agent);
        if (call.InCluster is not { } it)
        {
            return (null, $"{call.Name} is no object that a command can be bound to", false);
        }

        return seen.Match<(Operation.ToolCall?, string, bool)>(
            body => ClusterWorkload.Of(it, body) switch
            {
                null => (null, $"the cluster's answer about {call.Name} could not be understood", false),
                { Deleting: true } => (null, $"{call.Name} is being deleted", true),
                { Revision: null } => (null, $"{call.Name} was changed a moment ago, and the cluster has not taken that up yet", false),
                var workload => (Counted(change, workload, agent, reader) with { DependsOn = Seen(workload, call.Command) }, "", false),
            },
            (_, _) => (null, $"{call.Name} does not exist in cluster {it.Cluster.Name}", true),
            (_, _) => (null, $"the agent may not read {call.Name} in cluster {it.Cluster.Name}, and what it cannot see it does not change; grant it a Role there with get on {it.Kind.Canonical}", false),
            why => (null, $"what {call.Name} is like now could not be read: {why.TrimEnd('.')}", false));
    }

    public static IReadOnlyList<Precondition> Seen(ClusterWorkload workload, string command)
    {
        Precondition Of(string label, string member) => new(label, workload.Is.Id, workload.Is.Kind.Canonical, member, workload.Say(member) ?? "");
        return [Of("object", "uid"), Of("revision", "revision"), command == "scale" ? Of("wanted pods", "replicas") : Of("rollout", "rollout")];
    }

    /// <summary>kubectl itself holds a scaling to the number that was seen.</summary>
    private static Operation.ToolCall Counted(CommandReading.Understood change, ClusterWorkload workload, AzureContext agent, KubectlReader reader)
    {
        if (change.Command.Words != "scale" || change.Values.ContainsKey("--current-replicas"))
        {
            return Operation.ToolCall.Of(change, agent);
        }

        var cluster = reader.Clusters.First(c => c.Id.Equals(change.Target));
        return reader.Read($"scale {workload.Is.Kind.Canonical}/{workload.Is.Name} --replicas {change.Values["--replicas"]} --current-replicas {workload.Say("replicas")} --context {cluster.Name} --namespace {workload.Is.Namespace}") is CommandReading.Understood counted
            ? Operation.ToolCall.Of(counted, agent)
            : Operation.ToolCall.Of(change, agent);
    }
}
