using Microsoft.Extensions.Configuration;
using RunModes.Bot.Execution;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;
using LongRunning = RunModes.Bot.Tests.Support.Wire.LongRunning;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>A reader that investigates and an operator that acts, each with a token of its own: every request that the bot makes of Azure, by whose it is.</summary>
public sealed class TwoIdentitiesTests
{
    private const string Reader = "e5f7a402-5555-4666-8777-888899990000";
    private const string ReaderSecret = "reader-secret-canary-41aa";

    private static readonly Dictionary<string, string?> Two = new() { ["AZURE_READER_CLIENT_ID"] = Reader, ["AZURE_READER_CLIENT_SECRET"] = ReaderSecret };

    /// <summary>What only whoever acts is asked for: a change, its own rights, and what became of what it began.</summary>
    private static bool IsTheOperators(WireRequest request) => !request.IsRead || LongRunning.IsPoll(request)
        || request.Path.EndsWith("/permissions", StringComparison.OrdinalIgnoreCase) || request.Path.EndsWith("/denyAssignments", StringComparison.OrdinalIgnoreCase);

    [Fact]
    public async Task Each_request_to_Azure_carries_the_token_of_whom_it_is()
    {
        await using var asking = await Asking.Start(
            cloud =>
            {
                cloud.Entra.Client(Reader, ReaderSecret);
                cloud.Entra.Client(Known.AgentClientId, Known.AgentSecret);
                cloud.Arm.LongRunning.Plan = new(UnderWay.AsyncOperation202);
            },
            Two);
        Assert.Contains($"as identity {Known.AgentClientId}", asking.Card.Reads, StringComparison.Ordinal);
        await asking.Bot.Approve(asking.Card, People.Ada);
        await asking.Bot.WaitForCard("Done, recovered");

        var by = asking.Cloud.Entra.Issued.ToDictionary(t => t.Value, t => t.ClientId);
        Assert.All(asking.Cloud.Arm.Requests, r => Assert.Equal((r.Method, r.Path, IsTheOperators(r) ? Known.AgentClientId : Reader), (r.Method, r.Path, by[r.Bearer!])));
        // Of each kind there was one at least, or the table above said nothing.
        string[] looked = ["/metrics", "/locks", "/permissions", "/denyAssignments", "/restart", "/values"];
        Assert.All(looked, path => Assert.Contains(asking.Cloud.Arm.Requests, r => r.Path.EndsWith(path, StringComparison.OrdinalIgnoreCase)));
        Assert.Contains(asking.Cloud.Arm.Requests, LongRunning.IsPoll);
        Assert.Single(asking.Cloud.Arm.Mutations);
        asking.Cloud.AssertNothingUnexpected();
    }

