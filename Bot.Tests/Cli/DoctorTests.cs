using System.Security.Cryptography;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Cli;

/// <summary>What keeps the bot from its work, or makes it unsafe, is one line with its fix; a bot that works has none.</summary>
public sealed class DoctorTests
{
    private sealed record Ailment(string About, string Says, string Fix, Action<BotHost>? Falls = null, Action<BotHost>? Heals = null, Dictionary<string, string?>? Settings = null, TimeSpan Ahead = default)
    {
        public override string ToString() => $"{About}: {Says}";
    }

    private const string Nested = "e9000000-0000-4000-8000-00000000000e";

    private static readonly Ailment[] Ailments =
    [
        new("bot token", "none for", "secret that ended", b => b.Cloud.Entra.Client(Known.AppId, "renewed"), b => b.Cloud.Entra.Client(Known.AppId, Known.AppSecret)),
        new("callers", "cannot be read", "login.botframework.com", b => b.Cloud.Login.Faults.Always(Fault.Status(503)), b => b.Cloud.Login.Faults.Clear()),
        new("clock", "ahead of Microsoft's", "time synchronisation", Ahead: TimeSpan.FromMinutes(3)),
        new("approver group SRE approvers", "it is public", "private group", b => Approvers(b).Visibility = "Public", b => Approvers(b).Visibility = "Private"),
        new("approver group SRE approvers", "it is dynamic", "assigned members", b => Approvers(b).MembershipRule = "user.department -eq \"SRE\"", b => Approvers(b).MembershipRule = null),
        new("approver group SRE approvers", "'Everybody' in it is public", "without such groups", b => b.Cloud.Graph.Directory.Group(Nested, "Everybody", Known.Administrators).Visibility = "Public", b => b.Cloud.Graph.Directory.Remove(Nested)),
        new($"approver group {Nested}", "no such group", "object id of an existing group", Settings: new() { ["Roles:Administrator:Groups:0"] = Nested }),
        new("approver group", "403", "GroupMember.Read.All", b => b.Cloud.Graph.Faults.Always(Fault.Error(403, "Authorization_RequestDenied", "No.")), b => b.Cloud.Graph.Faults.Clear()),
        new("Graph look-up", "could not find out", "User.Read.All", b => b.Cloud.Graph.Faults.Always(Fault.Error(403, "Authorization_RequestDenied", "No."), r => r.Path.Contains("/users/", StringComparison.Ordinal)), b => b.Cloud.Graph.Faults.Clear()),
        new("plan prod-web on app-service-prod", "lacks Microsoft.Web/sites/restart/Action", "az role assignment create", b => b.Cloud.Arm.Faults.Always(ReadOnly, IsPermissions), b => b.Cloud.Arm.Faults.Clear()),
        new("plan prod-web on app-service-prod", "permissions could not be read", "--role \"Reader\"", b => b.Cloud.Arm.Faults.Always(Fault.Error(403, "AuthorizationFailed", "No.")), b => b.Cloud.Arm.Faults.Clear()),
        new("Azure Monitor", "none is let in", "Incidents:AzureMonitor:Key", Settings: new() { ["Incidents:AzureMonitor:Key"] = "" }),
        new("Azure Monitor", "can be guessed", "openssl rand", Settings: new() { ["Incidents:AzureMonitor:Key"] = "secret" }),
        new("PagerDuty", "no service stands for a resource", "Incidents:PagerDuty:Services", Settings: new() { ["Incidents:PagerDuty:SigningSecrets:0"] = "pd-canary-41c7-8c1f-77d0" }),
        new("task nightly-health", "the agent may not read resource health", "--role \"Reader\"", b => b.Cloud.Arm.Faults.Always(Fault.Error(403, "AuthorizationFailed", "No."), r => r.Path.EndsWith("/availabilityStatuses", StringComparison.OrdinalIgnoreCase)), b => b.Cloud.Arm.Faults.Clear()),
        new("task nightly-health", "alerts", "--role \"Monitoring Reader\" --scope /subscriptions/" + Known.Subscription, b => b.Cloud.Arm.Access.Withheld.Add("Microsoft.AlertsManagement/alerts/read"), b => b.Cloud.Arm.Access.Withheld.Clear()),
        new("task monthly-cost", "the agent may not read the costs", "--role \"Cost Management Reader\"", b => b.Cloud.Arm.Access.Withheld.Add("Microsoft.CostManagement/query/read"), b => b.Cloud.Arm.Access.Withheld.Clear()),
        new("task nightly-stop, stop app-service-prod", "lacks Microsoft.Web/sites/stop/Action", "--role \"Website Contributor\"", b => b.Cloud.Arm.Faults.Always(ReadOnly, IsPermissions), b => b.Cloud.Arm.Faults.Clear()),
        new("write-back to Azure Monitor", "lacks Microsoft.AlertsManagement/alerts/changestate/action", "alertSubscriptions", b => b.Cloud.Arm.Faults.Always(ReadOnly, IsPermissions), b => b.Cloud.Arm.Faults.Clear(), new() { ["Incidents:AzureMonitor:WriteBack"] = "true" }),
        new("write-back to PagerDuty", "PagerDuty answered 401", "Incidents:PagerDuty:ApiKey", Settings: Paged(key: "ended-canary-77")),
        new("write-back to PagerDuty", "is no user of that account", "Incidents:PagerDuty:From", b => b.Cloud.PagerDuty.User = "somebody@contoso.example", b => b.Cloud.PagerDuty.User = FakePagerDuty.From, Paged()),
        new("PagerDuty service PGONE01", "no such service", "Incidents:PagerDuty:Services", Settings: Paged("PGONE01")),
        new("PagerDuty service web", "no id of PagerDuty", "Incidents:PagerDuty:Services", Settings: Paged("web-1")),
        new("store", "cannot be read", "Store:ConnectionString", b => File.WriteAllText(Path.Combine(b.Folder, "no.db"), "not a database at all, and long enough to be looked at as one"), Settings: new() { ["Store:ConnectionString"] = "Data Source={folder}/no.db" }),
        new("audit key", "could not be read", "nothing that was approved can be executed", Settings: new() { ["Audit:KeyFile"] = "{folder}/lost" }),
        new("channel", "nowhere to ask", "add the app to a team", Settings: new() { ["Store:ConnectionString"] = "Data Source={folder}/new.db" }),
        new("channel", "is not reached", "install the app in the team again", b => b.Cloud.Teams.Faults.Always(Fault.Error(403, "BotNotInConversationRoster", "No.")), b => b.Cloud.Teams.Faults.Clear()),
        new("channel of plan prod-web", "the bot is not in", "use this channel for prod-web", Settings: new() { ["Store:ConnectionString"] = "Data Source={folder}/new.db", ["ResponsePlans:0:Channel"] = "19:elsewhere@thread.tacv2" }),
        new("mail", "domains could not be read", "Organization.Read.All", b => b.Cloud.Graph.Faults.Always(Fault.Error(403, "Authorization_RequestDenied", "No."), r => r.Path.EndsWith("/organization", StringComparison.Ordinal)), b => b.Cloud.Graph.Faults.Clear(), Open),
        new("logs of prod", "may not read the workspace", "deploy/permissions.md", b => b.Cloud.Logs.Faults.Always(Fault.Error(403, "InsufficientAccessError", "No.")), b => b.Cloud.Logs.Faults.Clear(), Open),
        new("plan prod-web", "queries prod, which is no workspace", "Tools:QueryLogs:Workspaces", Settings: Used("query prod: T | count")),
        new("plan prod-web", "asks status.contoso.example, which is not open", "Tools:HttpGet:Hosts", Settings: Used("get https://status.contoso.example/")),
        new("plan prod-web", "no mailbox is named", "Tools:SendMail:Sender", Settings: Used("mail to ada@contoso.example: x | y")),
    ];

