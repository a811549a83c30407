namespace RunModes.Bot.Proposals;

/// <summary>An Administrator gave it more time.</summary>
/// <param name="Revision">The card it holds for: a further revision has a deadline of its own.</param>
internal sealed record Extension(Who By, DateTimeOffset At, int Revision, DateTimeOffset Until);

/// <summary>What happened to a proposal while it waited for people, over all its revisions.</summary>
internal sealed record Waiting
{
    public const string Recovered = "recovered";
    public const int MostExtensions = 2;

    /// <summary>Times the expiry that all waiting together may last.</summary>
    public const int LongestInExpiries = 4;

    /// <summary>First confirmed delivery of any revision.</summary>
    public DateTimeOffset? Since { get; init; }

    public IReadOnlyList<Extension> Extensions { get; init; } = [];

    /// <summary>Keys of the changes that a revision told about: the same change is told once.</summary>
    public IReadOnlyList<string> Told { get; init; } = [];

    /// <summary>How many of the revisions came of looking at the facts.</summary>
    public int Revisions { get; init; }

    /// <summary>One plain sentence about what could not be looked at, or is not told any more; empty when there is nothing to say.</summary>
    public string Note { get; init; } = "";

    /// <summary>Conversations that refused its card for good, in the order they were tried.</summary>
    public IReadOnlyList<string> Refused { get; init; } = [];

    /// <summary>How many reminders went out, over all revisions: each is a message of its own.</summary>
    public int Nudges { get; init; }

    /// <summary>The revision the last one was about.</summary>
    public int NudgedRevision { get; init; }

    /// <summary>The last one mentioned the plan's escalation people.</summary>
    public bool Escalated { get; init; }

    public bool HasTold(string key) => Told.Contains(key, StringComparer.Ordinal);

    public Waiting Tell(IEnumerable<string> keys) => this with { Told = [.. Told, .. keys.Where(k => !HasTold(k))] };
}
