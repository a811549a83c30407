using RunModes.Bot.Execution;

namespace RunModes.Bot.Cli.Checks;

/// <summary>az and kubectl, where commands may run by them: a bot without them is whole.</summary>
internal sealed class ToolsCheck(ToolProbe tools) : ICheck
{
    public async IAsyncEnumerable<CheckLine> Look([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        yield return tools.Settings.Subscriptions.Count == 0
            ? CheckLine.Note("az", "no commands of it run: Commands:Subscriptions names no subscription")
            : Judge("az", tools.Settings.Az, await tools.OfAz(cancellation));
        yield return tools.Settings.Clusters.Count == 0
            ? CheckLine.Note("kubectl", "no commands of it run: Commands:Clusters names no cluster")
            : Judge("kubectl", tools.Settings.Kubectl, await tools.OfKubectl(cancellation));
    }

    private static CheckLine Judge(string name, string program, ToolVersion version) => version.Problem is { } problem
        ? CheckLine.Trouble(name, problem.Split("; ")[0], $"{problem.Split("; ")[^1]}.")
        : CheckLine.Good(name, $"{version.Said} at {program}");
}
