using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Kubernetes;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>`propose kubectl …` from the chat to a real cluster and back: the real bot, the real kubectl, a real API server with RBAC. Only Teams and the directory are played.</summary>
public sealed class KubernetesTests
{
    [Theory]
    [InlineData("rollout restart deploy/web", "Restart deployment '{0}/web' in cluster aks1", "kubectl has no dry run of it, and the object is there")]
    [InlineData("scale deploy/web --replicas 3", "Scale deployment '{0}/web' in cluster aks1 (--replicas 3, --current-replicas 2)", "dry run on the server: deployment.apps/web scaled (server dry run)")]
    [InlineData("set image deploy/web app=" + ClusterSpace.Newer, "Change the image of deployment '{0}/web'", "dry run on the server: deployment.apps/web image updated (server dry run)")]
    [InlineData("rollout undo deploy/web --to-revision 1", "Roll back deployment '{0}/web' in cluster aks1 (--to-revision 1)", "(server dry run)")]
    [InlineData("rollout pause deploy/web", "Pause the rollout of deployment '{0}/web'", "kubectl has no dry run of it")]
    public async Task A_change_is_asked_with_what_the_cluster_said_to_it_and_happens_once_when_approved(string typed, string title, string told)
    {
        var space = await Space();
        await space.GrantAll();
        await space.Deploy();
        await space.SetImage("registry.example/web:2");
        var (generation, before) = (await Generation(space), (await space.Of())["spec"]!);
        await using var bot = await Start(space);
        await bot.Say(People.Sam, $"propose kubectl {typed}");
        var card = await bot.WaitForAsk();
        Assert.Contains($"Proposed action: {string.Format(null, title, space.Name)}", card.Reads, StringComparison.Ordinal);
        Assert.Contains("the cluster grants get deployments.apps, patch deployments.apps", card.Reads, StringComparison.Ordinal);
        Assert.Contains(told, card.Reads, StringComparison.Ordinal);
        Assert.Equal(generation, await Generation(space));

        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done");
        Assert.Equal(generation + 1, await Generation(space));
        var after = (await space.Of())["spec"]!;
        var (image, template) = (await space.Image(), after["template"]!["metadata"]!.ToJsonString());
        Assert.True(typed.Split(' ')[0] switch
        {
            "scale" => after["replicas"]!.GetValue<int>() == 3,
            "set" => image == ClusterSpace.Newer,
            _ when typed.Contains("undo", StringComparison.Ordinal) => image == "registry.example/web:1",
            _ when typed.Contains("pause", StringComparison.Ordinal) => after["paused"]!.GetValue<bool>(),
            _ => template.Contains("kubectl.kubernetes.io/restartedAt", StringComparison.Ordinal) && image == before["template"]!["spec"]!["containers"]![0]!["image"]!.GetValue<string>(),
        }, after.ToJsonString());
        if (!typed.Contains("pause", StringComparison.Ordinal))
        {
            await space.Settled();
        }

        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task What_is_not_granted_is_blocked_with_the_least_role_and_asks_once_that_role_is_there()
    {
        var space = await Space();
        await space.Deploy();
        var generation = await Generation(space);
        await using var bot = await Start(space);
        await bot.Say(People.Sam, "propose kubectl scale deploy/web --replicas 3");
        // What cannot be seen is not proposed: the command would be bound to nothing.
        await bot.WaitForText("grant it a Role there with get on deployments.apps");
        await space.Grant("get deployments.apps");
        await bot.Say(People.Sam, "propose kubectl scale deploy/web --replicas 3");
        var blocked = await bot.WaitForCard("Blocked");
        Assert.Contains($"The agent may not patch deployments.apps/scale for 'web' in namespace {space.Name} of cluster aks1.", blocked.Reads, StringComparison.Ordinal);
        Assert.Contains($"a Role in namespace {space.Name} with get on deployments.apps (resourceNames: web); patch on deployments.apps/scale (resourceNames: web), and a RoleBinding of it to the agent.", blocked.Reads, StringComparison.Ordinal);
        Assert.DoesNotContain("approve", blocked.Verbs);

        // Exactly what the card says, and nothing more.
        await space.Grant("get deployments.apps", "patch deployments.apps/scale");
        await bot.Press(blocked, "recheck", People.Ada);
        var card = await bot.WaitForAsk();
        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done");
        Assert.Equal((generation + 1, 3), (await Generation(space), (await space.Of())["spec"]!["replicas"]!.GetValue<int>()));
    }

    [Fact]
    public async Task A_right_that_was_withdrawn_between_card_and_click_blocks_it_and_nothing_is_sent()
    {
        var space = await Space();
        await space.GrantAll();
        await space.Deploy();
        var generation = await Generation(space);
        await using var bot = await Start(space);
        await bot.Say(People.Sam, "propose kubectl rollout restart deploy/web");
        var card = await bot.WaitForAsk();
        await space.Grant("get deployments.apps");
        await bot.Told(card, "approve", People.Ada);
        Assert.Contains($"may not patch deployments.apps for 'web' in namespace {space.Name}", (await bot.WaitForCard("Blocked")).Reads, StringComparison.Ordinal);
        Assert.Equal(generation, await Generation(space));
    }

    private static async Task<long> Generation(ClusterSpace space, string name = "web") => (await space.Of(name))["metadata"]!["generation"]!.GetValue<long>();

    private static async Task<ClusterSpace> Space() => await (await ControlPlane.Shared()).NewSpace();

    private static async Task<BotHost> Start(ClusterSpace space, string? kubectl = null, string? kubeConfig = null)
    {
        var bot = await BotHost.Start(settings: space.Settings(kubectl, kubeConfig));
        await bot.Install();
        return bot;
    }
}