    private static Dictionary<string, string?> Open => new()
    {
        ["Tools:SendMail:Sender"] = FakeMailbox.Sender, ["Tools:QueryLogs:Workspaces:0:Name"] = "prod", ["Tools:QueryLogs:Workspaces:0:Id"] = FakeLogs.Workspace,
    };

    /// <summary>Before its first start the plans are those of the settings.</summary>
    private static Dictionary<string, string?> Used(string tool) => new() { ["Store:ConnectionString"] = "Data Source={folder}/new.db", ["ResponsePlans:0:Tools:0"] = tool };

    private static Dictionary<string, string?> Paged(string service = FakePagerDuty.Service, string key = FakePagerDuty.Key) => new()
    {
        ["Incidents:PagerDuty:SigningSecrets:0"] = FakePagerDuty.SigningSecret, ["Incidents:PagerDuty:ApiKey"] = key, ["Incidents:PagerDuty:From"] = FakePagerDuty.From,
        [$"Incidents:PagerDuty:Services:{service}"] = Prod,
    };

    private static string Prod => $"/subscriptions/{Known.Subscription}/resourceGroups/web/providers/Microsoft.Web/sites/{World.Prod}";

    private static Fault ReadOnly => Fault.Status(200, """{"value":[{"actions":["*/read"],"notActions":[]}]}""");

