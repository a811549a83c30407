namespace RunModes.Bot.Plans;

/// <summary>The keys of our sections, and nothing else: a misspelt key must not silently mean its default.</summary>
internal abstract record SettingsSchema
{
    private SettingsSchema() { }

    private sealed record Value : SettingsSchema;

    private sealed record Section(IReadOnlyDictionary<string, SettingsSchema> Keys) : SettingsSchema;

    private sealed record ListOf(SettingsSchema Item) : SettingsSchema;

    /// <summary>Keys are the reader's own words.</summary>
    private sealed record MapOf(SettingsSchema Item) : SettingsSchema;

    private static readonly SettingsSchema One = new Value();

    private static readonly Section Ours = Of(
        ("Agent", Of(("Name", One), ("DefaultRunMode", One), ("ApprovalExpiry", One), ("TimeZone", One), ("OwnResources", new ListOf(One)))),
        ("Verification", Of("Settle", "Interval", "GiveUpAfter")),
        ("Roles", Of(
            ("Administrator", Of(("Groups", new ListOf(One)), ("AppRole", One))),
            ("StandardUser", Of(("Groups", new ListOf(One)))),
            ("AllowGuests", One),
            ("AllowSelfApproval", One))),
        ("Store", Of("Provider", "ConnectionString")),
        ("Audit", Of("Key", "KeyFile", "AnchorFile")),
        ("Incidents", Of(
            ("AzureMonitor", Of("Key", "Audience", "WriteBack")),
            ("PagerDuty", Of(("SigningSecrets", new ListOf(One)), ("Services", new MapOf(One)), ("ApiKey", One), ("From", One), ("Address", One))))),
        ("ResponsePlans", new ListOf(Of(
            ("Name", One), ("Platform", One), ("Severities", new ListOf(One)), ("TitleContains", One), ("TitleContainsAll", new ListOf(One)), ("TitleContainsAny", new ListOf(One)), ("TitleNot", new ListOf(One)),
            ("AlertRule", One), ("SubscriptionId", One), ("ResourceGroup", One),
            ("ResourceType", One), ("Resource", One), ("Mode", One), ("Channel", One), ("Runbooks", new ListOf(One)), ("Tools", new ListOf(One)), ("MaxInstances", One), ("Instructions", One),
            ("ApprovalExpiry", One), ("Escalation", new ListOf(Of("Id", "Name"))), ("Digest", One), ("Attempts", One), ("MergeEnabled", One), ("MergeWindow", One), ("Enabled", One)))),
        ("ScheduledTasks", new ListOf(Of(
            ("Name", One), ("Cron", One), ("Does", One), ("Scope", One), ("Steps", new ListOf(One)), ("Instructions", One), ("Mode", One), ("Channel", One), ("RunLimit", One), ("Until", One),
            ("Enabled", One), ("SameThread", One)))),
        ("Hooks", new ListOf(Of(
            ("Name", One), ("Event", One), ("Matcher", One), ("Plan", One), ("Kind", One), ("Reason", One), ("Answer", One), ("Script", One), ("Arguments", new ListOf(One)), ("Timeout", One), ("FailMode", One),
            ("When", Of(
                ("Actions", new ListOf(One)), ("Targets", new ListOf(One)), ("Tags", new MapOf(One)), ("Days", One), ("Hours", One), ("TimeZone", One), ("Closed", new ListOf(Of("Name", "From", "Until"))),
                ("RecipientsOutside", new ListOf(One)), ("Hosts", new ListOf(One)), ("Unmeasured", One)))))),
        ("Tools", Of(
            ("HttpGet", Of(("Hosts", new ListOf(One)))),
            ("SendMail", Of(("Sender", One), ("Recipients", new ListOf(One)), ("PerHour", One))),
            ("QueryLogs", Of(("Workspaces", new ListOf(Of("Name", "Id"))))))),
        ("Budget", Of("PerTargetPerHour", "PerPlanPerHour", "PerBotPerHour", "LapsesToReview", "LapseWindow")),
        ("Commands", Of(
            ("Az", One), ("Kubectl", One), ("Subscriptions", new ListOf(One)),
            ("Clusters", new ListOf(Of(("Name", One), ("ResourceId", One), ("KubeConfig", One), ("ReaderKubeConfig", One), ("Context", One), ("Namespaces", new ListOf(One))))))),
        ("MicrosoftAppType", One), ("MicrosoftAppId", One), ("MicrosoftAppTenantId", One), ("MicrosoftAppPassword", One),
        ("MicrosoftAppOpenIdMetadata", One), ("MicrosoftAppLoginUrl", One));

    public static IEnumerable<string> Problems(IConfiguration configuration)
    {
        foreach (var section in configuration.GetChildren())
        {
            if (Ours.Keys.TryGetValue(section.Key, out var known))
            {
                // A lone environment variable may share a section's name by accident (AGENT=…); nothing reads it.
                foreach (var line in known is Section && section.Value is not null && !section.GetChildren().Any() ? [] : Walk(section, known))
                {
                    yield return line;
                }
            }
            else if (section.Key.StartsWith("MicrosoftApp", StringComparison.OrdinalIgnoreCase))
            {
                yield return Unknown(section, Ours.Keys.Keys.Where(k => k.StartsWith("MicrosoftApp", StringComparison.Ordinal)));
            }
        }
    }

    private static IEnumerable<string> Walk(IConfigurationSection at, SettingsSchema schema)
    {
        var children = at.GetChildren().ToList();
        switch (schema)
        {
            case Value when children.Count > 0:
                return [$"{at.Path}: is one value, not a section or a list; give it one value."];
            case Value:
                return [];
            case not Value when children.Count == 0 && !string.IsNullOrEmpty(at.Value):
                return [$"{at.Path}: is a {(schema is ListOf ? "list" : "section")}, not one value; write it with its own {(schema is ListOf ? "entries" : "keys")}."];
            case ListOf list:
                return children.SelectMany(c => int.TryParse(c.Key, out _) ? Walk(c, list.Item) : [$"{c.Path}: is not an entry of a list; entries are numbered from 0."]);
            case MapOf map:
                return children.SelectMany(c => Walk(c, map.Item));
            default:
                var keys = ((Section)schema).Keys;
                return children.SelectMany(c => keys.TryGetValue(c.Key, out var known) ? Walk(c, known) : [Unknown(c, keys.Keys)]);
        }
    }

    private static string Unknown(IConfigurationSection at, IEnumerable<string> known) =>
        $"{at.Path}: unknown key; remove it, or use one of {string.Join(", ", known)}.";

    private static Section Of(params (string Key, SettingsSchema Schema)[] keys) =>
        new(keys.ToDictionary(k => k.Key, k => k.Schema, StringComparer.OrdinalIgnoreCase));

    private static Section Of(params string[] keys) => Of([.. keys.Select(k => (k, One))]);
}
