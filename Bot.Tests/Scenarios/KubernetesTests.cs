using System.Net;
using System.Net.Sockets;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Kubernetes;
using RunModes.Bot.Tests.Support.Wire;

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
        Assert.Contains("the cluster grants get deployments.apps, ", card.Reads, StringComparison.Ordinal);
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

        Assert.DoesNotContain(space.User.Token, string.Join('\n', bot.Cloud.Teams.Posted.Select(m => m.Activity.ToJsonString()).Concat([bot.Logs.Text, (await bot.Audit("--json")).Output])), StringComparison.Ordinal);
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
        Assert.Contains($"The agent may not get deployments.apps/scale nor update deployments.apps/scale for 'web' in namespace {space.Name} of cluster aks1.", blocked.Reads, StringComparison.Ordinal);
        Assert.Contains($"a Role in namespace {space.Name} with get on deployments.apps (resourceNames: web); get, update on deployments.apps/scale (resourceNames: web), and a RoleBinding of it to the agent.", blocked.Reads, StringComparison.Ordinal);
        Assert.DoesNotContain("approve", blocked.Verbs);

        // Exactly what the card says, and nothing more.
        await space.Grant("get deployments.apps", "get,update deployments.apps/scale");
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

    [Fact]
    public async Task What_the_cluster_answers_to_the_change_itself_is_the_truth_whatever_the_forecast_was()
    {
        var space = await Space();
        await space.GrantAll();
        await space.Deploy();
        var generation = await Generation(space);
        // The right goes after the last look at it.
        var kubectl = Scratch.Program(Path.GetDirectoryName(space.KubeConfig)!, $$"""
            case "$*" in "rollout restart "*)
              {{ControlPlane.Kubectl}} --kubeconfig {{space.Plane.AdminConfig}} delete rolebinding agent -n {{space.Name}} >/dev/null
              until [ "$({{ControlPlane.Kubectl}} auth can-i get deployments.apps/web --context agent -n {{space.Name}} 2>/dev/null)" = no ]; do sleep 0.1; done;;
            esac
            exec {{ControlPlane.Kubectl}} "$@"
            """);
        await using var bot = await Start(space, kubectl);
        await bot.Say(People.Sam, "propose kubectl rollout restart deploy/web");
        await bot.Approve(await bot.WaitForAsk(), People.Ada);
        Assert.Contains($"User \"{space.User.Name}\" cannot get resource \"deployments\"", (await bot.WaitForCard("Failed")).Reads, StringComparison.Ordinal);
        Assert.Equal(generation, await Generation(space));
    }

    [Fact]
    public async Task Four_at_once_each_do_what_their_card_says_and_nothing_else()
    {
        var space = await Space();
        await space.GrantAll();
        string[] names = ["web-a", "web-b", "web-c", "web-d"];
        await Task.WhenAll(names.Select(n => space.Deploy(n)));
        await using var bot = await Start(space);
        List<PostedMessage> cards = [];
        foreach (var (name, replicas) in names.Zip([3, 4, 5, 6]))
        {
            await bot.Say(replicas < 5 ? People.Sam : People.Ben, $"propose kubectl scale deploy/{name} --replicas {replicas}");
            cards.Add(await bot.WaitForAsk(m => m.Reads.Contains($"/{name}'", StringComparison.Ordinal)));
        }

        await Task.WhenAll(cards.Select(c => bot.Approve(c, People.Ada)));
        foreach (var (name, replicas) in names.Zip([3, 4, 5, 6]))
        {
            await bot.WaitForCard("Done", m => m.Reads.Contains($"/{name}'", StringComparison.Ordinal));
            var after = await space.Of(name);
            Assert.Equal((2, replicas), (after["metadata"]!["generation"]!.GetValue<int>(), after["spec"]!["replicas"]!.GetValue<int>()));
        }
    }

    [Fact]
    public async Task Whoever_points_it_elsewhere_or_asks_for_secrets_is_refused_before_anything_leaves()
    {
        var space = await Space();
        await space.GrantAll();
        await space.Grant("get,list secrets");
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        var url = $"https://{elsewhere.LocalEndpoint}";
        await using var bot = await Start(space);
        string[] rows =
        [
            $"-s {url} get pods", $"get pods -s {url}", $"get pods --server {url}", $"get pods --server={url}", "get pods --token x", "get pods --as system:admin", "get pods --as-group system:masters",
            $"get pods --kubeconfig {space.Plane.AdminConfig}", $"--kubeconfig {space.Plane.AdminConfig} get pods", "get pods --user u", "get pods --cluster c", "get pods --context admin", "get --raw /api/v1/secrets",
            "get pods --insecure-skip-tls-verify", $"get pods --proxy-url {url}", "get secrets", "get secret db -o yaml", "describe secret db", "get pods,secrets", $"rollout restart deploy/web -s {url}", $"scale deploy/web --replicas 2 --server {url}",
        ];
        Someone[] people = [People.Ada, People.Ben, People.Sam];
        foreach (var (row, i) in rows.Select((r, i) => (r, i)))
        {
            var before = bot.Cloud.Teams.Posted.Count;
            await bot.Say(people[i % people.Length], $"propose kubectl {row}");
            await bot.WaitForText("Nothing was started.", m => m.Number > before);
        }

        Assert.Equal(0, await bot.Count("SELECT COUNT(*) FROM runs"));
        Assert.False(elsewhere.Pending());
        // The listener hears kubectl where it is pointed at it: silence above is no deafness.
        using var kubectl = System.Diagnostics.Process.Start(ControlPlane.Kubectl, ["--kubeconfig", space.KubeConfig, "-s", url, "get", "pods", "--request-timeout", "1s"]);
        using var heard = await elsewhere.AcceptTcpClientAsync(BotClient.Cancellation);
        kubectl.Kill();
        await kubectl.WaitForExitAsync(BotClient.Cancellation);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task A_bot_that_is_killed_after_the_cluster_did_it_says_that_nobody_knows_and_does_it_no_second_time()
    {
        var space = await Space();
        await space.GrantAll();
        await space.Deploy();
        var kubectl = Scratch.Program(Path.GetDirectoryName(space.KubeConfig)!, $$"""
            case "$*" in "rollout restart "*) echo once >> "$0.runs"; {{ControlPlane.Kubectl}} "$@"; echo $$ > "$0.done"; exec sleep 300;; esac
            exec {{ControlPlane.Kubectl}} "$@"
            """);
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        Dictionary<string, string?> settings = home.Settings();
        space.Settings(kubectl).ToList().ForEach(s => settings[s.Key] = s.Value);
        var bot = await BotProcess.Start(cloud, settings);
        try
        {
            await bot.Install();
            await bot.Say(People.Sam, "propose kubectl rollout restart deploy/web");
            await bot.Approve(await bot.WaitForAsk(), People.Ada);
            await ClusterSpace.Until(() => Task.FromResult(File.Exists($"{kubectl}.done")), "the cluster did it");
            await bot.Kill();
            await bot.DisposeAsync();
            bot = await BotProcess.Start(cloud, settings);
            var card = await bot.WaitForCard("Indeterminate");
            Assert.Contains($"kubectl describe deployments.apps/web -n {space.Name}", card.Reads, StringComparison.Ordinal);
            Assert.Equal(2, await Generation(space));
            Assert.Single(await File.ReadAllLinesAsync($"{kubectl}.runs", BotClient.Cancellation));
        }
        finally
        {
            await bot.DisposeAsync();
            if (File.Exists($"{kubectl}.done"))
            {
                using var left = System.Diagnostics.Process.GetProcessById(int.Parse(await File.ReadAllTextAsync($"{kubectl}.done", CancellationToken.None), System.Globalization.CultureInfo.InvariantCulture));
                left.Kill();
            }
        }
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