    [Fact]
    public async Task A_bot_that_works_has_nothing_to_mend_and_looking_changes_nothing()
    {
        await using var bot = await Working();
        var (store, posts, people) = (Bytes(bot), bot.Cloud.Teams.Posted.Count, bot.Cloud.Arm.Mutations.Count);

        var (exit, output) = await bot.Look(["doctor"]);

        Assert.Equal((0, false), (exit, output.Contains("FIX", StringComparison.Ordinal)));
        Assert.All(
            (string[])["settings: ", "store: ", "audit key: ", "bot token: ", "callers: ", "clock: ", "approver group SRE approvers: ", "Graph look-up: ", "plan prod-web on app-service-prod: ", "task nightly-health: ", "task monthly-cost: ", "task nightly-stop, stop app-service-prod: ", "Azure Monitor: ", "channel: "],
            about => Assert.Contains($"ok    {about}", output, StringComparison.Ordinal));
        Assert.Equal((posts, people), (bot.Cloud.Teams.Posted.Count, bot.Cloud.Arm.Mutations.Count));
        Assert.Equal(store, Bytes(bot));
        Assert.DoesNotContain(Known.AppSecret, output, StringComparison.Ordinal);
        Assert.DoesNotContain(BotClient.WebhookKey, output, StringComparison.Ordinal);

        Assert.Equal(0, (await bot.Look(["doctor", "--post-sample"])).Exit);
        Assert.Equal(posts + 1, bot.Cloud.Teams.Posted.Count);
        Assert.Equal("Done: this sample arrived", bot.Cloud.Teams.Posted[^1].Status);
        Assert.Equal(store, Bytes(bot));
        bot.Cloud.AssertNothingUnexpected();
    }

    /// <summary>With everything that is written back turned on, and the right for it.</summary>
    [Fact]
    public async Task Where_it_may_write_back_it_says_so_and_writes_nothing()
    {
        await using var bot = await Working();
        bot.Cloud.Arm.Access.Grants.Add(new Grant($"/subscriptions/{Known.Subscription}", ["Microsoft.AlertsManagement/alerts/changestate/action"], []));
        var settings = Paged();
        settings["Incidents:AzureMonitor:WriteBack"] = "true";

        var (exit, output) = await bot.Look(["doctor"], settings);

        Assert.True(exit == 0, output);
        Assert.All((string[])["write-back to Azure Monitor in ", "PagerDuty service PWEB001: ", "write-back to PagerDuty: "], about => Assert.Contains($"ok    {about}", output, StringComparison.Ordinal));
        Assert.DoesNotContain(FakePagerDuty.Key, output, StringComparison.Ordinal);
        Assert.Empty(bot.Cloud.PagerDuty.Writes);
        Assert.Empty(bot.Cloud.Arm.Mutations);
    }

