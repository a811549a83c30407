namespace RunModes.Bot.Plans;

/// <param name="Name">As queries name it.</param>
/// <param name="Id">The workspace's own id, which is no resource id.</param>
internal sealed record LogWorkspace(string Name, Guid Id);

/// <param name="Sender">The one mailbox that mail leaves from; null: none leaves.</param>
/// <param name="Recipients">Outside the tenant's verified domains, whole addresses.</param>
/// <param name="PerHour">Of all runs together.</param>
internal sealed record MailSettings(string? Sender, IReadOnlyList<string> Recipients, int PerHour)
{
    public bool Lists(string address) => Recipients.Contains(address, StringComparer.OrdinalIgnoreCase);
}

/// <summary>What the deployer opens to the tools that no mode gates. Nothing by default, and nothing said in chat opens more.</summary>
/// <param name="Hosts">Exactly these, and none below them.</param>
internal sealed record ToolSettings(IReadOnlyList<string> Hosts, MailSettings Mail, IReadOnlyList<LogWorkspace> Workspaces)
{
    public const int UsualPerHour = 20;

    public static ToolSettings From(IConfiguration configuration, List<string> problems)
    {
        var settings = new SettingsReader(configuration.GetSection("Tools"), problems);
        var hosts = settings.List("HttpGet:Hosts");
        foreach (var host in hosts.Where(h => Uri.CheckHostName(h) != UriHostNameType.Dns || !h.Contains('.', StringComparison.Ordinal)))
        {
            settings.Problem("HttpGet:Hosts", $"'{host}' is not the full name of a host; write status.contoso.com, without https, port or path.");
        }

        return new(hosts, MailOf(settings.At("SendMail")), WorkspacesOf(settings.At("QueryLogs")));
    }

    public bool Allows(Uri url) => Hosts.Contains(url.IdnHost, StringComparer.OrdinalIgnoreCase);

    public LogWorkspace? Workspace(string name) => Workspaces.FirstOrDefault(w => w.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private static MailSettings MailOf(SettingsReader settings)
    {
        var (sender, recipients) = (settings.Text("Sender"), settings.List("Recipients"));
        if (sender is not null && !MailAddress.IsOne(sender) && !Guid.TryParseExact(sender, "D", out _))
        {
            settings.Problem("Sender", $"'{sender}' is no mailbox; write its address (sre@contoso.com) or the object id of its user.");
        }

        foreach (var recipient in recipients.Where(r => !MailAddress.IsOne(r)))
        {
            settings.Problem("Recipients", $"'{recipient}' is not one plain address; write whole addresses, ada@fabrikam.com. Those in the tenant's own domains need not be listed.");
        }

        if (sender is null && recipients.Count > 0)
        {
            settings.Problem("Sender", "is missing, so that nothing is sent to the recipients; name the mailbox that mail leaves from.");
        }

        return new(sender, recipients, settings.Number("PerHour", 1, 500) ?? UsualPerHour);
    }

    private static List<LogWorkspace> WorkspacesOf(SettingsReader settings)
    {
        List<LogWorkspace> workspaces = [];
        foreach (var entry in settings.Entries("Workspaces"))
        {
            var (name, id) = (entry.Text("Name") ?? "", entry.Text("Id") ?? "");
            if (name.Length is 0 or > 64 || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_')) || !char.IsAsciiLetterOrDigit(name[0]))
            {
                entry.Problem("Name", $"'{name}' is no name that a query can say; use up to 64 letters, digits, - and _.");
            }
            else if (workspaces.Any(w => w.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            {
                entry.Problem("Name", $"'{name}' is there twice (case is ignored); give every workspace its own name.");
            }

            if (!Guid.TryParseExact(id, "D", out var known) || known == Guid.Empty)
            {
                entry.Problem("Id", $"'{id}' is not the id of a workspace; use the Workspace ID (a GUID) of its overview in the portal, not its resource id.");
            }

            workspaces.Add(new(name, known));
        }

        return workspaces;
    }
}
