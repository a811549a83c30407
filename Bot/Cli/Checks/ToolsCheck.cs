using RunModes.Bot.Execution;

namespace RunModes.Bot.Cli.Checks;

/// <summary>az and kubectl: only commands that a person proposes need them, so a bot without them is whole.</summary>
internal sealed class ToolsCheck(IConfiguration settings) : ICheck
{
    public async IAsyncEnumerable<CheckLine> Look([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var path = settings["PATH"];
        yield return Judge(await ToolVersion.OfAz(path, cancellation), "Azure CLI");
        yield return Judge(await ToolVersion.OfKubectl(path, cancellation), "kubectl");
    }

    private static CheckLine Judge(Tool tool, string called) => tool switch
    {
        { Path: null } => CheckLine.Note(tool.Name, $"not on PATH; only what it would run needs it"),
        { Version: null } => CheckLine.Trouble(tool.Name, $"{tool.Path} does not say its version", $"install the {called} anew, or take it off the PATH of the bot."),
        _ => CheckLine.Good(tool.Name, $"{tool.Version} at {tool.Path}"),
    };
}
