namespace RunModes.Bot.Plans;

/// <summary>What the deployer opens to the tools that no mode gates. Nothing by default, and nothing said in chat opens more.</summary>
/// <param name="Hosts">Exactly these, and none below them.</param>
internal sealed record ToolSettings(IReadOnlyList<string> Hosts)
{
    public static ToolSettings From(IConfiguration configuration, List<string> problems)
    {
        var settings = new SettingsReader(configuration.GetSection("Tools"), problems);
        var hosts = settings.List("HttpGet:Hosts");
        foreach (var host in hosts.Where(h => Uri.CheckHostName(h) != UriHostNameType.Dns || !h.Contains('.', StringComparison.Ordinal)))
        {
            settings.Problem("HttpGet:Hosts", $"'{host}' is not the full name of a host; write status.contoso.com, without https, port or path.");
        }

        return new(hosts);
    }

    public bool Allows(Uri url) => Hosts.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase);
}
