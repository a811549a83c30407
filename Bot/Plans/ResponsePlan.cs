using RunModes.Bot.Gate;

namespace RunModes.Bot.Plans;

/// <summary>Where an incident comes from. The last two are the bot's own: a tick or a person opened it, and no plan may filter by them.</summary>
internal enum Platform { Unknown = 0, AzureMonitor, PagerDuty, Schedule, Chat }

/// <summary>Standing instructions for incidents: a filter (which incidents) and a handling (which mode, where to ask, for how long).</summary>
internal sealed record ResponsePlan
{
    public required string Name { get; init; }

    // The filter. Empty matches all.
    public Platform Platform { get; init; } = Platform.AzureMonitor;
    public IReadOnlyList<string> Severities { get; init; } = [];
    public string TitleContains { get; init; } = "";

    /// <summary>Every one of these is in the title.</summary>
    public IReadOnlyList<string> TitleContainsAll { get; init; } = [];

    /// <summary>At least one of these is in the title.</summary>
    public IReadOnlyList<string> TitleContainsAny { get; init; } = [];

    /// <summary>None of these is in the title.</summary>
    public IReadOnlyList<string> TitleNot { get; init; } = [];

    /// <summary>The alert rule as its source names it: a full id or its last segment.</summary>
    public string AlertRule { get; init; } = "";
    public string SubscriptionId { get; init; } = "";
    public string ResourceGroup { get; init; } = "";
    public string ResourceType { get; init; } = "";

    /// <summary>A full resource id or its last segment.</summary>
    public string Resource { get; init; } = "";

    // The handling.

    /// <summary>Null: none stored, the agent's default applies.</summary>
    public RunMode? Mode { get; init; }

    /// <summary>Conversation id; null goes where the agent posts by default.</summary>
    public string? Channel { get; init; }
    public IReadOnlyList<string> Runbooks { get; init; } = [];

    /// <summary>Tools that no mode gates, one a line, used when an incident of the plan was investigated.</summary>
    public IReadOnlyList<string> Tools { get; init; } = [];

    /// <summary>Up to how many instances an App Service plan may be scaled out; null: nothing is scaled out.</summary>
    public int? MaxInstances { get; init; }

    /// <summary>Shown to approvers; not interpreted until a model investigates.</summary>
    public string Instructions { get; init; } = "";
    public TimeSpan? ApprovalExpiry { get; init; }

    /// <summary>Mentioned when three quarters of the time have passed and nobody has decided.</summary>
    public IReadOnlyList<Contact> Escalation { get; init; } = [];

    /// <summary>Sev2 and milder are asked in one thread a day, below a list, instead of in a post each.</summary>
    public bool Digest { get; init; }
    public int Attempts { get; init; } = 3;
    public bool MergeEnabled { get; init; } = true;
    public TimeSpan MergeWindow { get; init; } = DefaultMergeWindow;
    public bool Enabled { get; init; } = true;

    /// <summary>Counts edits; a confirmation names the version it was shown.</summary>
    public long Version { get; init; }

    /// <summary>Null: as it was created from settings.</summary>
    public PlanEditor? Edited { get; init; }

    public static TimeSpan DefaultMergeWindow { get; } = TimeSpan.FromHours(3);

    public string Key => Name.ToLowerInvariant();
}
