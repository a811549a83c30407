namespace RunModes.Bot.Sandbox;

/// <summary>
/// A web app on a plan of its own, as functions of time: healthy, then (once <see cref="FallIll"/> was called) with memory that has been climbing for
/// forty minutes, then restarted. Everything measured follows from its memory.
/// </summary>
/// <param name="word">What people call it in chat.</param>
/// <param name="severity">Of its alert.</param>
/// <param name="recovers">False: its memory is high again as soon as it has started.</param>
internal sealed class PracticeApp(string word, string severity, bool recovers)
{
    private const double PlanGigabytes = 8;
    private const double Healthy = 46;
    private const double Ill = 94;
    private const double Fresh = 41;
    private const double StillIll = 90;

    /// <summary>Below this nobody waits for memory.</summary>
    private const double Comfortable = 60;

    private static readonly TimeSpan Climb = TimeSpan.FromMinutes(32);
    private static readonly TimeSpan AtTheTop = TimeSpan.FromMinutes(8);
    private static readonly TimeSpan Boot = TimeSpan.FromSeconds(3);

    private volatile Story _story = new(null, null);

    public string Word { get; } = word;

    public string Severity { get; } = severity;

    public string Name { get; } = $"app-service-{word}";

    public string Id { get; } = $"{PracticeAzure.Group}/providers/Microsoft.Web/sites/app-service-{word}";

    public string PlanId { get; } = $"{PracticeAzure.Group}/providers/Microsoft.Web/serverfarms/plan-{word}";

    public string PlanName { get; } = $"plan-{word}";

    public DateTimeOffset? RestartedAt => _story.RestartedAt;

    /// <summary>Its last hour is written anew, so that an alert raised now has something to be about.</summary>
    public void FallIll(DateTimeOffset now) => _story = new(now, null);

    public void Restart(DateTimeOffset now) => _story = _story with { RestartedAt = now };

    /// <summary>Null: it has no such metric.</summary>
    public double? Measure(string metric, DateTimeOffset at) => metric.ToUpperInvariant() switch
    {
        "MEMORYPERCENTAGE" => Memory(at),
        "CPUPERCENTAGE" => 22 + (3 * Noise(at)),
        "HTTPRESPONSETIME" => 0.2 + Strain(at) * 4,
        "MEMORYWORKINGSET" => ((Memory(at) / 100 * PlanGigabytes) - 1.1) * 1024 * 1024 * 1024,
        "HTTP5XX" => Math.Round(Math.Max(0, Strain(at) - 0.95) * 40),
        _ => null,
    };

    private double Memory(DateTimeOffset at) => _story switch
    {
        { FellIllAt: null } => Healthy + Noise(at),
        { RestartedAt: { } restarted } when at >= restarted + Boot => (recovers ? Fresh : StillIll) + Noise(at),
        { FellIllAt: { } ill } => Healthy + ((Ill - Healthy) * Math.Clamp((at - (ill - AtTheTop - Climb)) / Climb, 0, 1)) + (Noise(at) / 2),
    };

    /// <summary>From 0 (comfortable) to 1 (as ill as it gets).</summary>
    private double Strain(DateTimeOffset at) => Math.Max(0, (Memory(at) - Comfortable) / (Ill - Comfortable));

    /// <summary>Between -1 and 1; the same moment always has the same.</summary>
    private double Noise(DateTimeOffset at) => Math.Sin((at.ToUnixTimeSeconds() / 60.0 * 2.1) + Name.Length);

    /// <param name="FellIllAt">When it was at its worst, as the alert says.</param>
    private sealed record Story(DateTimeOffset? FellIllAt, DateTimeOffset? RestartedAt);
}
