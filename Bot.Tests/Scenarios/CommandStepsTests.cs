using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>az and kubectl as literal steps of tasks: the gate of every operation, scripts at the far end of the process boundary.</summary>
public sealed class CommandStepsTests
{
    private const string Cluster = $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.ContainerService/managedClusters/aks1";

    /// <summary>Grants everything, has a deployment of two replicas, and does what it is asked.</summary>
    private const string Kubectl = """
        case "$*" in
          "auth can-i"*) echo yes; exit 0;;
          *--dry-run=server*) echo "deployment.apps/web (server dry run)"; exit 0;;
          "get deployments.apps/web "*) echo '{"metadata":{"name":"web","annotations":{"deployment.kubernetes.io/revision":"7"}},"spec":{"replicas":2,"template":{"spec":{"containers":[]}}}}'; exit 0;;
        esac
        """;

    [Fact]
    public async Task In_Autonomous_mode_commands_run_in_their_order_and_each_is_reported()
    {
        using var az = FakeProgram.Az("""case "$*" in "resource show"*) printf '{\n  "state": "**Running**",\n  "password": "hunter2hunter2"\n}\n';; esac""");
        await using var bot = await Start(az, "Autonomous", "az webapp show -n app-service-prod -g web", "az vm deallocate -n vm1 -g web", "az webapp restart -n app-service-prod -g web", "az vm deallocate -n vm1 -g web");
        var machine = Machine(bot.Host, "running");
        var deallocated = Task.Run(() => Follow(machine, az), BotClient.Cancellation);
        bot.Strike();

        var read = await bot.Host.WaitForText("'az webapp show app-service-prod' (step 1 of 4 of task nightly):");
        Assert.Contains(@"\*\*Running\*\*", read.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", read.Text, StringComparison.Ordinal);
        await deallocated;
        await bot.Host.WaitForText("Done: I've deallocated vm1. Power state: running → deallocated.");
        await bot.Host.WaitForText($"Done: I've restarted {World.Prod}. App state: Running → Running.");
        await bot.Host.WaitForText("vm1 is so already: power state deallocated (step 4 of 4 of task nightly)");
        Assert.Single(az.Calls, c => c[0] == "vm" && c[1] == "deallocate");
        Assert.DoesNotContain(az.Calls, c => c[0] == "webapp" && c[1] == "restart");
        Assert.Equal(["restart"], bot.Host.Cloud.Arm.Mutations.Select(m => m.Path.Split('/')[^1]));
        bot.Host.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task In_Review_mode_each_change_is_a_card_that_says_what_az_may_do_and_a_Deny_ends_what_was_left()
    {
        using var az = FakeProgram.Az("exit 0");
        await using var bot = await Start(az, "Review", "az vm deallocate -n vm1 -g web", "kubectl scale deploy/web --replicas 3");
        Machine(bot.Host, "running");
        bot.Strike();
        var card = await bot.Host.WaitForAsk();
        Assert.Contains("I found that step 1 of 2 of task nightly is due.", card.Reads, StringComparison.Ordinal);
        Assert.Contains("Proposed action: Deallocate virtual machine 'vm1'", card.Reads, StringComparison.Ordinal);
        Assert.Contains("az may send the request again by itself", card.Reads, StringComparison.Ordinal);
        Assert.Contains("power state: running at", card.Reads, StringComparison.Ordinal);
        Assert.DoesNotContain(az.Calls, c => c[0] is "vm" or "login");
        await bot.Host.Press(card, "deny", People.Ada);
        await bot.Host.WaitForCard("Denied");
        await bot.Host.WaitForCount("SELECT COUNT(*) FROM tasks WHERE document LIKE '%Denied: Deallocate%'", 1);
        Assert.DoesNotContain(az.Calls, c => c[0] is "vm" or "scale");
        Assert.Equal(1, await bot.Host.Count("SELECT COUNT(*) FROM runs"));
    }

    [Fact]
    public async Task In_a_cluster_what_is_so_already_is_passed_over_and_the_rest_runs_once()
    {
        using var kubectl = new FakeProgram("kubectl", Kubectl);
        await using var bot = await Start(kubectl, "Autonomous", "kubectl scale deploy/web --replicas 2", "kubectl rollout undo deploy/web --to-revision 7", "kubectl rollout restart deploy/web");
        bot.Strike();
        await bot.Host.WaitForText("deployment web/web is so already: 2 replicas, revision 7 (step 1 of 3 of task nightly)");
        await bot.Host.WaitForText("(step 2 of 3 of task nightly)");
        await bot.Host.WaitForText("Done: I've restarted web/web.");
        Assert.Equal("rollout restart deployments.apps/web --context admin --namespace web --request-timeout 20s", string.Join(' ', Assert.Single(kubectl.Calls, Changes)));
        await bot.Host.WaitForCount("SELECT COUNT(*) FROM tasks WHERE document LIKE '%Done: Restart deployment%' AND document LIKE '%\"FailuresInARow\":0%'", 1);
        Assert.Empty(bot.Host.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task A_plan_is_scaled_to_the_number_that_was_written_as_the_bots_own_request()
    {
        using var az = FakeProgram.Az("exit 0");
        await using var bot = await Start(az, "Autonomous", "az appservice plan update -n plan-app-service-prod -g web --number-of-workers 2", "az appservice plan update -n plan-app-service-prod -g web --number-of-workers 2");
        bot.Strike();
        await bot.Host.WaitForText("Instances: 1 → 2.");
        await bot.Host.WaitForText("plan-app-service-prod is so already: instances 2 (step 2 of 2 of task nightly)");
        Assert.Equal("PUT", Assert.Single(bot.Host.Cloud.Arm.Mutations).Method);
        Assert.Empty(az.Calls);
    }

    [Theory]
    [InlineData("RunAzCliReadCommands", "az webapp show -n app-service-prod -g web")]
    [InlineData("RunAzCliWriteCommands", "az vm deallocate -n vm1 -g web")]
    [InlineData("RunKubectlReadCommand", "kubectl get pods")]
    [InlineData("RunKubectlReadCommand", "kubectl rollout restart deploy/web")]
    [InlineData("RunKubectlWriteCommand", "kubectl rollout restart deploy/web")]
    public async Task A_hook_on_the_tool_of_a_step_holds_it_back_and_ends_what_was_left(string tool, string step)
    {
        using var program = FakeProgram.Az(Kubectl);
        await using var bot = await Start(program, "Autonomous", [step, "az webapp restart -n app-service-prod -g web"], new()
        {
            ["Hooks:0:Name"] = "hands-off", ["Hooks:0:Event"] = "PreToolUse", ["Hooks:0:Matcher"] = tool, ["Hooks:0:Kind"] = "rule", ["Hooks:0:Answer"] = "deny", ["Hooks:0:Reason"] = "Not by tasks.",
        });
        Machine(bot.Host, "running");
        bot.Strike();
        await bot.Host.Cloud.Teams.WaitFor(m => m.Reads.Contains("Hook 'hands-off' denies it: Not by tasks.", StringComparison.Ordinal), TimeSpan.FromSeconds(60), BotClient.Cancellation);
        Assert.DoesNotContain(program.Calls, c => c[0] is "webapp" or "resource" or "vm" || (c[0] == "get" && c[1] == "pods") || Changes(c));
        Assert.Empty(bot.Host.Cloud.Arm.Mutations);
    }

    [Fact]
    public async Task What_the_settings_no_longer_allow_is_not_run_and_is_a_failure()
    {
        using var program = FakeProgram.Az(Kubectl);
        var bot = await Start(program, "Autonomous", "az vm deallocate -n vm1 -g web", "kubectl get pods");
        var next = await bot.Host.Restart(new Dictionary<string, string?>(bot.Settings) { ["Commands:Subscriptions:0"] = "00000000-0000-0000-0000-0000000000ff" });
        await bot.Host.DisposeAsync();
        await using var again = new Stepping(next, bot.Settings);
        again.Strike();
        Assert.Contains("its subscription is not among the subscriptions that commands may run in", (await next.WaitForText("a step of task nightly cannot be run")).Text, StringComparison.Ordinal);
        await next.WaitForCount("SELECT COUNT(*) FROM tasks WHERE document LIKE '%\"FailuresInARow\":1%'", 1);
        Assert.DoesNotContain(program.Calls, c => c[0] is "vm" or "login" or "get");
    }

    [Fact]
    public async Task A_bot_that_stops_in_the_middle_of_a_step_says_that_nobody_knows_and_does_no_other()
    {
        using var kubectl = new FakeProgram("kubectl", Kubectl + "\ncase \"$1\" in rollout) touch \"$0.begun\"; exec sleep 300;; esac");
        var bot = await Start(kubectl, "Autonomous", "kubectl rollout restart deploy/web", "kubectl scale deploy/web --replicas 3");
        var host = bot.Host;
        try
        {
            bot.Strike();
            for (var beginning = TimeProvider.System.GetTimestamp(); !File.Exists($"{kubectl.Executable}.begun");)
            {
                Assert.True(TimeProvider.System.GetElapsedTime(beginning) < TimeSpan.FromSeconds(60), "It never began.");
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, BotClient.Cancellation);
            }

            var next = await host.Restart(bot.Settings);
            await host.DisposeAsync();
            host = next;
            await host.WaitForText("Could not tell: nobody knows whether web/web was restarted.");
            await host.WaitForCount("SELECT COUNT(*) FROM tasks WHERE document LIKE '%Nobody knows how it ended%'", 1);
            Assert.Single(kubectl.Calls, Changes);
            Assert.Equal(1, await host.Count("SELECT COUNT(*) FROM runs"));
        }
        finally
        {
            await host.DisposeAsync();
        }
    }

    private static VirtualMachine Machine(BotHost host, string power)
    {
        var machine = host.Cloud.Arm.Machine("vm1", "web");
        machine.Power = power;
        host.Cloud.Arm.Access.Grants.Add(new Grant($"/subscriptions/{Known.Subscription}", ["Microsoft.Compute/virtualMachines/deallocate/action"], []));
        return machine;
    }

    /// <summary>The machine is what az made of it.</summary>
    private static async Task Follow(VirtualMachine machine, FakeProgram az)
    {
        for (var beginning = TimeProvider.System.GetTimestamp(); !az.Calls.Any(c => c[0] == "vm"); await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, BotClient.Cancellation))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(beginning) < TimeSpan.FromSeconds(60), "az was never started.");
        }

        machine.Power = "deallocated";
    }

