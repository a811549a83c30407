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
        { "*/delete*/action", "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/delete/action" },
        { "*/remove*/action", "Microsoft.Network/applicationGateways/backendAddressPools/remove/action" },
        { "*/purge*/action", "Microsoft.Cdn/profiles/endpoints/purge/action" },
        { "*/listKeys/action", "Microsoft.Storage/storageAccounts/listKeys/action" },
        { "*/listKeys/action", "Microsoft.Web/sites/functions/listkeys/action" },
        { "*/regenerate*/action", "Microsoft.Storage/storageAccounts/regenerateKey/action" },
        { "*/regenerate*/action", "Microsoft.EventHub/namespaces/authorizationRules/regenerateKeys/action" },
        { "*/list*Keys/action", "Microsoft.Search/searchServices/listQueryKeys/action" },
        { "*/list*Keys/action", "Microsoft.Search/searchServices/listAdminKeys/action" },
        { "*/readonlykeys/action", "Microsoft.DocumentDB/databaseAccounts/readonlykeys/action" },
        { "*/list*Secret*/action", "Microsoft.App/containerApps/listSecrets/action" },
        { "*/config/list/action", "Microsoft.Web/sites/config/list/Action" },
        { "*/config/list/action", "Microsoft.Web/sites/slots/config/list/Action" },
        { "*/publishxml/action", "Microsoft.Web/sites/publishxml/Action" },
        { "*/list*Credential*/action", "Microsoft.ContainerService/managedClusters/listClusterAdminCredential/action" },
        { "*/list*Credential*/action", "Microsoft.ContainerRegistry/registries/listCredentials/action" },
        { "*/newpassword/action", "Microsoft.Web/sites/newpassword/Action" },
        { "*/listConnectionString*/action", "Microsoft.DocumentDB/databaseAccounts/listConnectionStrings/action" },
        { "*/list*Sas/action", "Microsoft.Storage/storageAccounts/listAccountSas/action" },
        { "*/list*Sas/action", "Microsoft.Storage/storageAccounts/listServiceSas/action" },
        { "*/beginGetAccess/action", "Microsoft.Compute/disks/beginGetAccess/action" },
        { "*/get*AccessToken/action", "Microsoft.ApiManagement/service/users/token/getSharedAccessToken/action" },
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
        { "Microsoft.ManagedServices/*", "Microsoft.ManagedServices/registrationAssignments/write" },
        { "*/administrators/*", "Microsoft.Sql/servers/administrators/write" },
        { "*/azureADOnlyAuthentications/*", "Microsoft.Sql/servers/azureADOnlyAuthentications/write" },
        { "*/delete*/action", "Microsoft.Compute/virtualMachineScaleSets/deleteInstances/action" },
        { "*/bulkDelete*/action", "Microsoft.Compute/locations/bulkDelete/action" },
        { "*/remove*/action", "Microsoft.Cdn/profiles/customDomains/removeValidation/action" },
        { "*/purge", "Microsoft.CognitiveServices/locations/resourceGroups/deletedAccounts/purge" },
        { "*/purge*/action", "Microsoft.Web/locations/purgeUnusedVirtualNetworkIntegration/action" },
        { "*/flush*/action", "Microsoft.Cache/redisEnterprise/databases/flush/action" },
        { "*/reimage*/action", "Microsoft.Compute/virtualMachineScaleSets/reimageAll/action" },
        { "*/reimage*/action", "Microsoft.Compute/virtualMachines/reimage/action" },
        { "*/generalize/action", "Microsoft.Compute/virtualMachines/generalize/action" },
        { "*/moveResources/action", "Microsoft.Resources/subscriptions/resourceGroups/moveResources/action" },
        { "*/keys/*", "Microsoft.Web/sites/functions/keys/write" },
        { "*/keys/*", "Microsoft.Web/sites/functions/keys/read" },
        { "*/rotate*/action", "Microsoft.ContainerService/managedClusters/rotateClusterCertificates/action" },
        { "*/regenerate*/action", "Microsoft.SignalRService/SignalR/regeneratekey/action" },
        { "*/list*Secret*/action", "Microsoft.Web/sites/functions/listsecrets/action" },
        { "*/secrets/*", "Microsoft.Cdn/profiles/secrets/read" },
        { "Microsoft.Web/sites*/config/write", "Microsoft.Web/sites/config/Write" },
        { "Microsoft.Web/sites*/config/write", "Microsoft.Web/sites/slots/config/Write" },
        { "*/basicPublishingCredentialsPolicies/*", "Microsoft.Web/sites/basicPublishingCredentialsPolicies/ftp/Write" },
        { "*/accessProfiles/*", "Microsoft.ContainerService/managedClusters/accessProfiles/read" },
        { "*/generateCredentials/action", "Microsoft.ContainerRegistry/registries/generateCredentials/action" },
        { "*/reset*Password*/action", "Microsoft.ApiManagement/service/users/resetPassword/action" },
        { "*/reset*Profile/action", "Microsoft.ContainerService/managedClusters/resetServicePrincipalProfile/action" },
        { "*/reset*Profile/action", "Microsoft.ContainerService/managedClusters/resetAADProfile/action" },
        { "*/generateUserDelegationKey/action", "Microsoft.Storage/storageAccounts/blobServices/generateUserDelegationKey/action" },
        { "*/generate*Token*/action", "Microsoft.DesktopVirtualization/hostpools/generateRegistrationToken/action" },
        { "*/list*Token*/action", "Microsoft.DesktopVirtualization/hostpools/listRegistrationTokens/action" },
        { "*/tokens/*", "Microsoft.ContainerRegistry/registries/tokens/write" },
        { "*/exec/action", "Microsoft.ContainerInstance/containerGroups/containers/exec/action" },
        { "Microsoft.SerialConsole/*", "Microsoft.SerialConsole/serialPorts/connect/action" },
        { "Microsoft.Resources/deployments/*", "Microsoft.Resources/deployments/write" },
        { "Microsoft.Resources/deployments/*", "Microsoft.Resources/deployments/validate/action" },
        { "Microsoft.Resources/deploymentStacks/*", "Microsoft.Resources/deploymentStacks/write" },
        { "*/batch/action", "Microsoft.Resources/batch/action" },
        { "Microsoft.Web/sites*/deployments/write", "Microsoft.Web/sites/deployments/Write" },
        { "Microsoft.Automation/*/jobs/write", "Microsoft.Automation/automationAccounts/jobs/write" },
        { "Microsoft.Logic/workflows/*", "Microsoft.Logic/workflows/triggers/run/action" },
        { "Microsoft.PolicyInsights/*", "Microsoft.PolicyInsights/remediations/write" },
        { "Microsoft.Resources/tags/*", "Microsoft.Resources/tags/write" },
        { "Microsoft.Resources/subscriptions/tagNames/*", "Microsoft.Resources/subscriptions/tagNames/write" },
        { "Microsoft.Insights/dataCollection*", "Microsoft.Insights/dataCollectionRules/write" },
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
    [InlineData("Microsoft.Web/sites/config/read")]
    [InlineData("Microsoft.Web/sites/slots/slotsswap/Action")]
    [InlineData("Microsoft.Web/sites/deployments/read")]
    [InlineData("Microsoft.ContainerService/managedClusters/read")]
    [InlineData("Microsoft.Cache/redis/forceReboot/action")]
    [InlineData("Microsoft.Compute/virtualMachines/redeploy/action")]
    [InlineData("Microsoft.Resources/subscriptions/resourceGroups/read")]
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
