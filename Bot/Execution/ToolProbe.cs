using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Execution;

/// <summary>
/// Forecasts whether a command would go through, before anybody is asked: of az that the program is there, of kubectl what the cluster would say to it: `auth can-i` for the right,
/// and a server-side dry run, which changes nothing, or a look at the object where kubectl has none. A forecast only: what the cluster says to the change itself stays the truth.
/// </summary>
internal sealed class ToolProbe(ToolRunner runner)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(25);

    /// <summary>The others have no such option.</summary>
    private static readonly string[] Rehearsed = ["rollout undo", "scale", "set image"];

    public CommandSettings Settings => runner.Settings;

    public Task<ToolVersion> OfAz(CancellationToken cancellation) => runner.VersionOfAz(cancellation);

    public Task<ToolVersion> OfKubectl(CancellationToken cancellation) => runner.VersionOfKubectl(cancellation);

    public async Task<Preflight> OfCluster(Operation.ToolCall call, CancellationToken cancellation)
    {
        var noLock = new Fact<LockState>(LockState.None, "Locks of Azure do not reach into a cluster.");
        if (call.Object.Split('/') is not [var space, _, var name] || KubectlRights.Of(call) is not { Count: > 0 } needed)
        {
            return new(new(PermissionState.CouldNotTell, "What the command needs in the cluster is not known."), noLock);
        }

        var granted = await Task.WhenAll(needed.Select(right => Granted(call, right, name, cancellation)));
        List<string> missing = [.. needed.Where((_, i) => granted[i].State == PermissionState.Missing)];
        List<Fact<PermissionState>> doubts = [.. granted.Where(g => g.State is not (PermissionState.Granted or PermissionState.Missing))];
        var permission = missing.Count > 0 ? new(PermissionState.Missing, Missing(call, space, name, missing))
            : doubts.Count > 0 ? doubts[0]
            : new Fact<PermissionState>(PermissionState.Granted, $"the cluster grants {string.Join(", ", needed)} for '{name}' in {space}");
        return new(permission.State != PermissionState.Granted ? permission
            : Rehearsed.Contains(call.Command) ? await Rehearse(call, permission, cancellation) : await LookAt(call, permission, cancellation), noLock);
    }

    private async Task<Fact<PermissionState>> Granted(Operation.ToolCall call, string right, string name, CancellationToken cancellation)
    {
        var (verb, resource) = (right.Split(' ')[0], right.Split(' ')[1].Split('/'));
        // All of a kind are not a right on one of them.
        var which = verb == "list" ? resource[0] : $"{resource[0]}/{name}";
        var can = await Run(call, ["auth", "can-i", verb, which, .. resource.Length > 1 ? ["--subresource", resource[1]] : (string[])[], .. call.Arguments.SkipWhile(a => a != "--context")], cancellation);
        return can switch
        {
            ProgramEnd.Exited { Output: var said } when said.Trim() == "yes" => new(PermissionState.Granted, ""),
            ProgramEnd.Exited { Output: var said } when said.TrimStart().StartsWith("no", StringComparison.Ordinal) => new(PermissionState.Missing, ""),
            _ => new(PermissionState.CouldNotTell, $"Whether the agent may {right} could not be told: {Words(can)}. Check the cluster and try again."),
        };
    }

    private static string Missing(Operation.ToolCall call, string space, string name, IReadOnlyList<string> missing) =>
        $"The agent may not {string.Join(" nor ", missing)} for '{name}' in namespace {space} of cluster {call.Scope.Name}. Least right: a Role in namespace {space} with {Least(call, name)}, and a RoleBinding of it to the agent.";

    /// <summary>"get, patch on deployments.apps (resourceNames: web); list on replicasets.apps".</summary>
    private static string Least(Operation.ToolCall call, string name) => string.Join("; ", KubectlRights.Of(call).Select(r => r.Split(' ')).GroupBy(r => (Resource: r[1], IsList: r[0] == "list"), r => r[0])
        .Select(g => $"{string.Join(", ", g)} on {g.Key.Resource}{(g.Key.IsList ? "" : $" (resourceNames: {name})")}"));

    private async Task<Fact<PermissionState>> Rehearse(Operation.ToolCall call, Fact<PermissionState> granted, CancellationToken cancellation) =>
        await Run(call, [.. call.Arguments, "--dry-run=server"], cancellation) switch
        {
            ProgramEnd.Exited { Code: 0, Output: var said } => new(PermissionState.Granted, $"{granted.Words}; dry run on the server: {ArmError.Clean(said, 200)}"),
            ProgramEnd.Exited refused => new(PermissionState.Missing, $"The cluster refused it in a dry run: {ToolAnswer.FirstLine(refused.Errors)}"),
            var other => new(PermissionState.CouldNotTell, $"The dry run was not done: {Words(other)}."),
        };

    /// <summary>Where kubectl has no dry run, what would stop it is asked of the object itself.</summary>
    private async Task<Fact<PermissionState>> LookAt(Operation.ToolCall call, Fact<PermissionState> granted, CancellationToken cancellation)
    {
        var (kind, name) = (call.Object.Split('/')[1], call.Object.Split('/')[2]);
        var looked = await Run(call, ["get", $"{kind}/{name}", "--output", "jsonpath={.spec.paused}", .. call.Arguments.SkipWhile(a => a != "--context")], cancellation);
        if (looked is not ProgramEnd.Exited { Code: 0, Output: var paused })
        {
            return looked is ProgramEnd.Exited refused && ToolAnswer.Judge(CommandTool.Kubectl, refused).Outcome == Outcome.Failed
                ? new(PermissionState.Missing, $"The cluster shows no such object: {ToolAnswer.FirstLine(refused.Errors)}")
                : new(PermissionState.CouldNotTell, $"What it would act on could not be looked at: {Words(looked)}. Check the cluster and try again.");
        }

        var objection = (call.Command, paused.Trim() == "true") switch
        {
            ("rollout restart", true) => "is paused, and is not restarted while it is (run rollout resume first)",
            ("rollout pause", true) => "is already paused",
            ("rollout resume", false) => "is not paused",
            _ => null,
        };
        return objection is null ? new(PermissionState.Granted, $"{granted.Words}; kubectl has no dry run of it, and the object is there")
            : new(PermissionState.Missing, $"The cluster says that {kind} '{name}' {objection}.");
    }

    private Task<ProgramEnd> Run(Operation.ToolCall call, IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        runner.Run(CommandTool.Kubectl, call.Scope, arguments, Limit, cancellation, ToolIdentity.Actor);

    private static string Words(ProgramEnd end) => end switch
    {
        ProgramEnd.NotStarted not => not.Why.TrimEnd('.'),
        ProgramEnd.Exited exited => ToolAnswer.FirstLine(exited.Errors).TrimEnd('.'),
        _ => "the cluster did not answer in time",
    };
}
