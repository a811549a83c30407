using System.Diagnostics;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Telemetry;

/// <summary>
/// One trace an incident, from alert to report, over any wait and any restart: the id of the trace follows from the incident's, the id of the span
/// to hang below is stored with incident, run and proposal. Tags are ids and words of our own, never text from outside. While nobody listens
/// nothing here is made.
/// </summary>
internal static class Traces
{
    public const string Name = "RunModes.Bot";
    private static readonly ActivitySource Source = new(Name);

    public static bool Listened => Source.HasListeners();

    /// <summary>The span we are in, to be stored for what follows it; null when nobody listens.</summary>
    public static string? Current => Ours is { Recorded: true } span ? span.SpanId.ToHexString() : null;

    /// <summary>Within a write, the span of the write is below it.</summary>
    private static Activity? Ours
    {
        get
        {
            var span = Activity.Current;
            while (span is not (null or { Source.Name: Name }))
            {
                span = span.Parent;
            }

            return span;
        }
    }

    /// <summary>The first span of an incident: a moment, linked to the request that it came with.</summary>
    /// <returns>Its id, to be stored with the incident; null when nobody listens.</returns>
    public static string? Root(IncidentId incident, string platform, string? plan)
    {
        if (!Listened)
        {
            return null;
        }

        // A span without parent becomes the child of whatever runs.
        var request = Activity.Current;
        Activity.Current = null;
        try
        {
            using var root = Source.StartActivity("incident", ActivityKind.Consumer, new ActivityContext(TraceOf(incident), default, ActivityTraceFlags.Recorded), links: LinkTo(request));
            root?.SetTag("runmodes.incident", incident.Value).SetTag("runmodes.platform", platform).SetTag("runmodes.plan", plan);
            return root is { Recorded: true } ? root.SpanId.ToHexString() : null;
        }
        finally
        {
            Activity.Current = request;
        }
    }

    /// <param name="after">Stored by <see cref="Current"/> or <see cref="Root"/>; null when nobody listened then: it hangs below a span that nobody has.</param>
    public static Activity? Begin(string name, IncidentId incident, string? after, ActivityKind kind = ActivityKind.Internal)
    {
        if (!Listened)
        {
            return null;
        }

        var trace = TraceOf(incident);
        var parent = ActivitySpanId.CreateFromString(after is { Length: 16 } && after.All(char.IsAsciiHexDigitLower) ? after : trace.ToHexString()[..16]);
        var span = Source.StartActivity(name, kind, new ActivityContext(trace, parent, ActivityTraceFlags.Recorded, isRemote: true), links: LinkTo(Activity.Current, unlessIn: trace));
        return span?.SetTag("runmodes.incident", incident.Value);
    }

    /// <summary>About the span we are in.</summary>
    public static void Note(string tag, string? value)
    {
        if (Listened)
        {
            Ours?.SetTag($"runmodes.{tag}", value);
        }
    }

    private static ActivityTraceId TraceOf(IncidentId incident) => ActivityTraceId.CreateFromString(Correlation.Of(incident));

    private static ActivityLink[] LinkTo(Activity? other, ActivityTraceId unlessIn = default) => other is null || other.TraceId == unlessIn ? [] : [new(other.Context)];
}
