using System.Buffers;
using System.Text;
using Azure.Identity;
using Azure.ResourceManager;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>The one Azure Resource Manager the bot speaks to. Every URL that carries its token is built, or accepted, here.</summary>
/// <param name="Cloud">The name the Azure CLI uses: "AzureCloud", "AzureUSGovernment" or "AzureChinaCloud".</param>
internal sealed record ArmEndpoint(string Cloud, Uri Base, Uri Authority)
{
    private static readonly SearchValues<char> PathCharacters =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-/");

    public static ArmEndpoint Public { get; } = new("AzureCloud", ArmEnvironment.AzurePublicCloud.Endpoint, AzureAuthorityHosts.AzurePublicCloud);

    private static readonly ArmEndpoint[] Clouds =
    [
        Public,
        new("AzureUSGovernment", ArmEnvironment.AzureGovernment.Endpoint, AzureAuthorityHosts.AzureGovernment),
        new("AzureChinaCloud", ArmEnvironment.AzureChina.Endpoint, AzureAuthorityHosts.AzureChina),
    ];

    public static IEnumerable<string> Names => Clouds.Select(c => c.Cloud);

    public string Scope => $"{Base}.default";

    /// <summary>Where the logs of this cloud are asked.</summary>
    public Uri Logs => new(Cloud switch
    {
        "AzureUSGovernment" => "https://api.loganalytics.us/",
        "AzureChinaCloud" => "https://api.loganalytics.azure.cn/",
        _ => "https://api.loganalytics.io/",
    });

    public static ArmEndpoint Of(string? cloud) => string.IsNullOrEmpty(cloud)
        ? Public
        : Clouds.FirstOrDefault(c => c.Cloud.Equals(cloud, StringComparison.OrdinalIgnoreCase))
            ?? throw new ArgumentException($"AzureCloud must be one of {string.Join(", ", Names)}.", nameof(cloud));

    /// <param name="suffix">A literal of ours: empty, or a path such as "/providers/microsoft.insights/metrics".</param>
    /// <param name="query">Names are literals of ours; values may be anything and are escaped.</param>
    public Uri Url(ResourceId at, string suffix, string apiVersion, IReadOnlyList<(string Name, string Value)> query)
    {
        if ((suffix.Length > 0 && suffix[0] != '/') || suffix.AsSpan().ContainsAnyExcept(PathCharacters)
            || suffix.Contains("//", StringComparison.Ordinal) || suffix.Contains("..", StringComparison.Ordinal))
        {
            throw new ArgumentException("A suffix is a plain path.", nameof(suffix));
        }

        var url = new StringBuilder(Base.GetLeftPart(UriPartial.Authority))
            .Append(at.Value).Append(suffix).Append("?api-version=").Append(Uri.EscapeDataString(apiVersion));
        foreach (var (name, value) in query)
        {
            url.Append('&').Append(Escaped(name)).Append('=').Append(Uri.EscapeDataString(value));
        }

        return new Uri(url.ToString());
    }

    /// <summary>Whether the token may go there: https, and exactly this host and port.</summary>
    public bool Owns(Uri url) => HostToken.Owns(Base, url);

    // OData names keep their dollar sign: proxies and recorded traffic know them so.
    private static string Escaped(string name) => name.StartsWith('$') ? "$" + Uri.EscapeDataString(name[1..]) : Uri.EscapeDataString(name);
}
