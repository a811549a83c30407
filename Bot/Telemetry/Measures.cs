using System.Diagnostics.Metrics;

namespace RunModes.Bot.Telemetry;

/// <summary>What the bot counts and times of itself. An instrument that nobody listens to does nothing.</summary>
internal static class Measures
{
    private static readonly Meter Meter = new(Traces.Name);
    private static readonly Histogram<double> Decided = Meter.CreateHistogram("runmodes.decision.time", "s", "From the delivery of a card to its decision.", advice: Within(10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400));
    private static readonly Histogram<double> Looked = Meter.CreateHistogram("runmodes.role_check.duration", "s", "Microsoft Graph's answer to what a person may do.", advice: Within(0.05, 0.1, 0.2, 0.4, 0.8, 1.2, 1.6, 2, 2.5));
    private static readonly Counter<long> Ended = Meter.CreateCounter<long>("runmodes.executions", "{execution}", "Operations that came to an end, by outcome.");
    private static readonly Counter<long> Late = Meter.CreateCounter<long>("runmodes.executions.late", "{execution}", "Operations that were counted as unknown and whose end became known later, by outcome.");
    private static readonly Counter<long> Refused = Meter.CreateCounter<long>("runmodes.throttled", "{answer}", "Answers 429, by who gave them.");

    public static void Decision(string kind, TimeSpan waited) => Decided.Record(waited.TotalSeconds, new KeyValuePair<string, object?>("decision", kind));

    /// <param name="answer">A role, or "unknown".</param>
    public static void RoleCheck(string answer, TimeSpan took) => Looked.Record(took.TotalSeconds, new KeyValuePair<string, object?>("answer", answer));

    /// <param name="mode">Whether somebody had approved it.</param>
    public static void Execution(string outcome, string mode) => Ended.Add(1, new("outcome", outcome), new("mode", mode));

    /// <summary>Of one that <see cref="Execution"/> has counted: each is one execution, whatever becomes known of it.</summary>
    public static void LateEnd(string outcome, string mode) => Late.Add(1, new("outcome", outcome), new("mode", mode));

    public static void Throttled(string service) => Refused.Add(1, new KeyValuePair<string, object?>("service", service));

    private static InstrumentAdvice<double> Within(params double[] seconds) => new() { HistogramBucketBoundaries = seconds };
}