    /// <summary>Nothing else is said to be wrong, but for what follows from it.</summary>
    [Fact]
    public async Task Each_trouble_is_named_with_its_fix()
    {
        await using var bot = await Working();
        foreach (var ailment in Ailments)
        {
            ailment.Falls?.Invoke(bot);
            var settings = ailment.Settings?.ToDictionary(s => s.Key, s => s.Value?.Replace("{folder}", bot.Folder, StringComparison.Ordinal));
            using var clock = ManualClock.Running(bot.Clock.GetUtcNow() + ailment.Ahead);

            var (exit, output) = await bot.Look(["doctor"], settings, clock);

            ailment.Heals?.Invoke(bot);
            Assert.True(exit == 1, $"{ailment} was not found:\n{output}");
            var lines = output.Split('\n').Where(l => l.StartsWith("FIX ", StringComparison.Ordinal)).ToList();
            Assert.True(
                lines.Exists(l => l.Contains($" {ailment.About}", StringComparison.Ordinal) && l.Contains(ailment.Says, StringComparison.Ordinal) && l[(l.IndexOf(" Fix: ", StringComparison.Ordinal) + 1)..].Contains(ailment.Fix, StringComparison.Ordinal)),
                $"{ailment} is not among:\n{output}");
        }

        Assert.Equal(0, (await bot.Look(["doctor"])).Exit);
    }

    [Fact]
    public async Task Wrong_settings_are_lines_too_and_wrong_words_are_told_the_right_ones()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        var settings = home.Settings();
        settings["Agent:Nmae"] = "SRE";
        var (exit, output) = await BotProcess.Command(cloud, settings, "doctor");
        Assert.Equal(2, exit);
        Assert.StartsWith("FIX   Agent:Nmae", output, StringComparison.Ordinal);

