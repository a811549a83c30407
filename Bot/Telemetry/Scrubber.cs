using System.Diagnostics;
using OpenTelemetry;

namespace RunModes.Bot.Telemetry;

/// <summary>
/// What ASP.NET Core and HttpClient say of a request is cut down to a list of harmless words: addresses carry webhook keys, signatures and people's
/// ids. What belongs to no incident's work and to no caller is not sent at all.
/// </summary>
internal sealed class Scrubber : BaseProcessor<Activity>
{
    /// <summary>Who speaks of requests in and out.</summary>
    public static readonly string[] Requests = ["Microsoft.AspNetCore", "System.Net.Http"];

    private static readonly HashSet<string> Harmless =
    [
        "http.request.method", "http.response.status_code", "http.route", "server.address", "server.port", "error.type", "url.scheme",
        "network.protocol.name", "network.protocol.version", "http.request.resend_count",
    ];

    public override void OnEnd(Activity data)
    {
        if (data.Source.Name == Traces.Name)
        {
            return;
        }

        foreach (var (name, _) in data.TagObjects.Where(t => !Harmless.Contains(t.Key)).ToList())
        {
            data.SetTag(name, null);
        }

        // What the bot asks and writes by itself, every second, belongs to no story; and a request without a route is a probe, or a stranger's.
        if (data.Kind == ActivityKind.Server ? data.GetTagItem(RequestNames.Route) is null : data.ParentSpanId == default)
        {
            data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
