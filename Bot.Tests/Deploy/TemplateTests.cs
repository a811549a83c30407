using System.Text.Json.Nodes;
using Microsoft.Extensions.Configuration;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Plans;
using RunModes.Bot.Runs;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Deploy;

/// <summary>What <c>deploy/template.json</c> asks Azure for: well-formed by Microsoft's definitions, and no more than is needed.</summary>
public sealed class TemplateTests
{
    private const string Reader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
    private const string MonitoringReader = "43d0d8ad-25c7-4714-9337-8ba259a9fe05";
    private const string SecretsUser = "4633458b-17de-408a-b874-0445c86b69e6";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("as the parameters file stands")]
    [InlineData("a second run, which has no secrets to set", "databasePassword=\"\"", "auditKey=\"\"")]
    [InlineData("an image, and nothing watched", "containerImage=\"contoso.azurecr.io/runmodes:1\"", "watchedResourceGroups=[]", "watchEmails=[]", "purgeProtection=false")]
    [InlineData("three groups on two replicas", "instances=2", "watchedResourceGroups=[\"/subscriptions/99999999-2222-4333-8444-555555555555/resourceGroups/a\",\"/subscriptions/99999999-2222-4333-8444-555555555555/resourceGroups/b\"]")]
    public async Task Every_resource_is_what_Microsofts_definitions_allow(string what, params string[] choices)
    {
        var expanded = await ExpandedTemplate.Of(choices, Cancellation);
        expanded.Ruling.MustBeGood();
        Assert.Matches(@"^template: \d+ resources, [1-9]\d* judged by definition, 0 problems$", expanded.Ruling.Summary);
        Assert.True(expanded.Resources.Count > 15, what);
    }

    [Fact]
    public async Task Apps_plans_roles_and_nested_deployments_are_what_the_definitions_of_the_reference_data_allow()
    {
        var definitions = Counterpart.RequireFile(Repository.ReferenceData("azure/swagger-subset-2024-07.tar.xz"), "the API definitions are not beside the clone.");
        var folder = Directory.CreateTempSubdirectory("definitions-").FullName;
        try
        {
            var unpacked = await Programs.Run("tar", ["-xJf", definitions, "-C", folder], Cancellation);
            Assert.True(unpacked.Exit == 0, unpacked.All);
            var expanded = await ExpandedTemplate.Of(ExpandedTemplate.Everything, Cancellation);
            expanded.Ruling.MustBeGood();
            var puts = expanded.Resources.Where(r => r.Type.Split('/')[0] is "Microsoft.Web" or "Microsoft.Authorization" or "Microsoft.Resources").ToList();
            var exchanges = Path.Combine(folder, "template.jsonl");
            await File.WriteAllLinesAsync(exchanges, puts.Select(Exchange), Cancellation);

            var ruling = await NodeJudge.Run("Bot.Tests/Judges/oav/judge.mjs", [folder, exchanges], Cancellation);
            ruling.MustBeGood();
            Assert.Equal($"oav: {puts.Count} requests judged, 0 errors", ruling.Summary);
            Assert.Equal(expanded.Resources.Count, puts.Count + int.Parse(expanded.Ruling.Summary.Split(", ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [InlineData("properties.httpOnly is unknown", "\"enableRbacAuthorization\": true", "\"httpOnly\": true")]
    [InlineData("properties.displayName is missing", "\"displayName\": \"[variables('bot')]\",", "")]
    [InlineData("there is no parameter locatoin", "parameters('location')", "parameters('locatoin')")]
    [InlineData("there is no variable valt", "variables('vault')", "variables('valt')")]
    [InlineData("does not depend on it", "\"[resourceId('Microsoft.Web/sites', variables('app'))]\"", "")]
    [InlineData("holds a secret", "\"value\": \"[variables('vault')]\"", "\"value\": \"[parameters('auditKey')]\"")]
    [InlineData("a secret stands in properties.siteConfig.appSettings", "\"value\": \"[parameters('timeZone')]\"", "\"value\": \"[parameters('databasePassword')]\"")]
    [InlineData("reads like a secret and is a plain string", "\"type\": \"securestring\"", "\"type\": \"string\"")]
    [InlineData("is judged by 2022-09-15 and deployed in 2021-03-01", "\"apiVersion\": \"2022-09-15\"", "\"apiVersion\": \"2021-03-01\"")]
    [InlineData("the function listKeys is not one", "\"value\": \"[variables('vault')]\"", "\"value\": \"[listKeys(variables('vault'))]\"")]
    [InlineData("which is not deployed here", "variables('network'), 'app')]\"", "variables('network'), 'apps')]\"")]
    [InlineData("threshold must be number and is string", "\"threshold\": 100", "\"threshold\": \"100\"")]
    public async Task The_judge_sees(string told, string stands, string wrong)
    {
        var template = await File.ReadAllTextAsync(Repository.Path("deploy/template.json"), Cancellation);
        Assert.Contains(stands, template, StringComparison.Ordinal);
        var file = Path.Combine(Path.GetTempPath(), $"template-{Guid.NewGuid():n}.json");
        try
        {
            // An entry that was struck leaves a comma behind, which is no JSON.
            var edited = template.Replace(stands, wrong, StringComparison.Ordinal);
            await File.WriteAllTextAsync(file, wrong.Length == 0 ? System.Text.RegularExpressions.Regex.Replace(edited, @",\s*(?=,|\])|(?<=\[)\s*,", "") : edited, Cancellation);
            var ruling = (await ExpandedTemplate.Of(ExpandedTemplate.Everything, Cancellation, file)).Ruling;
            Assert.True(ruling.ExitCode == 1 && ruling.Output.Contains(told, StringComparison.Ordinal), $"{ruling.ExitCode}: {ruling.Output}{ruling.Errors}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task The_agent_may_do_what_the_bot_can_propose_where_it_was_told_and_nothing_else()
    {
        var expanded = await ExpandedTemplate.Of(ExpandedTemplate.Everything, Cancellation);
        var role = Assert.Single(expanded.OfType("Microsoft.Authorization/roleDefinitions"), r => r.Body["properties"]!["assignableScopes"]![0]!.GetValue<string>() == ExpandedTemplate.Watched);
        var permission = Assert.Single(role.Body["properties"]!["permissions"]!.AsArray())!;
        var actions = permission["actions"]!.AsArray().Select(a => $"{a}").ToList();

        // A new entry of the catalogue belongs into the default of operatorActions in deploy/template.json.
        Assert.Equal(ArmAction.All.Select(a => a.Action).Order(StringComparer.OrdinalIgnoreCase), actions.Order(StringComparer.OrdinalIgnoreCase));
        Assert.DoesNotContain(actions, a => a.Contains('*', StringComparison.Ordinal));
        Assert.DoesNotContain(actions, a => Guardrails.Refused.Any(r => Guardrails.Matches(r.Pattern, a)));
        Assert.Empty(permission["dataActions"]!.AsArray());
        Assert.Single(role.Body["properties"]!["assignableScopes"]!.AsArray());

        var alerts = Assert.Single(expanded.OfType("Microsoft.Authorization/roleDefinitions"), r => r != role);
        Assert.Equal(["Microsoft.AlertsManagement/alerts/read", "Microsoft.AlertsManagement/alerts/changestate/action"], alerts.Body["properties"]!["permissions"]![0]!["actions"]!.AsArray().Select(a => $"{a}"));
    }

    [Fact]
    public async Task Each_identity_is_assigned_what_it_needs_and_neither_can_do_the_others_work()
    {
        var expanded = await ExpandedTemplate.Of(ExpandedTemplate.Everything, Cancellation);
        var site = Assert.Single(expanded.OfType("Microsoft.Web/sites"));
        var settings = Settings(site);
        var roles = expanded.OfType("Microsoft.Authorization/roleDefinitions").ToDictionary(r => $"{r.Body["properties"]!["assignableScopes"]![0]}", r => r.Id.Split('/')[^1]);
        var subscription = string.Join('/', ExpandedTemplate.Watched.Split('/')[..3]);
        var assigned = expanded.OfType("Microsoft.Authorization/roleAssignments").Select(a => (
            At: a.Id[..a.Id.LastIndexOf("/providers/Microsoft.Authorization/", StringComparison.Ordinal)],
            Role: $"{a.Body["properties"]!["roleDefinitionId"]}".Split('/')[^1], Who: $"{a.Body["properties"]!["principalId"]}")).ToList();
        var bot = Assert.Single(assigned, a => a.Role == SecretsUser);
        Assert.EndsWith(Assert.Single(expanded.OfType("Microsoft.KeyVault/vaults")).Id, bot.At, StringComparison.Ordinal);
        var agent = assigned.Where(a => a.Who != bot.Who).ToList();
        Assert.Equal(assigned.Count - 1, agent.Count);
        Assert.Single(agent.Select(a => a.Who).Distinct());
        Assert.Equal(
            new[] { (ExpandedTemplate.Watched, Reader), (ExpandedTemplate.Watched, MonitoringReader), (ExpandedTemplate.Watched, roles[ExpandedTemplate.Watched]), (subscription, roles[subscription]) }.Order(),
            agent.Select(a => (a.At, a.Role)).Order());
        Assert.NotEqual(settings["MicrosoftAppId"], settings["AZURE_CLIENT_ID"]);
        Assert.EndsWith("-bot", $"{site.Body["properties"]!["keyVaultReferenceIdentity"]}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_bot_starts_with_the_settings_that_the_template_writes()
    {
        var expanded = await ExpandedTemplate.Of(ExpandedTemplate.Everything, Cancellation);
        var settings = Settings(Assert.Single(expanded.OfType("Microsoft.Web/sites")));
        Assert.StartsWith("@Microsoft.KeyVault(", settings["Store:ConnectionString"], StringComparison.Ordinal);
        Assert.StartsWith("@Microsoft.KeyVault(", settings["Audit:Key"], StringComparison.Ordinal);

        // As the bot would see them if the vault could not be read, and as it sees them.
        Assert.Contains(BotApplication.Problems(Configured(settings), sandbox: false), p => p.StartsWith("Store:ConnectionString:", StringComparison.Ordinal) && p.Contains("vault", StringComparison.Ordinal));
        settings["Store:ConnectionString"] = $"{Assert.Single(expanded.OfType("Microsoft.KeyVault/vaults/secrets"), s => s.Id.EndsWith("store-connection", StringComparison.Ordinal)).Body["properties"]!["value"]}";
        settings["Audit:Key"] = new string('a', 64);
        Assert.Empty(BotApplication.Problems(Configured(settings), sandbox: false));

        Assert.Equal(ExpandedTemplate.WebhookApp, settings["Incidents:AzureMonitor:Audience"]);
        // The right to write back, and that it is used, go together.
        Assert.Equal("true", settings["Incidents:AzureMonitor:WriteBack"]);
        Assert.Equal("dddddddd-1111-4111-8111-111111111111", settings["Roles:Administrator:Groups:1"]);
        Assert.Equal("00:02:00", settings["Verification:Settle"]);
        var own = Assert.Single(OwnResources.From(Configured(settings)).Ids);
        Assert.All(expanded.Resources.Where(r => !ExpandedTemplate.Watched.StartsWith(string.Join('/', r.Id.Split('/')[..3]), StringComparison.Ordinal)), r => Assert.StartsWith(own.Value, r.Id, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task What_answers_from_outside_is_TLS_only_without_passwords_and_the_database_is_not_among_it()
    {
        var expanded = await ExpandedTemplate.Of(ExpandedTemplate.Everything, Cancellation);
        var site = Assert.Single(expanded.OfType("Microsoft.Web/sites")).Body["properties"]!;
        Assert.True(site["httpsOnly"]!.GetValue<bool>());
        Assert.Equal(("Disabled", "1.2", "/readyz"), ($"{site["siteConfig"]!["ftpsState"]}", $"{site["siteConfig"]!["minTlsVersion"]}", $"{site["siteConfig"]!["healthCheckPath"]}"));
        Assert.All(expanded.OfType("Microsoft.Web/sites/basicPublishingCredentialsPolicies"), p => Assert.False(p.Body["properties"]!["allow"]!.GetValue<bool>()));
        Assert.Equal(2, expanded.OfType("Microsoft.Web/sites/basicPublishingCredentialsPolicies").Count());
        Assert.True(Assert.Single(expanded.OfType("Microsoft.BotService/botServices")).Body["properties"]!["disableLocalAuth"]!.GetValue<bool>());
        Assert.NotNull(Assert.Single(expanded.OfType("Microsoft.DBforPostgreSQL/flexibleServers")).Body["properties"]!["network"]!["delegatedSubnetResourceId"]);
        Assert.Empty(expanded.OfType("Microsoft.DBforPostgreSQL/flexibleServers/firewallRules"));
        var receiver = Assert.Single(expanded.OfType("Microsoft.Insights/actionGroups"), g => g.Body["properties"]!["webhookReceivers"] is not null).Body["properties"]!["webhookReceivers"]![0]!;
        Assert.True(receiver["useAadAuth"]!.GetValue<bool>() && receiver["useCommonAlertSchema"]!.GetValue<bool>());
        Assert.EndsWith("/api/incidents/azure-monitor", $"{receiver["serviceUri"]}", StringComparison.Ordinal);

        // The HTTP log holds query strings, and a webhook key may stand there.
        var logged = Assert.Single(expanded.OfType("Microsoft.Insights/diagnosticSettings")).Body["properties"]!["logs"]!.AsArray().Select(l => $"{l!["category"]}");
        Assert.DoesNotContain("AppServiceHTTPLogs", logged);
    }

    internal static Dictionary<string, string?> Settings(Deployed site) =>
        site.Body["properties"]!["siteConfig"]!["appSettings"]!.AsArray().ToDictionary(s => $"{s!["name"]}".Replace("__", ":", StringComparison.Ordinal), s => (string?)$"{s!["value"]}");

    private static ConfigurationManager Configured(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings);
        return configuration;
    }

    private static string Exchange(Deployed put) => new JsonObject
    {
        ["scripted"] = true,
        ["request"] = new JsonObject
        {
            ["method"] = "PUT", ["url"] = $"https://management.azure.com{put.Id}?api-version={put.ApiVersion}", ["headers"] = new JsonObject(), ["body"] = put.Body.ToJsonString(),
        },
        ["response"] = new JsonObject { ["status"] = 200, ["headers"] = new JsonObject(), ["body"] = "" },
    }.ToJsonString();
}
