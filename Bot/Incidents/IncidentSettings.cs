using RunModes.Bot.Proposals;

namespace RunModes.Bot.Incidents;

/// <summary>Who may bring alerts. A class, not a record: a record would print its secrets. A source without any is closed.</summary>
internal sealed class IncidentSettings
{
    private readonly List<string> _problems = [];

    private IncidentSettings(IConfiguration configuration)
    {
        Key = Text("Incidents:AzureMonitor:Key");
        Audience = Text("Incidents:AzureMonitor:Audience");
        TenantId = Text("MicrosoftAppTenantId") is { } tenant && Guid.TryParse(tenant, out var id) ? id.ToString("D") : null;
        if (Audience is not null && TenantId is null)
        {
            _problems.Add("Incidents:AzureMonitor:Audience: needs MicrosoftAppTenantId, the tenant whose tokens are accepted; set it.");
        }

        Secrets = Listed(configuration.GetSection("Incidents:PagerDuty:SigningSecrets"));
        Services = Mapped(configuration.GetSection("Incidents:PagerDuty:Services"));
        ClosesAlerts = Flag("Incidents:AzureMonitor:WriteBack");
        (ApiKey, Requester) = (Text("Incidents:PagerDuty:ApiKey"), Text("Incidents:PagerDuty:From"));
        Api = Address("Incidents:PagerDuty:Address");
        if (ApiKey is null != Requester is null)
        {
            _problems.Add(ApiKey is null
                ? "Incidents:PagerDuty:ApiKey: is empty while From is set; give a REST API key, or leave both empty to write nothing back."
                : "Incidents:PagerDuty:From: is empty while ApiKey is set; give the e-mail address of the PagerDuty user that notes are written as.");
        }
        else if (Requester is not null && !(Requester.IndexOf('@', StringComparison.Ordinal) is var at and > 0 && at < Requester.Length - 1 && Requester.All(c => c is > ' ' and < '\u007f')))
        {
            _problems.Add("Incidents:PagerDuty:From: is not an e-mail address; give that of a PagerDuty user.");
        }

        string? Text(string key) => configuration[key]?.Trim() is { Length: > 0 } text ? text : null;

        bool Flag(string key)
        {
            var flag = false;
            if (Text(key) is { } text && !bool.TryParse(text, out flag))
            {
                _problems.Add($"{key}: '{text}' is neither true nor false; use one of them.");
            }

            return flag;
        }

        Uri Address(string key)
        {
            if (Text(key) is not { } text)
            {
                return Apis[0];
            }

            // The key goes nowhere else.
            if (Array.Find(Apis, a => a.OriginalString.Equals(text.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)) is { } known)
            {
                return known;
            }

            _problems.Add($"{key}: is not an address of PagerDuty's REST API; use {string.Join(" or ", Apis.Select(a => a.OriginalString))}.");
            return Apis[0];
        }
    }

    private static readonly Uri[] Apis = [new("https://api.pagerduty.com"), new("https://api.eu.pagerduty.com")];

    /// <summary>Of the Azure Monitor webhook; null closes that way in.</summary>
    public string? Key { get; }

    /// <summary>Of Entra tokens of the Azure Monitor webhook; null closes that way in.</summary>
    public string? Audience { get; }

    public string? TenantId { get; }

    public IReadOnlyList<string> Secrets { get; }

    /// <summary>PagerDuty service id → the resource it stands for.</summary>
    public IReadOnlyDictionary<string, ResourceId> Services { get; }

    /// <summary>Whether alerts of Azure Monitor are acknowledged and closed.</summary>
    public bool ClosesAlerts { get; }

    /// <summary>Of PagerDuty's REST API; null: nothing is written back there.</summary>
    public string? ApiKey { get; }

    /// <summary>The user whom PagerDuty shows.</summary>
    public string? Requester { get; }

    public Uri Api { get; }

    public static IncidentSettings From(IConfiguration configuration) => new(configuration);

    /// <summary>One line a problem, naming key and fix.</summary>
    public IEnumerable<string> Problems() => _problems;

    /// <summary>Said once at start: a closed source answers 401 to everybody.</summary>
    public IEnumerable<string> Closed()
    {
        if (Key is null && Audience is null)
        {
            yield return "Azure Monitor alerts are not accepted: neither Incidents:AzureMonitor:Key nor Incidents:AzureMonitor:Audience is set.";
        }

        if (Secrets.Count == 0)
        {
            yield return "PagerDuty events are not accepted: Incidents:PagerDuty:SigningSecrets is empty.";
        }
    }

    private List<string> Listed(IConfigurationSection section)
    {
        List<string> secrets = [];
        foreach (var child in section.GetChildren())
        {
            if (string.IsNullOrWhiteSpace(child.Value))
            {
                _problems.Add($"{child.Path}: is empty; put the signing secret of the webhook subscription there, or remove the entry.");
            }
            else
            {
                secrets.Add(child.Value.Trim());
            }
        }

        return secrets;
    }

    private Dictionary<string, ResourceId> Mapped(IConfigurationSection section)
    {
        // Ids of services are capitals and digits; configuration keys ignore case, so the map does too.
        Dictionary<string, ResourceId> services = new(StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (ResourceId.TryParse(child.Value, out var target, out var why) && target.IsResource)
            {
                services[child.Key] = target;
            }
            else
            {
                _problems.Add($"{child.Path}: is not the id of an Azure resource{(why is null ? "" : $" ({why})")}; use /subscriptions/…/resourceGroups/…/providers/….");
            }
        }

        return services;
    }
}
