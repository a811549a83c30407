using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Deploy;

/// <summary><c>deploy.sh</c> with the real Azure CLI, which knows better than any fake of it what it accepts and prints, against the fake cloud behind a proxy.</summary>
public sealed class RealAzDeployTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Interrupted_in_the_middle_of_the_deployment_then_run_twice_there_is_one_of_each_and_no_secret_changed()
    {
        Counterpart.RequireFile("/usr/bin/az", "The Azure CLI is not installed (apt-get install azure-cli).");
        var (azure, directory) = (new InstallerAzure(), new InstallerDirectory());
        await using var cloud = await FakeCloud.Start(cancellation: Cancellation);
        cloud.Replace(azure);
        cloud.Replace(directory);
        using var scripted = new Scripted(realAz: true);
        await scripted.SignIn(cloud, Cancellation);

        azure.Held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using (var interrupt = CancellationTokenSource.CreateLinkedTokenSource(Cancellation))
        {
            var first = scripted.Deploy(interrupt.Token);
            await Task.WhenAny(azure.Held.Task, first);
            Assert.False(first.IsCompleted, first.IsCompleted ? $"{(await first).All}\n{string.Join('\n', cloud.Unexpected)}\n{string.Join('\n', azure.Requests)}" : "");
            await interrupt.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        }

        var second = await scripted.Deploy(Cancellation);
        Assert.True(second.Exit == 0, second.All);
        Assert.Contains("waiting for it", second.Output, StringComparison.Ordinal);
        var third = await scripted.Deploy(Cancellation);
        Assert.True(third.Exit == 0, third.All);

        var application = Assert.Single(directory.Applications);
        Assert.Equal($"api://{application["appId"]}", $"{application["identifierUris"]![0]}");
        Assert.Equal(2, application["api"]!["requestedAccessTokenVersion"]!.GetValue<int>());
        Assert.Equal(3, directory.Principals.Count);
        Assert.Equal(3, directory.Assignments.Count);
        Assert.Equal(2, directory.Assignments.Count(a => $"{a["principalId"]}" == InstallerDirectory.BotPrincipal));

        Assert.Equal(3, azure.Deployments.Count);
        Assert.Matches("^Rm[0-9a-f]{48}$", Parameter(0, "databasePassword"));
        Assert.Matches("^[0-9a-f]{64}$", Parameter(0, "auditKey"));
        Assert.All(new[] { 1, 2 }, again => Assert.Equal(("", ""), (Parameter(again, "databasePassword"), Parameter(again, "auditKey"))));
        Assert.All(new[] { 0, 1, 2 }, each => Assert.Equal($"{application["appId"]}", $"{azure.Deployments[each]["properties"]!["parameters"]!["webhookApplication"]!["value"]!["clientId"]}"));
        Assert.Equal("Incremental", $"{azure.Deployments[0]["properties"]!["mode"]}");
        Assert.NotNull(azure.Deployments[0]["properties"]!["template"]!["resources"]);
        Assert.Contains(scripted.Lines("programs-run"), l => l.Contains($"package --app-id {InstallerAzure.Bot} --tenant {Known.Tenant}", StringComparison.Ordinal));

        string Parameter(int deployment, string name) => $"{azure.Deployments[deployment]["properties"]!["parameters"]![name]!["value"]}";
    }
}
