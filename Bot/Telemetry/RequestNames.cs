using Microsoft.AspNetCore.Http.Features;

namespace RunModes.Bot.Telemetry;

internal static class RequestNames
{
    public const string Route = "http.route";
    private static readonly string[] Probes = ["/healthz", "/readyz"];

    /// <summary>ASP.NET Core begins the span of a request and says nothing of it. Only the route is told, never the address; not even that of a probe.</summary>
    public static void NameRequests(this WebApplication app)
    {
        if (app.Services.GetService<TelemetrySettings>() is not { Traces: true })
        {
            return;
        }

        app.Use(async (context, next) =>
        {
            await next(context);
            if (context.Features.Get<IHttpActivityFeature>()?.Activity is { } span && context.GetEndpoint() is RouteEndpoint { RoutePattern.RawText: { } route } && !Probes.Contains(route))
            {
                span.DisplayName = $"{context.Request.Method} {route}";
                span.SetTag("http.request.method", context.Request.Method).SetTag(Route, route).SetTag("http.response.status_code", context.Response.StatusCode);
            }
        });
    }
}