    private static bool Changes(string[] call) => call[0] is "scale" or "rollout" && !call.Contains("--dry-run=server");

    private static Task<Stepping> Start(FakeProgram program, string mode, params string[] steps) => Start(program, mode, steps, []);

    private static async Task<Stepping> Start(FakeProgram program, string mode, string[] steps, Dictionary<string, string?> more)
    {
        Dictionary<string, string?> settings = new(more)
        {
            ["Commands:Az"] = program.Executable, ["Commands:Kubectl"] = program.Executable, ["Commands:Subscriptions:0"] = Known.Subscription,
            ["Commands:Clusters:0:Name"] = "prod", ["Commands:Clusters:0:ResourceId"] = Cluster, ["Commands:Clusters:0:Context"] = "admin",
            ["Commands:Clusters:0:KubeConfig"] = program.Config, ["Commands:Clusters:0:Namespaces:0"] = "web",
            ["ScheduledTasks:0:Name"] = "nightly", ["ScheduledTasks:0:Cron"] = "every hour", ["ScheduledTasks:0:Does"] = "Steps", ["ScheduledTasks:0:Mode"] = mode,
        };
        foreach (var (step, i) in steps.Select((s, i) => (s, i)))
        {
            settings[$"ScheduledTasks:0:Steps:{i}"] = step;
        }

        var bot = await BotHost.Start(cloud => cloud.Arm.App(World.Prod, rg: "web", memory: Series.Flat(40)), settings);
        await bot.Install();
        return new(bot, settings);
    }

    private sealed record Stepping(BotHost Host, Dictionary<string, string?> Settings) : IAsyncDisposable
    {
        /// <summary>On to the next full hour, whatever time it is now.</summary>
        public void Strike()
        {
            var now = Host.Clock.GetUtcNow();
            Host.Clock.Advance(new DateTimeOffset(now.Year, now.Month, now.Day, now.Hour, 0, 0, TimeSpan.Zero).AddHours(1) - now + TimeSpan.FromSeconds(1));
        }

        public ValueTask DisposeAsync() => Host.DisposeAsync();
    }
}
