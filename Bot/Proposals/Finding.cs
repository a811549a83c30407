using System.Globalization;
using System.Text.Json.Serialization;

namespace RunModes.Bot.Proposals;

/// <summary>What the investigation concluded. Only <see cref="Sick"/> may lead to an operation, unless a person asked for one.</summary>
internal enum Conclusion
{
    /// <summary>Azure could not be asked, or did not answer.</summary>
    CouldNotTell = 0,

    /// <summary>The symptom was measured and a runbook's operation would help.</summary>
    Sick,

    NeverSick,
    Recovered,

    /// <summary>The symptom is there, but the runbook's operation would not help or would hide the cause (just deployed, another app on the plan).</summary>
    OtherCause,

    StoppedOnPurpose,
    Gone,
    NoRunbook,

    /// <summary>A tool that no mode gates was used, and what it gave is told. No runbook ends so.</summary>
    Informed,
}

/// <summary>One thing established, with its numbers and times. Text is stored plain; whoever shows it escapes it.</summary>
internal sealed record Evidence(string Label, string Text)
{
    /// <summary>The label of a line of a program's output, which is shown as it is.</summary>
    public const string Line = "";
}

/// <summary>What was measured by the bot itself: the ground for acting without asking.</summary>
internal sealed record Measurement(string Signal, double Value, string Unit, DateTimeOffset At);

/// <summary>"available" and "unavailable".</summary>
internal sealed record SignalWords(string Normal, string Otherwise);

/// <summary>The signal that decides whether the symptom is there, and whether it has gone.</summary>
/// <param name="Resource">The resource whose metric is read (for an app, its plan).</param>
/// <param name="Label">"Memory usage", as the report says it.</param>
/// <param name="NormalBelow">The value under which the state is normal.</param>
internal sealed record RecoverySignal(
    ResourceId Resource,
    string Metric,
    string Aggregation,
    string Label,
    string Unit,
    double NormalBelow)
{
    /// <summary>The other way round, as of an availability: normal from this value on. Null: <see cref="NormalBelow"/> decides.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public double? NormalFrom { get; init; }

    /// <summary>Where a state tells and not a metric: what has to be so. It reads as 1 when it is so, and as 0 when it is not.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public Precondition? Normal { get; init; }

    /// <summary>What is said instead of a number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public SignalWords? InWords { get; init; }

    /// <param name="otherwise">The state as the finding saw it.</param>
    public static RecoverySignal OfState(string label, Precondition normal, string otherwise) =>
        new(normal.Resource, normal.Member, "State", label, "", NormalBelow: 0) { NormalFrom = 1, Normal = normal, InWords = new(normal.Value, otherwise) };

    public bool IsNormal(double value) => NormalFrom is { } from ? value >= from : value < NormalBelow;

    /// <summary>"94 %", "Stopped"; a question mark for what could not be measured.</summary>
    public string Say(double? value) => (value, InWords) switch
    {
        (null, _) => "?",
        ({ } known, { } words) => IsNormal(known) ? words.Normal : words.Otherwise,
        ({ } known, _) => string.Create(CultureInfo.InvariantCulture, $"{known:0.#} {Unit}").TrimEnd(),
    };
}

/// <param name="Subject">The resource's own name.</param>
/// <param name="Present">Completes "I found that …": "app-service-prod is running slowly due to high memory usage".</param>
/// <param name="Past">Completes "I found …" in a report: "app-service-staging was running slowly".</param>
/// <param name="Gap">What could not be read and leaves room for another cause: then a person decides, whatever the mode.</param>
internal sealed record Finding(
    Conclusion Conclusion,
    string Subject,
    string Present,
    string Past,
    IReadOnlyList<Evidence> Evidence,
    Measurement? Symptom,
    DateTimeOffset At,
    string? Gap = null)
{
    /// <summary>A person asked for the operation, and nothing that was measured calls for it: there is no symptom that could go away.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Asked { get; init; }

    /// <summary>A person had something read: the evidence is what it said, and nothing was judged.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsAnswer { get; init; }
}
