using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Kubernetes;

namespace RunModes.Bot.Tests.Execution;

/// <summary>How the bot gets into a real cluster, or does not.</summary>
public sealed class KubernetesAccessTests
{
    private const string Restart = "rollout restart deployment/web";

    [Theory]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task A_kubeconfig_that_others_can_read_or_change_is_not_used_from_that_moment_on(UnixFileMode opened)
    {
        var space = await Space();
        var agent = new ClusterAgent(space);
        Assert.Null((await agent.Read("get pods")).Failed);
        Open(space.KubeConfig, opened);
        Assert.Contains("others than its owner can read the kubeconfig of cluster prod; chmod 600 it", (await agent.Read("get pods")).Failed, StringComparison.Ordinal);
        var result = await agent.Execute(Restart);
        Assert.Equal((Outcome.Failed, false), (result.Outcome, result.Sent));
        // A start with it is refused.
        Assert.Throws<Xunit.Sdk.EmptyException>(() => new ClusterAgent(space));
    }

    [Fact]
    public async Task A_kubeconfig_that_is_a_link_as_secrets_are_mounted_counts_by_the_file_behind_it()
    {
        var space = await Space();
        var link = $"{space.KubeConfig}.link";
        File.CreateSymbolicLink(link, space.KubeConfig);
        var agent = new ClusterAgent(space, kubeConfig: link);
        Assert.Null((await agent.Read("get pods")).Failed);
        Open(space.KubeConfig, UnixFileMode.OtherRead);
        Assert.Contains("chmod 600", (await agent.Read("get pods")).Failed, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kubelogin_signs_in_as_the_workload_and_sees_nothing_else_of_the_bots_environment()
    {
        var space = await Space();
        using var folder = new ToolFolder();
        var federated = folder.Secret(space.User.Token);
        // As kubelogin does: it changes the token of the workload for one of the cluster; here the cluster knows it as it is.
        var kubelogin = Scratch.Program(folder.Home, $$$"""
            env > "$0.env"
            printf '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"%s"}}' "$(cat "$AZURE_FEDERATED_TOKEN_FILE")"
            """);
        var config = space.Plane.Keys.KubeConfig(space.Plane.Address, "agent", new JsonObject
        {
            ["exec"] = new JsonObject { ["apiVersion"] = "client.authentication.k8s.io/v1beta1", ["command"] = kubelogin, ["args"] = new JsonArray("get-token", "--login", "workloadidentity"), ["interactiveMode"] = "Never" },
        });
        var agent = new ClusterAgent(space, kubeConfig: config, more: new()
        {
            ["AZURE_FEDERATED_TOKEN_FILE"] = federated, ["AZURE_CLIENT_ID"] = Agent.Client, ["AZURE_TENANT_ID"] = Agent.Tenant, ["AZURE_CLIENT_SECRET"] = "canary-secret-of-the-agent",
        });
        await space.GrantAll();
        await space.Deploy();
        Assert.Equal(Outcome.Succeeded, (await agent.Execute(Restart)).Outcome);
        var seen = await File.ReadAllTextAsync($"{kubelogin}.env", Cancellation);
        Assert.Contains($"AZURE_CLIENT_ID={Agent.Client}", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("canary-secret-of-the-agent", seen, StringComparison.Ordinal);
        Assert.DoesNotContain(space.User.Token, seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_kubelogin_that_fails_means_that_nothing_was_sent()
    {
        var space = await Space();
        await space.GrantAll();
        await space.Deploy();
        using var folder = new ToolFolder();
        var kubelogin = Scratch.Program(folder.Home, "echo 'AADSTS700024: Client assertion is not within its valid time range' >&2; exit 1");
        var config = space.Plane.Keys.KubeConfig(space.Plane.Address, "agent", new JsonObject
        {
            ["exec"] = new JsonObject { ["apiVersion"] = "client.authentication.k8s.io/v1beta1", ["command"] = kubelogin, ["interactiveMode"] = "Never" },
        });
        await NothingIsDone(space, new ClusterAgent(space, kubeConfig: config), "getting credentials");
    }

    [Fact]
    public async Task A_token_that_the_cluster_does_not_know_is_said_so_and_changes_nothing()
    {
        var space = await Space();
        await space.Deploy();
        await NothingIsDone(space, new ClusterAgent(space, kubeConfig: space.Plane.Keys.KubeConfig(space.Plane.Address, "agent", new JsonObject { ["token"] = "expired" })), "You must be logged in to the server");
    }

    [Fact]
    public async Task A_cluster_that_is_not_the_one_of_the_kubeconfigs_authority_gets_no_token()
    {
        var space = await Space();
        await space.Deploy();
        using var folder = new ToolFolder();
        using var others = new ClusterKeys(folder.Home);
        await NothingIsDone(space, new ClusterAgent(space, kubeConfig: others.KubeConfig(space.Plane.Address, "agent", new JsonObject { ["token"] = space.User.Token })), "x509");
    }

    [Fact]
    public async Task A_cluster_that_is_not_there_is_said_so()
    {
        var space = await Space();
        await space.Deploy();
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        await NothingIsDone(space, new ClusterAgent(space, kubeConfig: space.Plane.Keys.KubeConfig(new Uri($"https://127.0.0.1:{port}"), "agent", new JsonObject { ["token"] = space.User.Token })), "refused");
    }

    [Fact]
    public async Task A_cluster_that_takes_the_call_and_says_nothing_does_not_hold_the_bot_up()
    {
        var space = await Space();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var config = space.Plane.Keys.KubeConfig(new Uri($"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}"), "agent", new JsonObject { ["token"] = space.User.Token });
        var agent = new ClusterAgent(space, kubeConfig: config);
        var permission = (await agent.Probe.OfCluster(agent.Call(Restart), Cancellation)).Permission;
        Assert.Equal(PermissionState.CouldNotTell, permission.State);
        Assert.Contains("Check the cluster and try again", permission.Words, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reads_bring_what_is_there_and_say_in_one_line_what_the_cluster_refuses()
    {
        var space = await Space();
        await space.GrantAll();
        await space.Deploy();
        await space.SetImage("registry.example/web:2");
        var agent = new ClusterAgent(space);
        var pod = (await space.Api.Get($"/api/v1/namespaces/{space.Name}/pods"))["items"]![0]!["metadata"]!["name"]!.GetValue<string>();
        foreach (var (typed, told) in ((string, string)[])
        [
            ("get pods", $"{pod} "), ("get deployment web -o wide", "registry.example/web:2"), ("get pod " + pod + " -o yaml", "phase: Running"), ("describe deployment web", "RollingUpdateStrategy"),
            ("describe pod " + pod, "Node:"), ("logs " + pod + " --tail 3", $"line 498 of app in {pod}\nline 499 of app in {pod}\nline 500 of app in {pod}\n"), ("logs deployment/web --tail 1", "line 500 of app in "),
            ("rollout status deployment/web", "successfully rolled out"), ("rollout history deployment/web", "REVISION"), ("rollout history deployment/web --revision 1", "registry.example/web:1"),
        ])
        {
            var output = await agent.Read(typed);
            Assert.True(output.Failed is null && output.Text.Contains(told, StringComparison.Ordinal), $"{typed}: {output}");
        }

        Assert.Contains("Metrics API not available", (await agent.Read("top pods")).Failed, StringComparison.Ordinal);
        Assert.Contains("not found", (await agent.Read("get deployment none")).Failed, StringComparison.Ordinal);
        await space.Grant("get deployments.apps");
        Assert.Contains($"cannot list resource \"pods\" in API group \"\" in the namespace \"{space.Name}\"", (await agent.Read("get pods")).Failed, StringComparison.Ordinal);
        // kubectl would ask again for ever.
        Assert.Contains("cannot list resource \"deployments\"", (await agent.Read("rollout status deployment/web")).Failed, StringComparison.Ordinal);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Neither a person is asked nor anything done, and both lines name the reason.</summary>
    private static async Task NothingIsDone(ClusterSpace space, ClusterAgent agent, string told)
    {
        var before = (await space.Of())["metadata"]!["generation"]!.GetValue<long>();
        var permission = (await agent.Probe.OfCluster(agent.Call(Restart), Cancellation)).Permission;
        Assert.Equal(PermissionState.CouldNotTell, permission.State);
        Assert.Contains(told, permission.Words, StringComparison.Ordinal);
        var result = await agent.Execute(Restart);
        Assert.True(result.Outcome == Outcome.Failed && result.Message.Contains(told, StringComparison.Ordinal), $"{result}");
        Assert.Equal(before, (await space.Of())["metadata"]!["generation"]!.GetValue<long>());
    }

    private static void Open(string path, UnixFileMode more)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, File.GetUnixFileMode(path) | more);
        }
    }

    private static async Task<ClusterSpace> Space()
    {
        var space = await (await ControlPlane.Shared()).NewSpace();
        await space.GrantAll();
        return space;
    }
}