    [Fact]
    public async Task Programs_read_as_the_reader_and_change_as_the_operator()
    {
        const string Cluster = $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.ContainerService/managedClusters/aks1";
        using var az = FakeProgram.Az("exit 0");
        using var kubectl = new FakeProgram("kubectl", """
            echo "$1 $2 $4 $KUBECONFIG $AZURE_CLIENT_ID" >> "$0.configs"
            case "$*" in "auth can-i"*) echo yes;; "get deploy"*) echo '{"kind":"Deployment","metadata":{"name":"web","namespace":"web","uid":"5a1c0f8e-8f0e-4e0b-9a5e-0d3c3a7e1f11","generation":4,"annotations":{"deployment.kubernetes.io/revision":"7"}},"spec":{"replicas":2},"status":{"observedGeneration":4}}';; *) echo done;; esac
            """);
        var readers = Path.Combine(kubectl.Folder, "reader-config");
        File.Copy(kubectl.Config, readers);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(readers, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        await using var bot = await BotHost.Start(settings: new Dictionary<string, string?>(Two)
        {
            ["Commands:Az"] = az.Executable, ["Commands:Kubectl"] = kubectl.Executable, ["Commands:Subscriptions:0"] = Known.Subscription,
            ["Commands:Clusters:0:Name"] = "prod", ["Commands:Clusters:0:ResourceId"] = Cluster, ["Commands:Clusters:0:Context"] = "admin", ["Commands:Clusters:0:Namespaces:0"] = "web",
            ["Commands:Clusters:0:KubeConfig"] = kubectl.Config, ["Commands:Clusters:0:ReaderKubeConfig"] = readers,
        });
        await bot.Install();
        bot.Cloud.Arm.Machine("vm1", "web");
        bot.Cloud.Arm.Access.Grants.Add(new Grant($"/subscriptions/{Known.Subscription}", ["Microsoft.Compute/virtualMachines/deallocate/action"], []));

        await bot.Say(People.Ada, "propose az vm show -n vm1 -g web");
        await bot.WaitForText("'az vm show vm1':");
        await bot.Say(People.Ada, "propose az vm deallocate -n vm1 -g web");
        await bot.Approve(await bot.WaitForAsk(), People.Ben);
        await bot.WaitForCard("Done");
        Assert.Equal([("login", Reader), ("vm show", ""), ("login", Known.AgentClientId), ("vm deallocate", "")],
            az.Calls.Where(c => c[0] != "version").Select(c => c[0] == "login" ? ("login", c[Array.IndexOf(c, "--username") + 1]) : ($"{c[0]} {c[1]}", "")));

        await bot.Say(People.Ada, "propose kubectl get pods");
        await bot.WaitForText("'kubectl get pods in web':");
        await bot.Say(People.Ada, "propose kubectl rollout restart deploy/web");
        var card = await bot.WaitForAsk(m => m.Reads.Contains("Restart deployment", StringComparison.Ordinal));
        await bot.Approve(card, People.Ben);
        await bot.WaitForCard("Done", m => m.ActivityId == card.ActivityId);
        // What stands in the way of a change is asked as whoever would make it; by the id a kubelogin signs in as the workload.
        Assert.All(await File.ReadAllLinesAsync($"{kubectl.Executable}.configs", BotClient.Cancellation), line => Assert.EndsWith(Looks(line) ? $"/reader-config {Reader}" : $"/config {Known.AgentClientId}", line, StringComparison.Ordinal));
        static bool Looks(string line) => line.StartsWith("get pods ", StringComparison.Ordinal) || line.StartsWith("get deployments.apps/web json ", StringComparison.Ordinal);
        foreach (var call in new[] { "get", "auth", "rollout" })
        {
            Assert.Contains(kubectl.Calls, c => c[0] == call);
        }
    }

    [Fact]
    public async Task What_the_operator_lacks_is_granted_to_the_operator_and_what_cannot_be_read_to_the_reader()
    {
        string app = "";
        await using var bot = await BotHost.Start(
            cloud =>
            {
                app = cloud.Sick(World.Prod).Id;
                cloud.Arm.Access.Withheld.Add("Microsoft.Authorization/locks/read");
            },
            Two);
        await bot.Install();
        await bot.Fire(app, "High memory");
        var blocked = await bot.WaitForCard("Blocked");
        Assert.Contains($"--assignee {Reader} --role \"Reader\"", blocked.Reads, StringComparison.Ordinal);
        Assert.DoesNotContain($"--assignee {Known.AgentClientId}", blocked.Reads, StringComparison.Ordinal);

        bot.Cloud.Arm.Access.Withheld.Clear();
        bot.Cloud.Arm.Access.ReadOnly($"/subscriptions/{Known.Subscription}");
        await bot.Press(blocked, "recheck", People.Ada);
        blocked = await bot.WaitForCard("Blocked", m => m.Reads.Contains("lacks Microsoft.Web/sites/restart", StringComparison.OrdinalIgnoreCase));
        Assert.Contains($"--assignee {Known.AgentClientId} --role \"Website Contributor\"", blocked.Reads, StringComparison.Ordinal);
        Assert.DoesNotContain($"--assignee {Reader}", blocked.Reads, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AZURE_READER_CLIENT_ID=reader", "AZURE_READER_CLIENT_ID: not a client id")]
    [InlineData($"AZURE_READER_CLIENT_ID={Known.AgentClientId}", "AZURE_READER_CLIENT_ID: the same as AZURE_CLIENT_ID")]
    [InlineData("AZURE_READER_CLIENT_SECRET=x", "AZURE_READER_CLIENT_SECRET: it is nobody's")]
    [InlineData($"AZURE_READER_CLIENT_ID={Reader}", null)]
    public void Settings_that_would_make_one_of_two_or_nobody_are_told(string setting, string? problem)
    {
        var (key, value) = (setting.Split('=')[0], setting.Split('=')[1]);
        var settings = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["AZURE_CLIENT_ID"] = Known.AgentClientId, ["AZURE_TENANT_ID"] = Known.Tenant, [key] = value }).Build();
        var problems = AgentIdentity.Problems(settings).ToList();
        if (problem is null)
        {
            Assert.Empty(problems);
        }
        else
        {
            Assert.StartsWith(problem, Assert.Single(problems), StringComparison.Ordinal);
        }
    }
}
