using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Execution;

/// <summary>
/// Forecasts whether a command would go through, before anybody is asked: of az that the program is there, of kubectl what the cluster would say to it: `auth can-i` for the right,
/// and where kubectl has it a server-side dry run, which changes nothing. A forecast only: what the cluster says to the change itself stays the truth.
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
        if (call.Action.Split(' ') is not [var verb, var resource] || call.Object.Split('/') is not [var space, _, var name])
        {
            return new(new(PermissionState.CouldNotTell, "What the command needs in the cluster is not known."), noLock);
        }

        var parts = resource.Split('/');
        string[] where = [.. call.Arguments.SkipWhile(a => a != "--context")];
        var can = await Run(call, ["auth", "can-i", verb, parts[0], name, .. parts.Length > 1 ? ["--subresource", parts[1]] : (string[])[], .. where], cancellation);
        var permission = can switch
        {
            ProgramEnd.Exited { Output: var said } when said.Trim() == "yes" => new Fact<PermissionState>(PermissionState.Granted, $"the cluster grants {verb} on {resource} '{name}' in {space}"),
            ProgramEnd.Exited { Output: var said } when said.TrimStart().StartsWith("no", StringComparison.Ordinal) => new(PermissionState.Missing,
                $"The agent may not {verb} {resource} '{name}' in namespace {space} of cluster {call.Scope.Name}. Least right: a Role there with the verbs get and {verb} on {resource}, bound to the agent."),
            _ => new(PermissionState.CouldNotTell, $"Whether the agent may {verb} {resource} in {space} could not be told: {Words(can)}. Check the cluster and try again."),
        };
        return new(permission.State == PermissionState.Granted && Rehearsed.Contains(call.Command) ? await Rehearse(call, permission, cancellation) : permission, noLock);
    }

    private async Task<Fact<PermissionState>> Rehearse(Operation.ToolCall call, Fact<PermissionState> granted, CancellationToken cancellation) =>
        await Run(call, [.. call.Arguments, "--dry-run=server"], cancellation) switch
        {
            ProgramEnd.Exited { Code: 0, Output: var said } => new(PermissionState.Granted, $"{granted.Words}; dry run on the server: {ArmError.Clean(said, 200)}"),
            ProgramEnd.Exited refused => new(PermissionState.Missing, $"The cluster refused it in a dry run: {ToolAnswer.FirstLine(refused.Errors)}"),
            var other => new(PermissionState.CouldNotTell, $"The dry run was not done: {Words(other)}."),
        };

    private Task<ProgramEnd> Run(Operation.ToolCall call, IReadOnlyList<string> arguments, CancellationToken cancellation) =>
        runner.Run(CommandTool.Kubectl, call.Scope, arguments, Limit, cancellation);

    private static string Words(ProgramEnd end) => end switch
    {
        ProgramEnd.NotStarted not => not.Why.TrimEnd('.'),
        ProgramEnd.Exited exited => ToolAnswer.FirstLine(exited.Errors).TrimEnd('.'),
        _ => "the cluster did not answer in time",
    };
}