        var (usage, words) = await BotProcess.Command(cloud, home.Settings(), "doctor", "--please");
        Assert.Equal((2, "Usage: doctor [--post-sample]"), (usage, words.Trim()));
    }

    /// <summary>Beside a running bot on a server, whose clock is another's.</summary>
    [Fact]
    public async Task On_PostgreSQL_the_server_and_its_clock_are_looked_at()
    {
        using var where = StoreOfTest.PostgreSql();
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        await using var bot = await BotProcess.Start(cloud, home.Settings());
        await bot.Install();
        var app = cloud.Sick(World.Prod);
        await bot.Fire(app.Id);
        await bot.WaitForAsk();

        var (exit, output) = await BotProcess.Command(cloud, home.Settings(), "doctor");

        Assert.True(exit == 0, output);
        Assert.All((string[])["ok    store: PostgreSQL can be read", "ok    store's clock: ", "ok    plan prod-web on app-service-prod: "], line => Assert.Contains(line, output, StringComparison.Ordinal));

        var settings = home.Settings();
        settings["Store:ConnectionString"] = "Host=127.0.0.1;Port=1;Username=bot;Password=pg-canary-41c7";
        var (found, told) = await BotProcess.Command(cloud, settings, "doctor");
        Assert.Equal(1, found);
        Assert.Contains("FIX   store: it cannot be read: ", told, StringComparison.Ordinal);
        Assert.DoesNotContain("pg-canary-41c7", told, StringComparison.Ordinal);

    }

    /// <summary>Scripts stand for the two programs: the answers are what the real ones write.</summary>
    [Fact]
    public async Task The_versions_of_az_and_kubectl_are_told_and_one_that_does_not_answer_is_trouble()
    {
        await using var bot = await BotHost.Start();
        var folder = Directory.CreateDirectory(Path.Combine(bot.Folder, "tools")).FullName;
        Script("az", "echo '{\"azure-cli\": \"2.61.0\", \"extensions\": {}}'");
        Script("kubectl", "echo 'Segmentation fault'; exit 139");
        var cluster = Path.Combine(bot.Folder, "kubeconfig");
        Dictionary<string, string?> settings = new()
        {
            ["Commands:Az"] = $"{folder}/az", ["Commands:Kubectl"] = $"{folder}/kubectl", ["Commands:Subscriptions:0"] = Known.Subscription,
            ["Commands:Clusters:0:Name"] = "prod", ["Commands:Clusters:0:ResourceId"] = $"/subscriptions/{Known.Subscription}/resourceGroups/rg/providers/Microsoft.ContainerService/managedClusters/prod",
            ["Commands:Clusters:0:KubeConfig"] = cluster, ["Commands:Clusters:0:Context"] = "prod", ["Commands:Clusters:0:Namespaces:0"] = "web",
        };
        var (_, output) = await bot.Look(["doctor"], settings);
        Assert.Contains($"ok    az: 2.61.0 at {folder}/az", output, StringComparison.Ordinal);
        Assert.Contains($"FIX   kubectl: {folder}/kubectl did not say its version. Fix: check that it runs.", output, StringComparison.Ordinal);
        Script("az", "echo '{\"azure-cli\": \"2.30.0\", \"extensions\": {}}'");
        Assert.Contains("FIX   az: az is 2.30.0, and the bot needs 2.40.0 or newer. Fix: update the Azure CLI.", (await bot.Look(["doctor"], settings)).Output, StringComparison.Ordinal);
        Assert.Contains("note  az: no commands of it run", (await bot.Look(["doctor"])).Output, StringComparison.Ordinal);

        void Script(string name, string says)
        {
            File.WriteAllText(Path.Combine(folder, name), $"#!/bin/sh\n{says}\n");
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(Path.Combine(folder, name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }
        }
    }

    /// <summary>As an operator types it, before the first start: plans of the settings, and no file left behind.</summary>
    [Fact]
    public async Task Before_the_first_start_it_looks_at_the_settings_and_leaves_no_store()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        var (exit, output) = await BotProcess.Command(cloud, home.Settings(), "doctor");
        Assert.Equal(1, exit);
        Assert.Contains("ok    bot token: ", output, StringComparison.Ordinal);
        Assert.Contains("nowhere to ask", output, StringComparison.Ordinal);
        Assert.Contains("plan staging-web: ", output, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(home.Folder));
    }

    /// <summary>It has asked once and was installed; then it is at rest, so that nobody but the doctor could change anything.</summary>
    private static async Task<BotHost> Working()
    {
        var group = $"/subscriptions/{Known.Subscription}/resourceGroups/web";
        var asking = await Asking.Start(cloud => cloud.Entra.Client(Known.AppId, Known.AppSecret), new Dictionary<string, string?>
        {
            ["ScheduledTasks:0:Name"] = "nightly-health", ["ScheduledTasks:0:Cron"] = "0 3 1 1 *", ["ScheduledTasks:0:Does"] = "HealthCheck", ["ScheduledTasks:0:Scope"] = group,
            ["ScheduledTasks:1:Name"] = "monthly-cost", ["ScheduledTasks:1:Cron"] = "0 3 1 1 *", ["ScheduledTasks:1:Does"] = "CostReport", ["ScheduledTasks:1:Scope"] = group,
            ["ScheduledTasks:2:Name"] = "nightly-stop", ["ScheduledTasks:2:Cron"] = "0 3 1 1 *", ["ScheduledTasks:2:Does"] = "Steps", ["ScheduledTasks:2:Steps:0"] = $"stop {Prod}",
        });
        await asking.Bot.WaitForAudit("Delivery");
        await asking.Bot.StopApp();
        return asking.Bot;
    }

    private static DirectoryGroup Approvers(BotHost bot) => bot.Cloud.Graph.Directory.FindGroup(Known.Administrators)!;

    private static bool IsPermissions(WireRequest request) => request.Path.EndsWith("/permissions", StringComparison.OrdinalIgnoreCase);

    private static string Bytes(BotHost bot) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(Path.Combine(bot.Folder, "runmodes.db"))));
}
