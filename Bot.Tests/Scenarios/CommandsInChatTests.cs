using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>`propose az …` and `propose kubectl …` from the chat to the process and back. Scripts stand at the far end of the process boundary; everything else is real.</summary>
public sealed class CommandsInChatTests
{
    private const string Cluster = $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.ContainerService/managedClusters/aks1";

    /// <summary>What every change is bound to.</summary>
    private const string Seen = """
        case "$*" in
          "get deployments.apps/web --output json"*) echo '{"kind":"Deployment","metadata":{"name":"web","namespace":"web","uid":"5a1c0f8e-8f0e-4e0b-9a5e-0d3c3a7e1f11","generation":4,"annotations":{"deployment.kubernetes.io/revision":"7"}},"spec":{"replicas":2},"status":{"observedGeneration":4}}'; exit 0;;
        esac

        """;

    /// <summary>Grants everything but what the test says, and does what it is asked.</summary>
    private const string Kubectl = Seen + """
        case "$*" in
          "auth can-i"*) echo yes; exit 0;;
          "get deployments.apps/web --output jsonpath"*) exit 0;;
          *--dry-run=server*) echo "deployment.apps/web scaled (server dry run)"; exit 0;;
        esac
        """;

    [Fact]
    public async Task A_read_runs_at_once_and_its_output_comes_into_the_thread_as_text()
    {
        using var kubectl = new FakeProgram("kubectl", """
            printf 'NAME    READY\n**web-1**  <at>everyone</at>\n[click](https://evil.example) password=hunter2hunter2\n'
            seq 1 60
            """);
        await using var bot = await Start(kubectl);
        await bot.Say(People.Sam, "propose kubectl get pods -n web");
        var told = await bot.WaitForText("I run **kubectl get pods in web**, which only reads.");
        var answer = await bot.WaitForText("'kubectl get pods in web':");
        Assert.Equal((told.ConversationId, told.RootId), (answer.ConversationId, answer.RootId));
        Assert.Contains(@"\*\*web-1\*\*", answer.Text, StringComparison.Ordinal);
        Assert.Contains("&lt;at>everyone", answer.Text!.Replace("&gt;", ">", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("password=[removed]", answer.Text!.Replace(@"\[", "[", StringComparison.Ordinal).Replace(@"\]", "]", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Contains("NAME | READY", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", answer.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("](https", answer.Text, StringComparison.Ordinal);
        Assert.Contains("Not shown: 23 more lines", answer.Text, StringComparison.Ordinal);
        Assert.Equal("get pods --context admin --namespace web --request-timeout 20s", string.Join(' ', Assert.Single(kubectl.Calls)));
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task A_change_in_a_cluster_is_asked_with_its_dry_run_and_runs_once_when_approved()
    {
        using var kubectl = new FakeProgram("kubectl", Kubectl);
        await using var bot = await Start(kubectl);
        await bot.Say(People.Sam, "propose kubectl scale deploy/web --replicas 3");
        var card = await bot.WaitForAsk();
        Assert.Contains("Proposed action: Scale deployment 'web/web' in cluster aks1 (--replicas 3, --current-replicas 2)", card.Reads, StringComparison.Ordinal);
        Assert.Contains("the cluster grants get deployments.apps, get deployments.apps/scale, update deployments.apps/scale for 'web' in web; dry run on the server: deployment.apps/web scaled (server dry run)", card.Reads, StringComparison.Ordinal);
        Assert.Contains("Sam Standard started it.", card.Reads, StringComparison.Ordinal);
        Assert.Contains("object is 5a1c0f8e-8f0e-4e0b-9a5e-0d3c3a7e1f11", card.Reads, StringComparison.Ordinal);
        Assert.Contains("wanted pods is 2", card.Reads, StringComparison.Ordinal);
        Assert.DoesNotContain(kubectl.Calls, Changes);

        Assert.Contains("Administrator", await bot.Told(card, "approve", People.Sam), StringComparison.Ordinal);
        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done");
        Assert.Equal("scale deployments.apps/web --replicas 3 --current-replicas 2 --context admin --namespace web --request-timeout 20s", string.Join(' ', Assert.Single(kubectl.Calls, Changes)));
        bot.Cloud.AssertNothingUnexpected();
    }

    [Theory]
    [InlineData("RunKubectlReadCommand", "propose kubectl get pods -n web")]
    [InlineData("RunKubectlWriteCommand", "propose kubectl scale deploy/web --replicas 3")]
    public async Task A_hook_on_the_tool_of_a_command_holds_it_back_and_says_why(string tool, string typed)
    {
        using var kubectl = new FakeProgram("kubectl", Kubectl);
        await using var bot = await Start(kubectl, new Dictionary<string, string?>
        {
            ["Hooks:0:Name"] = "hands-off", ["Hooks:0:Matcher"] = tool, ["Hooks:0:Kind"] = "rule", ["Hooks:0:Answer"] = "deny", ["Hooks:0:Reason"] = "The cluster is somebody else's",
        });
        await bot.Say(People.Ada, typed);
        await bot.Cloud.Teams.WaitFor(m => m.Reads.Contains("Hook 'hands-off' denies it: The cluster is somebody else's.", StringComparison.Ordinal), TimeSpan.FromSeconds(60), BotClient.Cancellation);
        // What a change would be bound to is read before anybody is asked about it.
        Assert.DoesNotContain(kubectl.Calls, c => (c[0] is "get" && tool == "RunKubectlReadCommand") || Changes(c));
        Assert.DoesNotContain(bot.Cloud.Teams.Posted, m => m.Verbs.Contains("approve"));
    }

    [Fact]
    public async Task A_change_that_az_makes_says_that_az_may_send_again_and_runs_once_when_approved()
    {
        using var az = FakeProgram.Az("exit 0");
        await using var bot = await Start(az);
        bot.Cloud.Arm.Machine("vm1", "web");
        bot.Cloud.Arm.Access.Grants.Add(new Grant($"/subscriptions/{Known.Subscription}", ["Microsoft.Compute/virtualMachines/deallocate/action"], []));
        await bot.Say(People.Ada, "propose az vm deallocate -n vm1 -g web");
        var card = await bot.WaitForAsk();
        Assert.Contains("Proposed action: Deallocate virtual machine 'vm1'", card.Reads, StringComparison.Ordinal);
        Assert.Contains("az may send the request again by itself", card.Reads, StringComparison.Ordinal);
        Assert.Contains("Microsoft.Compute/virtualMachines/deallocate/action is granted on vm1", card.Reads, StringComparison.Ordinal);
        Assert.DoesNotContain(az.Calls, c => c[0] is "vm" or "login");
        await bot.Approve(card, People.Ben);
        await bot.WaitForCard("Done");
        Assert.Equal($"vm deallocate --name vm1 --resource-group web --subscription {Known.Subscription} --output json --only-show-errors", string.Join(' ', Assert.Single(az.Calls, c => c[0] == "vm")));
        Assert.Empty(bot.Cloud.Arm.Mutations);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task What_the_bot_can_send_itself_is_sent_by_it_once_and_az_does_not_run()
    {
        using var az = FakeProgram.Az("exit 0");
        await using var bot = await Start(az);
        var app = bot.Cloud.Arm.App(World.Prod, rg: "web", memory: Series.Flat(40));
        await bot.Say(People.Sam, $"propose az webapp restart --name {World.Prod} -g web");
        await bot.WaitForText("I send that request myself, once");
        var card = await bot.WaitForAsk();
        Assert.Contains($"Proposed action: Restart App Service '{World.Prod}'", card.Reads, StringComparison.Ordinal);
        await bot.Approve(card, People.Ada);
        await bot.WaitForCard("Done", m => m.Reads.Contains("Memory usage is normal", StringComparison.Ordinal));
        Assert.Equal(1, app.Restarts);

        await bot.Say(People.Sam, $"propose az webapp stop -n {World.Prod} -g web");
        var stop = await bot.WaitForAsk(m => m.Reads.Contains("Stop App Service", StringComparison.Ordinal));
        await bot.Approve(stop, People.Ada);
        await bot.WaitForCard("Done", m => m.Reads.Contains("Stop App Service", StringComparison.Ordinal));
        Assert.Equal(["restart", "stop"], bot.Cloud.Arm.Mutations.Select(m => m.Segments[^1]));
        Assert.Empty(az.Calls);
        bot.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task What_the_cluster_does_not_grant_is_blocked_with_the_right_that_is_missing()
    {
        using var kubectl = new FakeProgram("kubectl", Seen + """case "$*" in "auth can-i"*) echo no; exit 1;; esac""");
        await using var bot = await Start(kubectl);
        await bot.Say(People.Sam, "propose kubectl rollout restart deployment/web");
        var card = await bot.WaitForCard("Blocked");
        Assert.Contains("The agent may not get deployments.apps nor patch deployments.apps for 'web' in namespace web of cluster aks1", card.Reads, StringComparison.Ordinal);
        Assert.DoesNotContain(kubectl.Calls, Changes);
    }

    [Fact]
    public async Task A_cluster_that_does_not_answer_is_said_so_and_nothing_is_executed()
    {
        using var kubectl = new FakeProgram("kubectl", "echo 'Unable to connect to the server: dial tcp 10.0.0.1:443: i/o timeout' >&2; exit 1");
        await using var bot = await Start(kubectl);
        await bot.Say(People.Sam, "propose kubectl rollout restart deployment/web");
        await bot.WaitForText("what web/web is like now could not be read");
        await bot.Say(People.Sam, "propose kubectl get pods");
        await bot.WaitForText("'kubectl get pods in web' gave no answer");
        Assert.DoesNotContain(kubectl.Calls, Changes);
    }

    [Fact]
    public async Task A_change_of_what_is_not_there_is_answered_and_not_asked_about()
    {
        using var kubectl = new FakeProgram("kubectl", """echo 'Error from server (NotFound): deployments.apps "web" not found' >&2; exit 1""");
        await using var bot = await Start(kubectl);
        await bot.Say(People.Sam, "propose kubectl rollout restart deployment/web");
        await bot.WaitForText("web/web does not exist in cluster aks1");
        Assert.All(kubectl.Calls, c => Assert.Equal("get", c[0]));
    }

    [Fact]
    public async Task Without_an_az_that_is_new_enough_nobody_is_asked_and_the_card_says_what_to_do()
    {
        using var az = FakeProgram.Az("exit 0", version: "2.20.0");
        await using var bot = await Start(az);
        bot.Cloud.Arm.Machine("vm1", "web");
        bot.Cloud.Arm.Access.Grants.Add(new Grant($"/subscriptions/{Known.Subscription}", ["Microsoft.Compute/virtualMachines/start/action"], []));
        await bot.Say(People.Ada, "propose az vm start -n vm1 -g web");
        Assert.Contains("az is 2.20.0, and the bot needs 2.40.0 or newer; update the Azure CLI", (await bot.WaitForCard("Blocked")).Reads, StringComparison.Ordinal);
        Assert.DoesNotContain(az.Calls, c => c[0] == "vm");
    }

    [Fact]
    public async Task What_is_not_run_gets_one_line_that_says_why_and_starts_nothing()
    {
        (string Typed, string Told)[] rows =
        [
            ("az webapp restart -n shop -g web --debug", "--debug is not accepted"),
            ("az group delete -n web", "Deletions are refused"),
            ("az keyvault secret show --vault-name v -n n", "it shows or makes secrets"),
            ("az webapp frobnicate -n shop", "is not in the catalogue of commands that were reviewed; of 'webapp' these are"),
            ("az webapp restart -n shop -g web; id", "means something to a shell only"),
            ("az webapp restart -n own -g bot", "The target is part of the bot itself."),
            ("az resource list -g bot", "The target is part of the bot itself."),
            ("kubectl get secrets", "secrets and config maps are not shown"),
            ("kubectl get pods -n kube-system", "none of the namespaces that commands may touch"),
            ("kubectl -s https://evil.example get pods", "it begins with an option"),
        ];
        using var program = FakeProgram.Az("exit 0");
        await using var bot = await Start(program, new() { ["Agent:OwnResources:0"] = $"/subscriptions/{Known.Subscription}/resourceGroups/bot/providers/Microsoft.Web/sites/own" });
        foreach (var (typed, told) in rows)
        {
            await bot.Say(People.Ada, $"propose {typed}");
            Assert.Contains("Nothing was started.", (await bot.WaitForText(told)).Text, StringComparison.Ordinal);
        }

        Assert.Equal(0, await bot.Count("SELECT COUNT(*) FROM runs"));
        Assert.Empty(program.Calls);
    }

    [Fact]
    public async Task A_bot_that_stops_in_the_middle_ends_the_program_and_says_that_nobody_knows()
    {
        using var kubectl = new FakeProgram("kubectl", Kubectl + "\ntouch \"$0.begun\"; exec sleep 300");
        var bot = await Start(kubectl);
        try
        {
            await bot.Say(People.Sam, "propose kubectl rollout restart deployment/web");
            await bot.Approve(await bot.WaitForAsk(), People.Ada);
            for (var beginning = TimeProvider.System.GetTimestamp(); !File.Exists($"{kubectl.Executable}.begun");)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(beginning) < TimeSpan.FromSeconds(60), "It never began.");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, BotClient.Cancellation);
            }

            var next = await bot.Restart();
            await bot.DisposeAsync();
            bot = next;
            var card = await bot.WaitForCard("Indeterminate");
            Assert.Contains("It may or may not have been done", card.Reads, StringComparison.Ordinal);
            Assert.Single(kubectl.Calls, Changes);
        }
        finally
        {
            await bot.DisposeAsync();
        }
    }

    private static bool Changes(string[] call) => call[0] is "scale" or "rollout" && !call.Contains("--dry-run=server");

    private static async Task<BotHost> Start(FakeProgram program, Dictionary<string, string?>? more = null)
    {
        Dictionary<string, string?> settings = new(more ?? [])
        {
            ["Commands:Az"] = program.Executable, ["Commands:Kubectl"] = program.Executable, ["Commands:Subscriptions:0"] = Known.Subscription,
            ["Commands:Clusters:0:Name"] = "prod", ["Commands:Clusters:0:ResourceId"] = Cluster, ["Commands:Clusters:0:Context"] = "admin",
            ["Commands:Clusters:0:KubeConfig"] = program.Config, ["Commands:Clusters:0:Namespaces:0"] = "web",
        };
        var bot = await BotHost.Start(settings: settings);
        await bot.Install();
        return bot;
    }
}
