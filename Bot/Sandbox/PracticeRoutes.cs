using System.Text.RegularExpressions;

namespace RunModes.Bot.Sandbox;

/// <summary>The paths that exist. A path that fits none of them is 404.</summary>
internal sealed partial class PracticeAzure
{
    private const RegexOptions AsAzure = RegexOptions.IgnoreCase | RegexOptions.NonBacktracking;
    private const string AnyScope = "^(?<scope>/subscriptions/[^/]+(/resourceGroups/[^/]+(/providers/microsoft\\.web/(sites|serverfarms)/[^/]+)?)?)";
    private const string WebScope = "^(?<scope>/subscriptions/[^/]+/resourceGroups/[^/]+/providers/microsoft\\.web/(sites|serverfarms)/[^/]+)";
    private const string SiteScope = "^(?<scope>/subscriptions/[^/]+/resourceGroups/[^/]+/providers/microsoft\\.web/sites/[^/]+)";

    [GeneratedRegex(SiteScope + "$", AsAzure)]
    private static partial Regex SitePath();

    [GeneratedRegex("^(?<scope>/subscriptions/[^/]+/resourceGroups/[^/]+/providers/microsoft\\.web/serverfarms/[^/]+)$", AsAzure)]
    private static partial Regex PlanPath();

    [GeneratedRegex(SiteScope + "/restart$", AsAzure)]
    private static partial Regex RestartPath();

    [GeneratedRegex(WebScope + "/providers/microsoft\\.insights/metrics$", AsAzure)]
    private static partial Regex MetricsPath();

    [GeneratedRegex(WebScope + "/providers/microsoft\\.resourcehealth/availabilityStatuses/current$", AsAzure)]
    private static partial Regex HealthPath();

    [GeneratedRegex("^(?<scope>/subscriptions/[^/]+)/providers/microsoft\\.insights/eventtypes/management/values$", AsAzure)]
    private static partial Regex ActivityPath();

    [GeneratedRegex(AnyScope + "/providers/microsoft\\.authorization/permissions$", AsAzure)]
    private static partial Regex PermissionsPath();

    [GeneratedRegex(AnyScope + "/providers/microsoft\\.authorization/denyAssignments$", AsAzure)]
    private static partial Regex DenialsPath();

    [GeneratedRegex(AnyScope + "/providers/microsoft\\.authorization/locks$", AsAzure)]
    private static partial Regex LocksPath();

    [GeneratedRegex("^eventTimestamp ge '(?<from>[^']+)' and eventTimestamp le '(?<to>[^']+)' and resourceGroupName eq '(?<group>[^']+)'$", RegexOptions.NonBacktracking)]
    private static partial Regex ActivityFilter();
}
