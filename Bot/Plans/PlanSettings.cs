using RunModes.Bot.Proposals;
using RunModes.Bot.Proposals.CommandLines;

namespace RunModes.Bot.Plans;

/// <summary>What settings say of the agent and its plans, read once. Not usable while <see cref="Problems"/> is not empty.</summary>
internal sealed record PlanSettings
{
    public required AgentSettings Agent { get; init; }
    public required VerificationSettings Verification { get; init; }
    public required AutonomyBudget Budget { get; init; }
    public required IReadOnlyList<ResponsePlan> Plans { get; init; }
    public required IReadOnlyList<ScheduledTask> Tasks { get; init; }
    public required ToolSettings Tools { get; init; }
    public required StepRules Steps { get; init; }
    public required IReadOnlyList<string> Problems { get; init; }

    /// <param name="commands">Where commands may run; null: nowhere.</param>
    public static PlanSettings From(IConfiguration configuration, CommandReaders? commands = null)
    {
        var steps = new StepRules(commands ?? CommandReaders.Nowhere, OwnResources.From(configuration));
        List<string> problems = [];
        // Plans and tasks share their names.
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        var agent = AgentOf(new(configuration.GetSection("Agent"), problems));
        return new()
        {
            Agent = agent,
            Verification = VerificationOf(new(configuration.GetSection("Verification"), problems)),
            Budget = BudgetOf(new(configuration.GetSection("Budget"), problems)),
            Plans = Named(configuration.GetSection("ResponsePlans"), names, problems, PlanOf),
            Tasks = Named(configuration.GetSection("ScheduledTasks"), names, problems, (name, settings) => TaskSettings.Of(name, settings, agent.Zone, steps)),
            Tools = ToolSettings.From(configuration, problems),
            Steps = steps,
            Problems = problems,
        };
    }

    private static AgentSettings AgentOf(SettingsReader settings)
    {
        var standard = new AgentSettings();
        var zone = settings.Text("TimeZone") ?? standard.TimeZone;
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(zone, out _))
        {
            settings.Problem("TimeZone", $"'{zone}' is not a time zone of this machine; use UTC or an IANA name such as Europe/Berlin.");
        }

        return new()
        {
            Name = settings.Text("Name") ?? standard.Name,
            DefaultRunMode = settings.Mode("DefaultRunMode"),
            ApprovalExpiry = settings.Duration("ApprovalExpiry") ?? standard.ApprovalExpiry,
            TimeZone = zone,
        };
    }

    private static VerificationSettings VerificationOf(SettingsReader settings)
    {
        var standard = VerificationSettings.Default;
        return new(
            settings.Duration("Settle", zeroIsFine: true) ?? standard.Settle,
            settings.Duration("Interval") ?? standard.Interval,
            settings.Duration("GiveUpAfter") ?? standard.GiveUpAfter);
    }

    private static AutonomyBudget BudgetOf(SettingsReader settings)
    {
        const int Most = 10_000;
        var standard = AutonomyBudget.Default;
        return new(
            settings.Number("PerTargetPerHour", 0, Most) ?? standard.PerTargetPerHour,
            settings.Number("PerPlanPerHour", 0, Most) ?? standard.PerPlanPerHour,
            settings.Number("PerBotPerHour", 0, Most) ?? standard.PerBotPerHour)
        {
            LapsesToReview = settings.Number("LapsesToReview", 1, 100) ?? standard.LapsesToReview,
            LapseWindow = settings.Duration("LapseWindow") ?? standard.LapseWindow,
        };
    }

    private static List<T> Named<T>(IConfigurationSection section, HashSet<string> names, List<string> problems, Func<string, SettingsReader, T> of)
    {
        List<T> named = [];
        foreach (var entry in section.GetChildren())
        {
            var settings = new SettingsReader(entry, problems);
            var name = settings.Text("Name") ?? "";
            if (PlanNames.Refusal(name) is { } refusal)
            {
                settings.Problem("Name", refusal);
            }
            else if (!names.Add(name))
            {
                settings.Problem("Name", $"'{name}' is there twice (case is ignored); give every plan and task its own name.");
            }

            named.Add(of(name, settings));
        }

        return named;
    }

    private static ResponsePlan PlanOf(string name, SettingsReader settings)
    {
        var standard = new ResponsePlan { Name = name };
        var plan = standard with
        {
            Platform = PlatformOf(settings) ?? standard.Platform,
            Severities = settings.List("Severities"),
            TitleContains = settings.Text("TitleContains") ?? "",
            TitleContainsAll = settings.List("TitleContainsAll"),
            TitleContainsAny = settings.List("TitleContainsAny"),
            TitleNot = settings.List("TitleNot"),
            AlertRule = settings.Text("AlertRule")?.TrimEnd('/') ?? "",
            SubscriptionId = settings.Text("SubscriptionId") ?? "",
            ResourceGroup = settings.Text("ResourceGroup") ?? "",
            ResourceType = settings.Text("ResourceType") ?? "",
            Resource = settings.Text("Resource")?.TrimEnd('/') ?? "",
            Mode = settings.Mode("Mode"),
            Channel = settings.Text("Channel"),
            Runbooks = settings.List("Runbooks"),
            Tools = settings.List("Tools"),
            MaxInstances = settings.Number("MaxInstances", 1, 30),
            Instructions = settings.Text("Instructions") ?? "",
            ApprovalExpiry = settings.Duration("ApprovalExpiry"),
            Escalation = [.. settings.Entries("Escalation").Select(ContactOf)],
            Digest = settings.Flag("Digest") ?? standard.Digest,
            Attempts = settings.Number("Attempts", 1, 100) ?? standard.Attempts,
            MergeEnabled = settings.Flag("MergeEnabled") ?? standard.MergeEnabled,
            MergeWindow = settings.Duration("MergeWindow") ?? standard.MergeWindow,
            Enabled = settings.Flag("Enabled") ?? standard.Enabled,
        };
        foreach (var (key, problem) in PlanFilterCheck.Problems(plan).Concat(PlanTools.Problems(plan.Tools).Select(p => (nameof(plan.Tools), p))))
        {
            settings.Problem(key, problem);
        }

        return plan;
    }

    private static Contact ContactOf(SettingsReader settings)
    {
        var (id, name) = (settings.Text("Id") ?? "", settings.Text("Name") ?? "");
        var isUpn = id.IndexOf('@', StringComparison.Ordinal) is var at and > 0 && at < id.Length - 1 && !id.Any(c => char.IsWhiteSpace(c) || char.IsControl(c) || c is '<' or '>' or '"');
        if (!isUpn && !Guid.TryParseExact(id, "D", out _))
        {
            settings.Problem("Id", $"'{id}' is nobody whom Teams can mention; use an Entra object id or a user principal name (ada@contoso.com).");
        }

        if (name.Length == 0)
        {
            settings.Problem("Name", "is missing; write the name that the mention shows.");
        }

        return new Contact(id, name);
    }

    private static Platform? PlatformOf(SettingsReader settings)
    {
        switch (settings.Text("Platform")?.ToUpperInvariant())
        {
            case null:
                return null;
            case "AZUREMONITOR":
                return Platform.AzureMonitor;
            case "PAGERDUTY":
                return Platform.PagerDuty;
            default:
                settings.Problem("Platform", $"'{settings.Text("Platform")}' is not a platform; use AzureMonitor or PagerDuty.");
                return null;
        }
    }
}
