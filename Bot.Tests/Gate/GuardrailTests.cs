using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Tests.Gate;

public sealed class GuardrailTests
{
    private const string Group = "/subscriptions/00000000-0000-0000-0000-000000000001/resourceGroups/rg-shop";
    private const string App = Group + "/providers/Microsoft.Web/sites/app-service-prod";

    /// <summary>One real action, or more, for each entry of the list.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { "Microsoft.Authorization/*", "Microsoft.Authorization/roleAssignments/write" },
        { "Microsoft.Authorization/*", "Microsoft.Authorization/locks/read" },
        { "Microsoft.Authorization/*", "Microsoft.Authorization/policyAssignments/write" },
        { "*/delete", "Microsoft.Web/sites/delete" },
        { "*/delete", "microsoft.compute/virtualmachines/DELETE" },
        { "*/delete/action", "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete/action" },
        { "*/remove/action", "Microsoft.Network/applicationGateways/backendAddressPools/remove/action" },
        { "*/purge/action", "Microsoft.Cdn/profiles/endpoints/purge/action" },
        { "*/listKeys/action", "Microsoft.Storage/storageAccounts/listKeys/action" },
        { "*/listKeys/action", "Microsoft.Web/sites/functions/listkeys/action" },
        { "*/regenerateKey*/action", "Microsoft.Storage/storageAccounts/regenerateKey/action" },
        { "*/regenerateKey*/action", "Microsoft.EventHub/namespaces/authorizationRules/regenerateKeys/action" },
        { "*/list*Keys/action", "Microsoft.Search/searchServices/listQueryKeys/action" },
        { "*/list*Keys/action", "Microsoft.Search/searchServices/listAdminKeys/action" },
        { "*/readonlykeys/action", "Microsoft.DocumentDB/databaseAccounts/readonlykeys/action" },
        { "*/listSecrets/action", "Microsoft.App/containerApps/listSecrets/action" },
        { "*/config/list/action", "Microsoft.Web/sites/config/list/Action" },
        { "*/config/list/action", "Microsoft.Web/sites/slots/config/list/Action" },
        { "*/publishxml/action", "Microsoft.Web/sites/publishxml/Action" },
        { "*/list*Credential*/action", "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action" },
        { "*/list*Credential*/action", "Microsoft.ContainerRegistry/registries/listCredentials/action" },
        { "*/newpassword/action", "Microsoft.Web/sites/newpassword/Action" },
        { "*/listConnectionStrings/action", "Microsoft.DocumentDB/databaseAccounts/listConnectionStrings/action" },
        { "*/listAccountSas/action", "Microsoft.Storage/storageAccounts/listAccountSas/action" },
        { "*/listServiceSas/action", "Microsoft.Storage/storageAccounts/listServiceSas/action" },
        { "*/beginGetAccess/action", "Microsoft.Compute/disks/beginGetAccess/action" },
        { "*/getSharedAccessToken/action", "Microsoft.ApiManagement/service/users/token/getSharedAccessToken/action" },
        { "*/runCommand/action", "Microsoft.Compute/virtualMachines/runCommand/action" },
        { "*/runCommand/action", "Microsoft.ContainerService/managedClusters/runCommand/action" },
        { "*/runCommands/*", "Microsoft.Compute/virtualMachines/runCommands/write" },
        { "*/extensions/write", "Microsoft.Compute/virtualMachineScaleSets/extensions/write" },
        { "Microsoft.Resources/deploymentScripts/*", "Microsoft.Resources/deploymentScripts/write" },
        { "Microsoft.KeyVault/*", "Microsoft.KeyVault/vaults/secrets/read" },
        { "Microsoft.ManagedIdentity/*", "Microsoft.ManagedIdentity/userAssignedIdentities/assign/action" },
        { "*/federatedIdentityCredentials/*", "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials/write" },
        { "Microsoft.Web/sites*/extensions/*", "Microsoft.Web/sites/extensions/Write" },
        { "Microsoft.Web/sites*/extensions/*", "Microsoft.Web/sites/slots/extensions/Read" },
        { "Microsoft.Web/sites*/publish/action", "Microsoft.Web/sites/publish/Action" },
        { "Microsoft.Web/sites*/publish/action", "Microsoft.Web/sites/slots/publish/Action" },
        { "Microsoft.Web/sites*/sourcecontrols/*", "Microsoft.Web/sites/sourcecontrols/Write" },
        { "Microsoft.Web/sites*/sourcecontrols/*", "Microsoft.Web/sites/slots/sourcecontrols/Write" },
        { "Microsoft.Insights/alertRules/*", "Microsoft.Insights/AlertRules/Write" },
        { "Microsoft.Insights/metricAlerts/*", "Microsoft.Insights/MetricAlerts/Write" },
        { "Microsoft.Insights/scheduledQueryRules/*", "Microsoft.Insights/ScheduledQueryRules/Write" },
        { "Microsoft.Insights/activityLogAlerts/*", "Microsoft.Insights/ActivityLogAlerts/Write" },
        { "Microsoft.AlertsManagement/*Rules/*", "Microsoft.AlertsManagement/actionRules/write" },
        { "Microsoft.AlertsManagement/*Rules/*", "Microsoft.AlertsManagement/smartDetectorAlertRules/write" },
        { "Microsoft.AlertsManagement/*RuleGroups/*", "Microsoft.AlertsManagement/prometheusRuleGroups/write" },
        { "Microsoft.Insights/actionGroups/*", "Microsoft.Insights/ActionGroups/Write" },
        { "Microsoft.Insights/diagnosticSettings/*", "Microsoft.Insights/DiagnosticSettings/Write" },
        { "Microsoft.BotService/*", "Microsoft.BotService/botServices/write" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_refused_action_is_refused_in_any_case_of_letters(string pattern, string action)
    {
        var entry = Assert.Single(Guardrails.Refused, r => r.Pattern == pattern);

        foreach (var written in new[] { action, action.ToUpperInvariant(), action.ToLowerInvariant() })
        {
            Assert.True(Guardrails.Matches(pattern, written), $"{pattern} does not match {written}");
            Assert.Contains(entry.Why, Guardrails.Check(Call(written), []));
        }
    }

    [Fact]
    public void Every_entry_has_a_row_and_a_reason_in_words()
    {
        Assert.Equal(Guardrails.Refused.Select(r => r.Pattern).Order(StringComparer.Ordinal), Refused.Select(r => r.Data.Item1).Distinct().Order(StringComparer.Ordinal));
        Assert.All(Guardrails.Refused, r => Assert.EndsWith(".", r.Why, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Microsoft.Web/sites/restart/Action")]
    [InlineData("Microsoft.Web/sites/read")]
    [InlineData("Microsoft.Web/serverfarms/write")]
    [InlineData("Microsoft.AlertsManagement/alerts/changestate/action")]
    [InlineData("Microsoft.Insights/metrics/read")]
    [InlineData("Microsoft.Web/sites/undelete/action")]
    public void What_is_not_listed_is_not_refused(string action) => Assert.Empty(Guardrails.Check(Call(action), []));

    [Fact]
    public void No_action_the_bot_can_build_is_refused() =>
        Assert.All(ArmAction.All, action => Assert.Empty(Guardrails.Check(Call(action.Action), [])));

    [Fact]
    public void A_DELETE_is_refused_whatever_the_action_calls_itself() =>
        Assert.Equal(["Deletions are refused."], Guardrails.Check(Call("Microsoft.Web/sites/restart/Action") with { Method = "delete" }, []));

    [Theory]
    [InlineData(App, true)]
    [InlineData("/SUBSCRIPTIONS/00000000-0000-0000-0000-000000000001/RESOURCEGROUPS/RG-SHOP/PROVIDERS/MICROSOFT.WEB/SITES/APP-SERVICE-PROD", true)]
    [InlineData(Group, true)]
    [InlineData("/subscriptions/00000000-0000-0000-0000-000000000001", true)]
    [InlineData(App + "/slots/blue", true)]
    [InlineData(Group + "/providers/Microsoft.Web/sites/app-service-prod-2", false)]
    [InlineData(Group + "/providers/Microsoft.Web/sites/app-service", false)]
    [InlineData(Group + "-2", false)]
    [InlineData("/subscriptions/00000000-0000-0000-0000-000000000002/resourceGroups/rg-shop/providers/Microsoft.Web/sites/app-service-prod", false)]
    public void Nothing_equal_to_above_or_below_the_bots_own_resources_is_a_target(string own, bool refused) =>
        Assert.Equal(refused, Guardrails.Check(Call("Microsoft.Web/sites/restart/Action"), [ResourceId.Parse(own)]).Contains("The target is part of the bot itself."));

    /// <summary>A swap changes production too, and with it whatever else of the site is the bot's own.</summary>
    [Theory]
    [InlineData(App, true)]
    [InlineData(App + "/slots/staging", true)]
    [InlineData(App + "/slots/blue", true)]
    [InlineData(App + "-2", false)]
    public void A_slot_of_the_bots_own_site_is_not_swapped(string own, bool refused) => Assert.Equal(
        refused,
        Guardrails.Check(Call("Microsoft.Web/sites/slots/slotsswap/Action", App + "/slots/staging"), [ResourceId.Parse(own)]).Contains("The target is part of the bot itself."));

    [Theory]
    [InlineData(Group)]
    [InlineData("/subscriptions/00000000-0000-0000-0000-000000000001")]
    public void A_group_or_a_subscription_is_no_target(string target) =>
        Assert.Equal(["The target is not one resource."], Guardrails.Check(Call("Microsoft.Web/sites/restart/Action", target), []));

    [Theory]
    [InlineData(2, 3, 3, null)]
    [InlineData(2, 3, 30, null)]
    [InlineData(2, 3, null, "The response plan stores no maximum of instances (MaxInstances), so nothing is scaled out.")]
    [InlineData(2, 3, 2, "The response plan allows at most 2 instances (MaxInstances).")]
    [InlineData(2, 4, 30, "Scaling goes one instance at a time.")]
    [InlineData(2, 2, 30, "Scaling goes one instance at a time.")]
    [InlineData(5, 1, 30, "Scaling goes one instance at a time.")]
    [InlineData(3, 2, 2, null)]
    [InlineData(3, 2, null, null)]
    [InlineData(1, 0, 30, "A plan without an instance serves nobody.")]
    public void A_plan_is_scaled_by_one_within_the_stored_maximum_and_back_down(int from, int to, int? most, string? why)
    {
        var scale = Operation.ArmCall.Of(ArmAction.ScaleAppServicePlan, ResourceId.Parse(Group + "/providers/Microsoft.Web/serverfarms/plan"), new("AzureCloud", "tenant", "agent"),
            new OperationParameters.Scale(new("app", "x", "S1", "Standard", "S1", "S", []) { Linux = false, Xenon = false, HyperV = false, PerSiteScaling = false, ZoneRedundant = false }, from, to));

        Assert.Equal(why is null ? [] : [why], Guardrails.Check(scale, [], most));
    }

    private static Operation.ArmCall Call(string action, string target = App) =>
        new(new("AzureCloud", "tenant", "agent"), ResourceId.Parse(target), action, "POST", "restart", "2023-12-01", "");
}
