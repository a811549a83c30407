namespace RunModes.Bot.Gate;

/// <summary>
/// What no mode, approval or hook makes possible. To be read by whoever reviews it: one line an entry, one row of <c>GuardrailTests</c> an entry.
/// Patterns over RBAC actions; "*" spans any characters, case is ignored.
/// </summary>
internal static class RefusedActions
{
    public static IReadOnlyList<(string Pattern, string Why)> All { get; } =
    [
        // Who may do what.
        ("Microsoft.Authorization/*", "It changes who may do what."),
        ("Microsoft.ManagedServices/*", "It changes who may do what."),
        ("*/administrators/*", "It changes who may do what."),
        ("*/azureADOnlyAuthentications/*", "It changes who may do what."),

        // What is gone afterwards.
        ("*/delete", "Deletions are refused."),
        ("*/delete*/action", "Deletions are refused."),
        ("*/bulkDelete*/action", "Deletions are refused."),
        ("*/remove*/action", "Deletions are refused."),
        ("*/purge", "Deletions are refused."),
        ("*/purge*/action", "Deletions are refused."),
        ("*/flush*/action", "Deletions are refused."),
        ("*/reimage*/action", "It wipes disks."),
        ("*/generalize/action", "It makes a machine unusable."),
        ("*/moveResources/action", "It takes resources away from their locks and rights."),

        // Keys, secrets, credentials, tokens, also as reads.
        ("*/listKeys/action", "It reads keys."),
        ("*/list*Keys/action", "It reads keys."),
        ("*/readonlykeys/action", "It reads keys."),
        ("*/keys/*", "It reads or sets keys."),
        ("*/regenerate*/action", "It replaces keys."),
        ("*/rotate*/action", "It replaces keys."),
        ("*/list*Secret*/action", "It reads secrets."),
        ("*/secrets/*", "It reads or sets secrets."),
        ("*/listConnectionString*/action", "It reads secrets."),
        ("Microsoft.KeyVault/*", "Key Vault is out of reach."),
        ("*/config/list/action", "It reads application settings, which hold secrets."),
        ("Microsoft.Web/sites*/config/write", "It changes settings, which hold secrets."),
        ("*/publishxml/action", "It reads publish profiles."),
        ("*/basicPublishingCredentialsPolicies/*", "It changes who may deploy."),
        ("*/list*Credential*/action", "It reads credentials."),
        ("*/accessProfiles/*", "It reads credentials."),
        ("*/generateCredentials/action", "It issues credentials."),
        ("*/newpassword/action", "It replaces credentials."),
        ("*/reset*Password*/action", "It replaces credentials."),
        ("*/reset*Profile/action", "It replaces credentials."),
        ("*/list*Sas/action", "It issues SAS tokens."),
        ("*/generateUserDelegationKey/action", "It issues SAS tokens."),
        ("*/beginGetAccess/action", "It issues SAS tokens."),
        ("*/get*AccessToken/action", "It issues tokens."),
        ("*/generate*Token*/action", "It issues tokens."),
        ("*/list*Token*/action", "It reads tokens."),
        ("*/tokens/*", "It reads or issues tokens."),
        ("Microsoft.ManagedIdentity/*", "It changes identities."),
        ("*/federatedIdentityCredentials/*", "It changes identities."),

        // Code that would run.
        ("*/runCommand/action", "It runs commands on a machine."),
        ("*/runCommands/*", "It runs commands on a machine."),
        ("*/exec/action", "It runs commands on a machine."),
        ("Microsoft.SerialConsole/*", "It runs commands on a machine."),
        ("*/extensions/write", "It installs machine extensions."),
        ("Microsoft.Resources/deploymentScripts/*", "It runs deployment scripts."),
        ("Microsoft.Resources/deployments/*", "A deployment changes more than one thing."),
        ("Microsoft.Resources/deploymentStacks/*", "A deployment changes more than one thing."),
        ("*/batch/action", "It wraps requests that nobody sees."),
        ("Microsoft.Web/sites*/extensions/*", "It deploys code."),
        ("Microsoft.Web/sites*/publish/action", "It deploys code."),
        ("Microsoft.Web/sites*/deployments/write", "It deploys code."),
        ("Microsoft.Web/sites*/sourcecontrols/*", "It deploys code."),
        ("Microsoft.Automation/*/jobs/write", "It runs scripts."),
        ("Microsoft.Logic/workflows/*", "It runs workflows."),

        // What the bot judges by.
        ("Microsoft.PolicyInsights/*", "Policies decide what may be done."),
        ("Microsoft.Resources/tags/*", "Tags decide what hooks and people see."),
        ("Microsoft.Resources/subscriptions/tagNames/*", "Tags decide what hooks and people see."),
        ("Microsoft.Insights/alertRules/*", "Alert rules decide what the bot sees."),
        ("Microsoft.Insights/metricAlerts/*", "Alert rules decide what the bot sees."),
        ("Microsoft.Insights/scheduledQueryRules/*", "Alert rules decide what the bot sees."),
        ("Microsoft.Insights/activityLogAlerts/*", "Alert rules decide what the bot sees."),
        ("Microsoft.AlertsManagement/*Rules/*", "Alert rules decide what the bot sees."),
        ("Microsoft.AlertsManagement/*RuleGroups/*", "Alert rules decide what the bot sees."),
        ("Microsoft.Insights/actionGroups/*", "Action groups decide what the bot hears."),
        ("Microsoft.Insights/diagnosticSettings/*", "Diagnostic settings decide what is recorded."),
        ("Microsoft.Insights/dataCollection*", "Diagnostic settings decide what is recorded."),
        ("Microsoft.BotService/*", "It would change the bot itself."),
    ];
}
