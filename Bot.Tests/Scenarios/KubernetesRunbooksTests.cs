using System.Text.Json.Nodes;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>From a Prometheus alert of a cluster to kubectl and back. A script stands where kubectl would; everything else is the real application.</summary>
public sealed class KubernetesRunbooksTests
{
    private const string Restart = "rollout restart deployments.apps/web --context admin --namespace shop --request-timeout 20s";
    private const string Undo = "rollout undo deployments.apps/web --to-revision 6 --context admin --namespace shop --request-timeout 20s";

    private static FakeDeployment Restarted => FakeCluster.Well with { Revision = "8", Revisions = [new("web-66d5b8f97", 8, 2, "shop:1.8") { Restarted = 2 }, .. FakeCluster.Deaf.Revisions], Pods = [.. FakeCluster.Well.Pods.Select(p => p with { Set = "web-66d5b8f97", Turned = 3 })] };

    private static FakeDeployment WentBack => FakeCluster.Well with { Revision = "8", Pods = [.. FakeCluster.Well.Pods.Select(p => p with { Set = "web-5c4b7f9d8", Turned = 3 })] };

    [Fact]
    public async Task A_deployment_that_is_unavailable_is_restarted_once_after_an_approval_and_its_pods_are_looked_at()
    {
        using var cluster = new FakeCluster();
        await using var bot = await Start(cluster, FakeCluster.Deaf, Restarted, "Review");
        await Fire(bot, """{"namespace":"shop","deployment":"web"}""");
        var card = await bot.WaitForAsk();
        Assert.Contains("shop/web is unavailable since", card.Reads, StringComparison.Ordinal);
        Assert.Contains("Proposed action: Restart deployment 'shop/web' in cluster aks1", card.Reads, StringComparison.Ordinal);
        Assert.Contains("the cluster grants get deployments.apps, patch deployments.apps for 'web' in shop", card.Reads, StringComparison.Ordinal);
        Assert.Contains("revision is 7", card.Reads, StringComparison.Ordinal);
        Assert.Empty(cluster.Changes);

        await bot.Approve(card, People.Ada);
        var done = await bot.WaitForCard("Done, recovered");

        Assert.Contains("Pod health is now normal (**unavailable → available**)", done.Reads, StringComparison.Ordinal);
        Assert.Equal([Restart], cluster.Changes);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Under_an_Autonomous_plan_a_crash_loop_after_a_rollout_goes_back_at_once_and_is_reported()
    {
        using var cluster = new FakeCluster();
        await using var bot = await Start(cluster, FakeCluster.Broken, WentBack, "Autonomous");
        await Fire(bot, """{"namespace":"shop","pod":"web-7d9c8f6b5-x2x4k","container":"app"}""", "KubePodCrashLooping");

        var said = await bot.WaitForText("Done: I've rolled back shop/web");

        Assert.Contains("I found shop/web crashed again and again after a rollout.", said.Text, StringComparison.Ordinal);
        Assert.Contains("Pod health is now normal (crash looping → running steadily)", said.Text, StringComparison.Ordinal);
        Assert.Equal([Undo], cluster.Changes);
        Assert.DoesNotContain(bot.Cloud.Teams.Posted, m => m.Verbs.Contains("approve"));
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Pods_that_go_on_crashing_are_told_as_not_recovered()
    {
        using var cluster = new FakeCluster();
        await using var bot = await Start(cluster, FakeCluster.Broken, FakeCluster.Broken with { Revision = "8" }, "Autonomous");
        await Fire(bot, """{"namespace":"shop","deployment":"web"}""");

        Assert.Contains("pod health is still not normal (crash looping", (await bot.WaitForText("Not recovered:")).Text, StringComparison.Ordinal);
        Assert.Equal([Undo], cluster.Changes);
    }

    [Fact]
    public async Task A_rollout_between_card_and_click_withdraws_the_rollback()
    {
        using var cluster = new FakeCluster();
        await using var bot = await Start(cluster, FakeCluster.Broken, WentBack, "Review");
        await Fire(bot, """{"namespace":"shop","deployment":"web"}""");
        var undo = await bot.WaitForAsk();
        cluster.Says(FakeCluster.Broken with { Revision = "8" }, bot.Clock.GetUtcNow());
        await bot.Told(undo, "approve", People.Ada);
        var withdrawn = await bot.WaitForCard("Withdrawn");
        Assert.Contains("revision was 7, is now 8", withdrawn.Reads, StringComparison.Ordinal);
        Assert.Empty(cluster.Changes);
    }

    [Theory]
    [InlineData("another revision", "Revision was 7, is now 8.")]
    [InlineData("another object of the name", "Object was 5a1c0f8e-8f0e-4e0b-9a5e-0d3c3a7e1f11, is now 00000000-8f0e-4e0b-9a5e-0d3c3a7e1f11.")]
    public async Task A_restart_of_what_changed_between_card_and_click_asks_again_and_what_is_approved_then_runs(string what, string words)
    {
        using var cluster = new FakeCluster();
        await using var bot = await Start(cluster, FakeCluster.Deaf, Restarted, "Review");
        await Fire(bot, """{"namespace":"shop","deployment":"web"}""");
        var card = await bot.WaitForAsk();
        cluster.Says(Changed(what), bot.Clock.GetUtcNow());
        await bot.Told(card, "approve", People.Ada);
        var again = await bot.WaitForAsk(m => m.Reads.Contains(words, StringComparison.Ordinal));
        Assert.Empty(cluster.Changes);
        await bot.Approve(again, People.Ada);
        await bot.WaitForCard("Done");
        Assert.Equal([Restart], cluster.Changes);
    }

    [Fact]
    public async Task A_rollout_that_somebody_paused_meanwhile_blocks_the_restart()
    {
        using var cluster = new FakeCluster();
        await using var bot = await Start(cluster, FakeCluster.Deaf, Restarted, "Review");
        await Fire(bot, """{"namespace":"shop","deployment":"web"}""");
        var card = await bot.WaitForAsk();
        cluster.Says(Changed("paused"), bot.Clock.GetUtcNow());
        await bot.Told(card, "approve", People.Ada);
        await bot.WaitForCard("Blocked", m => m.Reads.Contains("is paused, and is not restarted while it is", StringComparison.Ordinal));
        Assert.Empty(cluster.Changes);
    }

    [Theory]
    [InlineData("nothing")]
    [InlineData("the autoscaler scales it")]
    [InlineData("another revision")]
    [InlineData("another object of the name")]
    [InlineData("paused")]
    [InlineData("not taken up")]
    [InlineData("gone")]
    [InlineData("forbidden")]
    public async Task Between_the_claim_and_the_command_nothing_runs_when(string what)
    {
        var moments = new RoundTheClaim.Moments();
        using var cluster = new FakeCluster();
        await using var bot = await Start(cluster, FakeCluster.Deaf, Restarted, "Review", moments);
        moments.After = () =>
        {
            Happens(cluster, what, bot.Clock.GetUtcNow());
            return Task.CompletedTask;
        };
        await Fire(bot, """{"namespace":"shop","deployment":"web"}""");
        await bot.Approve(await bot.WaitForAsk(), People.Ada);
        if (what is "nothing" or "the autoscaler scales it")
        {
            await bot.WaitForCard("Done");
            Assert.Equal([Restart], cluster.Changes);
            return;
        }

        await bot.WaitForCard("Failed");
        Assert.Empty(cluster.Changes);
    }

    [Fact]
    public async Task What_recovered_by_itself_while_the_card_waited_asks_again_saying_so()
    {
        using var cluster = new FakeCluster();
        await using var bot = await Start(cluster, FakeCluster.Deaf, Restarted, "Review");
        await Fire(bot, """{"namespace":"shop","deployment":"web"}""");
        var card = await bot.WaitForAsk();
        bot.Clock.Advance(TimeSpan.FromMinutes(2));
        cluster.Says(FakeCluster.Well, bot.Clock.GetUtcNow());
        await bot.Told(card, "approve", People.Ada);
        await bot.WaitForAsk(m => m.Reads.Contains("It recovered by itself: pod health is available now.", StringComparison.Ordinal));
        Assert.Empty(cluster.Changes);
    }

    [Fact]
    public async Task What_the_cluster_does_not_grant_is_blocked_with_the_right_that_is_missing()
    {
        using var cluster = new FakeCluster();
        File.WriteAllText(Path.Combine(cluster.Kubectl.Folder, "forbids"), "");
        await using var bot = await Start(cluster, FakeCluster.Deaf, Restarted, "Autonomous");
        await Fire(bot, """{"namespace":"shop","deployment":"web"}""");
        Assert.Contains("The agent may not get deployments.apps nor patch deployments.apps for 'web' in namespace shop of cluster aks1", (await bot.WaitForCard("Blocked")).Reads, StringComparison.Ordinal);
        Assert.Empty(cluster.Changes);
    }

    /// <summary>Whatever the alert says beside the two names: the operation is what the cluster's answers lead to.</summary>
    [Theory]
    [InlineData("""{"namespace":"shop","deployment":"web","command":"kubectl delete deployment web","revision":"1","image":"evil@sha256:00"}""", "Done: I've restarted shop/web")]
    [InlineData("""{"namespace":"kube-system","deployment":"web"}""", "'kube-system' is none of the namespaces that commands may touch in prod (shop)")]
    [InlineData("""{"namespace":"shop","deployment":"nothing-of-the-kind"}""", "deployment shop/nothing-of-the-kind does not exist in cluster aks1")]
    public async Task Labels_say_where_to_look_and_choose_nothing_else(string labels, string told)
    {
        using var cluster = new FakeCluster();
        await using var bot = await Start(cluster, FakeCluster.Deaf, Restarted, "Autonomous");
        await Fire(bot, labels);
        await bot.WaitForText(told.Replace("-", @"-", StringComparison.Ordinal));
        Assert.Equal(told.StartsWith("Done", StringComparison.Ordinal) ? [Restart] : [], cluster.Changes);
    }

    [Fact]
    public async Task A_hook_on_reads_of_clusters_keeps_the_deployment_from_being_looked_at()
    {
        using var cluster = new FakeCluster();
        await using var bot = await Start(cluster, FakeCluster.Deaf, Restarted, "Autonomous", more: new()
        {
            ["Hooks:0:Name"] = "hands-off", ["Hooks:0:Matcher"] = "RunKubectlReadCommand", ["Hooks:0:Kind"] = "rule", ["Hooks:0:Answer"] = "deny", ["Hooks:0:Reason"] = "Not at night",
        });
        await Fire(bot, """{"namespace":"shop","deployment":"web"}""");
        await bot.WaitForText("Hook 'hands-off' denies it: Not at night");
        Assert.Empty(cluster.Kubectl.Calls);
    }

    private static FakeDeployment Changed(string what) => what switch
    {
        "another revision" => FakeCluster.Deaf with { Revision = "8" },
        "another object of the name" => FakeCluster.Deaf with { Uid = "00000000-8f0e-4e0b-9a5e-0d3c3a7e1f11" },
        "paused" => FakeCluster.Deaf with { Paused = true },
        "not taken up" => FakeCluster.Deaf with { Generation = 10 },
        "the autoscaler scales it" => FakeCluster.Deaf with { Generation = 10, Observed = 10, Wanted = 5 },
        _ => FakeCluster.Deaf,
    };

    private static void Happens(FakeCluster cluster, string what, DateTimeOffset now)
    {
        cluster.Says(Changed(what), now);
        if (what == "gone")
        {
            File.Delete(Path.Combine(cluster.Kubectl.Folder, "deployment.json"));
        }
        else if (what == "forbidden")
        {
            cluster.Fails("deployment", "Error from server (Forbidden): deployments.apps is forbidden");
        }
    }

    private static async Task<BotHost> Start(FakeCluster cluster, FakeDeployment now, FakeDeployment after, string mode, RoundTheClaim.Moments? moments = null, Dictionary<string, string?>? more = null)
    {
        Dictionary<string, string?> settings = new(cluster.Settings)
        {
            ["ResponsePlans:0:Name"] = "kube", ["ResponsePlans:0:Resource"] = FakeCluster.Id, ["ResponsePlans:0:Mode"] = mode,
        };
        foreach (var (key, value) in more ?? [])
        {
            settings[key] = value;
        }

        var bot = await BotHost.Start(settings: settings, parts: moments is null ? null : moments.Between);
        cluster.Says(now, bot.Clock.GetUtcNow());
        cluster.Says(after, bot.Clock.GetUtcNow(), after: true);
        await bot.Install();
        return bot;
    }

    private static async Task Fire(BotHost bot, string labels, string rule = "KubeDeploymentReplicasMismatch")
    {
        var alert = Alerts.Metric(FakeCluster.Id, rule, "Sev1", bot.Clock.GetUtcNow(), essentials => essentials["monitoringService"] = "Prometheus");
        alert["data"]!["alertContext"]!["labels"] = JsonNode.Parse(labels);
        using var answer = await bot.PostAlert(alert);
        Assert.Equal(System.Net.HttpStatusCode.Accepted, answer.StatusCode);
    }
}
