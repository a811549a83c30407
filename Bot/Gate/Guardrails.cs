using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Gate;

/// <summary>What is refused in every mode, reads included, by resolved action. Data-like on purpose: one line an entry, one test row an entry.</summary>
internal static class Guardrails
{
    /// <summary>Patterns over RBAC actions; "*" spans any characters, case is ignored.</summary>
    public static IReadOnlyList<(string Pattern, string Why)> Refused { get; } =
    [
        ("Microsoft.Authorization/*", "It changes who may do what."),
        ("*/delete", "Deletions are refused."),
        ("*/delete/action", "Deletions are refused."),
        ("*/remove/action", "Deletions are refused."),
        ("*/purge/action", "Deletions are refused."),
        ("*/listKeys/action", "It reads keys."),
        ("*/regenerateKey*/action", "It replaces keys."),
        ("*/list*Keys/action", "It reads keys."),
        ("*/readonlykeys/action", "It reads keys."),
        ("*/listSecrets/action", "It reads secrets."),
        ("*/config/list/action", "It reads application settings, which hold secrets."),
        ("*/publishxml/action", "It reads publish profiles."),
        ("*/list*Credential*/action", "It reads credentials."),
        ("*/newpassword/action", "It replaces credentials."),
        ("*/listConnectionStrings/action", "It reads secrets."),
        ("*/listAccountSas/action", "It issues SAS tokens."),
        ("*/listServiceSas/action", "It issues SAS tokens."),
        ("*/beginGetAccess/action", "It issues SAS tokens."),
        ("*/getSharedAccessToken/action", "It issues SAS tokens."),
        ("*/runCommand/action", "It runs commands on a machine."),
        ("*/runCommands/*", "It runs commands on a machine."),
        ("*/extensions/write", "It installs machine extensions."),
        ("Microsoft.Resources/deploymentScripts/*", "It runs deployment scripts."),
        ("Microsoft.KeyVault/*", "Key Vault is out of reach."),
        ("Microsoft.ManagedIdentity/*", "It changes identities."),
        ("*/federatedIdentityCredentials/*", "It changes identities."),
        ("Microsoft.Web/sites*/extensions/*", "It deploys code."),
        ("Microsoft.Web/sites*/publish/action", "It deploys code."),
        ("Microsoft.Web/sites*/sourcecontrols/*", "It deploys code."),
        ("Microsoft.Insights/alertRules/*", "Alert rules decide what the bot sees."),
        ("Microsoft.Insights/metricAlerts/*", "Alert rules decide what the bot sees."),
        ("Microsoft.Insights/scheduledQueryRules/*", "Alert rules decide what the bot sees."),
        ("Microsoft.Insights/activityLogAlerts/*", "Alert rules decide what the bot sees."),
        ("Microsoft.AlertsManagement/*Rules/*", "Alert rules decide what the bot sees."),
        ("Microsoft.AlertsManagement/*RuleGroups/*", "Alert rules decide what the bot sees."),
        ("Microsoft.Insights/actionGroups/*", "Action groups decide what the bot hears."),
        ("Microsoft.Insights/diagnosticSettings/*", "Diagnostic settings decide what is recorded."),
        ("Microsoft.BotService/*", "It would change the bot itself."),
    ];

    /// <param name="own">The bot's own resources: nothing equal to, above or below them is a target.</param>
    /// <param name="mostInstances">Up to how many the response plan allows to scale out; null: not at all.</param>
    public static IReadOnlyList<string> Check(Operation operation, IReadOnlyCollection<ResourceId> own, int? mostInstances = null) => operation.Match(arm =>
    {
        List<string> reasons = [.. Refused.Where(r => Matches(r.Pattern, arm.Action)).Select(r => r.Why).Distinct()];
        if (arm.Method.Equals("DELETE", StringComparison.OrdinalIgnoreCase) && reasons.Count == 0)
        {
            reasons.Add("Deletions are refused.");
        }

        if (own.Any(o => o.Overlaps(arm.Changed)))
        {
            reasons.Add("The target is part of the bot itself.");
        }

        if (arm.Parameters is OperationParameters.Scale scale && Objection(scale, mostInstances) is { } objection)
        {
            reasons.Add(objection);
        }

        if (!arm.Target.IsResource)
        {
            reasons.Add("The target is not one resource.");
        }

        return reasons;
    }, tool =>
    {
        List<string> reasons = [.. Of(tool.Tool, tool.Action, tool.Scope, own)];
        if (tool.Known is null)
        {
            reasons.Add("The command is not in the catalogue of this version.");
        }

        if (!tool.Scope.IsResource)
        {
            reasons.Add("The target is not one resource.");
        }

        return reasons;
    });

    /// <summary>What is refused of any command, reads included.</summary>
    public static IReadOnlyList<string> Of(CommandTool tool, string action, ResourceId scope, IReadOnlyCollection<ResourceId> own) =>
    [
        .. Refused.Where(r => tool != CommandTool.Kubectl && Matches(r.Pattern, action)).Select(r => r.Why).Distinct(),
        .. own.Any(o => o.Overlaps(scope)) ? ["The target is part of the bot itself."] : (string[])[],
    ];

    /// <summary>Up by one and within the stored maximum, or back down; never to nothing.</summary>
    private static string? Objection(OperationParameters.Scale scale, int? most) => scale switch
    {
        { To: < 1 } => "A plan without an instance serves nobody.",
        { From: var from, To: var to } when to == from - 1 => null,
        { From: var from, To: var to } when to != from + 1 => "Scaling goes one instance at a time.",
        _ when most is null => "The response plan stores no maximum of instances (MaxInstances), so nothing is scaled out.",
        { To: var to } when to > most => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"The response plan allows at most {most} instances (MaxInstances)."),
        _ => null,
    };

    /// <summary>Azure's own wildcard rule for actions.</summary>
    public static bool Matches(string pattern, string action) =>
        System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(pattern, action, ignoreCase: true);
}
