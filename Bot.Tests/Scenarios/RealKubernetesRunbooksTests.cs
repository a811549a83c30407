using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Kubernetes;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>The runbooks of deployments on a real API server with its controllers, by the real kubectl, from the alert to the measured end. Only Teams and the directory are played.</summary>
public sealed class RealKubernetesRunbooksTests
{
    [Fact]
    public async Task A_rollout_that_crashes_is_rolled_back_at_once_to_the_revision_that_serves()
    {
        var space = await Space();
        await space.Deploy();
        await space.SetImage("registry.example/crash:2", wait: false);
        await ClusterSpace.Until(async () => (await Pods(space)).Any(p => p.ToJsonString().Contains("CrashLoopBackOff", StringComparison.Ordinal)), "the new pod crashes");
        await using var bot = await Start(space, "Autonomous");
        bot.Clock.Advance(TimeSpan.FromMinutes(6));

        await Fire(bot, space, "KubePodCrashLooping");

        var said = await bot.WaitForText($"Done: I've rolled back {space.Name}/web (--to-revision 1). Pod health is now normal (crash looping → running steadily).");
        Assert.Contains("crashed again and again after a rollout", said.Text, StringComparison.Ordinal);
        Assert.Equal("registry.example/web:1", await space.Image());
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task A_deployment_whose_pods_are_not_ready_is_restarted_after_an_approval()
    {
        var space = await Space();
        await space.Deploy();
        foreach (var pod in await Pods(space))
        {
            JsonObject deaf = new() { ["type"] = "Ready", ["status"] = "False", ["lastTransitionTime"] = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture) };
            await space.Api.Patch($"/api/v1/namespaces/{space.Name}/pods/{pod["metadata"]!["name"]}/status", new JsonObject { ["status"] = new JsonObject { ["conditions"] = new JsonArray(deaf) } });
        }

        await ClusterSpace.Until(async () => (await space.Of())["status"]!["availableReplicas"] is null, "nothing is available");
        var before = (await Pods(space)).Select(p => p["metadata"]!["name"]!.GetValue<string>()).ToHashSet();
        await using var bot = await Start(space, "Review");
        bot.Clock.Advance(TimeSpan.FromMinutes(20));

        await Fire(bot, space, "KubeDeploymentReplicasMismatch");
        var card = await bot.WaitForAsk();
        Assert.Contains("0 of 2 pods are ready, and all of them run", card.Reads, StringComparison.Ordinal);
        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done, recovered");

        Assert.DoesNotContain(await Pods(space), p => before.Contains(p["metadata"]!["name"]!.GetValue<string>()));
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Whoever_rolls_out_between_card_and_click_is_not_overwritten()
    {
        var space = await Space();
        await space.Deploy();
        await space.SetImage("registry.example/crash:2", wait: false);
        await ClusterSpace.Until(async () => (await Pods(space)).Any(p => p.ToJsonString().Contains("CrashLoopBackOff", StringComparison.Ordinal)), "the new pod crashes");
        await using var bot = await Start(space, "Review");
        bot.Clock.Advance(TimeSpan.FromMinutes(6));
        await Fire(bot, space, "KubePodCrashLooping");
        var card = await bot.WaitForAsk();

        await space.SetImage("registry.example/web:3");
        await bot.Told(card, "approve", People.Ada);

        Assert.Contains("revision was 2, is now 3", (await bot.WaitForCard("Withdrawn")).Reads, StringComparison.Ordinal);
        Assert.Equal("registry.example/web:3", await space.Image());
    }

    private static async Task<IReadOnlyList<JsonNode>> Pods(ClusterSpace space) => [.. (await space.Api.Get($"/api/v1/namespaces/{space.Name}/pods"))["items"]!.AsArray().Select(p => p!)];

    private static async Task<ClusterSpace> Space()
    {
        var space = await (await ControlPlane.Shared()).NewSpace();
        // What the runbooks need, and nothing more.
        await space.Grant("get,list,patch deployments.apps", "get,list replicasets.apps", "get,list pods");
        return space;
    }

    private static async Task<BotHost> Start(ClusterSpace space, string mode)
    {
        var bot = await BotHost.Start(settings: new Dictionary<string, string?>(space.Settings())
        {
            ["ResponsePlans:0:Name"] = "kube", ["ResponsePlans:0:Resource"] = ClusterSpace.Cluster, ["ResponsePlans:0:Mode"] = mode,
        });
        await bot.Install();
        return bot;
    }

    private static async Task Fire(BotHost bot, ClusterSpace space, string rule)
    {
        var alert = Alerts.Metric(ClusterSpace.Cluster, rule, "Sev1", bot.Clock.GetUtcNow(), essentials => essentials["monitoringService"] = "Prometheus");
        alert["data"]!["alertContext"]!["labels"] = new JsonObject { ["namespace"] = space.Name, ["deployment"] = "web" };
        using var answer = await bot.PostAlert(alert);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, answer.StatusCode);
    }
}
