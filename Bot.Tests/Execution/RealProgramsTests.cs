using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;
using RunModes.Bot.Tests.Proposals.CommandLines;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Execution;

/// <summary>What the catalogues write is what the real programs understand: nobody is signed in and no cluster answers, so parsing is all that happens.</summary>
public sealed class RealProgramsTests
{
    private const string Subscription = "11111111-2222-4333-8444-555555555555";
    private static readonly KnownCluster Prod = new("prod", ResourceId.Parse($"/subscriptions/{Subscription}/resourceGroups/web/providers/Microsoft.ContainerService/managedClusters/aks1"), "admin", ["web", "api"]);

    [Fact]
    public async Task The_real_kubectl_understands_every_command_that_the_catalogue_writes()
    {
        var kubectl = Counterpart.RequireFile("/usr/bin/kubectl", "kubectl is not installed.");
        using var folder = new ToolFolder();
        var config = folder.Secret("""{"apiVersion":"v1","kind":"Config","clusters":[{"name":"c","cluster":{"server":"https://127.0.0.1:1"}}],"users":[{"name":"u","user":{"token":"none"}}],"contexts":[{"name":"admin","context":{"cluster":"c","user":"u"}}]}""");
        var reader = new KubectlReader([Prod]);
        var typed = AzReaderTests.Lines(KubectlRows.Rows).Select(r => reader.Read(r.Typed)).OfType<CommandReading.Understood>().ToList();
        Assert.True(typed.Count > 40);
        await Parallel.ForEachAsync(typed, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (command, token) =>
        {
            foreach (var arguments in command.Command.Words is "rollout undo" or "scale" or "set image" ? (IReadOnlyList<string>[])[command.Arguments, [.. command.Arguments, "--dry-run=server"]] : [command.Arguments])
            {
                var end = await new Subprocess(TimeProvider.System).Run(
                    new(kubectl, arguments, new Dictionary<string, string> { ["KUBECONFIG"] = config, ["HOME"] = folder.Home, ["PATH"] = "/usr/bin:/bin" }, folder.Work, TimeSpan.FromSeconds(60)), () => true, token);
                var exited = Assert.IsType<ProgramEnd.Exited>(end);
                Assert.True(exited.Errors.Contains("connection refused", StringComparison.Ordinal) || exited.Errors.Contains("was refused", StringComparison.Ordinal), $"kubectl {string.Join(' ', arguments)}: {exited.Errors}");
            }
        });
    }
}
