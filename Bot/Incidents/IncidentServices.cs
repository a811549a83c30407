using System.Net;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace RunModes.Bot.Incidents;

internal static partial class IncidentServices
{
    /// <summary>Needs <c>ILedger</c>, <see cref="IIncidents"/>, <c>IPlans</c> and <see cref="IRunQueue"/> from elsewhere.</summary>
    public static IServiceCollection AddIncidents(this IServiceCollection services, IConfiguration configuration)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddHttpClient(EntraKeys.HttpClientName, client =>
        {
            // The load has its own limit on the injected clock.
            client.Timeout = Timeout.InfiniteTimeSpan;
            client.MaxResponseContentBufferSize = IncidentEndpoint.BodyLimit;
        }).ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.All })
            .RemoveAllLoggers();
        services.AddHttpClient(PagerDutyApi.ClientName, client =>
        {
            client.Timeout = Timeout.InfiniteTimeSpan;
            client.MaxResponseContentBufferSize = PagerDutyApi.LargestAnswer;
        }).RemoveAllLoggers();
        services.AddSingleton(IncidentSettings.From(configuration)).AddSingleton<PagerDutyApi>();
        services.AddSingleton<EntraKeys>().AddSingleton<MonitorCaller>().AddSingleton<IncidentInbox>().AddSingleton<IncidentEndpoint>();
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>, QueryStringsStayOut>();
        services.AddHostedService<ClosedSources>().AddHostedService<OverlappingPlans>();
        return services;
    }

    public static IEndpointRouteBuilder MapIncidents(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/api/incidents/azure-monitor", static (HttpContext context) => context.RequestServices.GetRequiredService<IncidentEndpoint>().AzureMonitor(context));
        routes.MapPost("/api/incidents/pagerduty", static (HttpContext context) => context.RequestServices.GetRequiredService<IncidentEndpoint>().PagerDuty(context));
        return routes;
    }

    /// <summary>
    /// ASP.NET Core logs the whole URL of each request, and Azure Monitor's carries the key. No log setting brings that back:
    /// the rule comes last for every provider that any other rule names.
    /// </summary>
    private sealed class QueryStringsStayOut : IPostConfigureOptions<LoggerFilterOptions>
    {
        public void PostConfigure(string? name, LoggerFilterOptions options)
        {
            foreach (var provider in options.Rules.Select(r => r.ProviderName).Append(null).Distinct().ToList())
            {
                options.Rules.Add(new(provider, "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None, null));
            }
        }
    }

    private sealed partial class ClosedSources(IncidentSettings settings, ILogger<ClosedSources> log) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            foreach (var line in settings.Closed())
            {
                Closed(log, line);
            }

            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Line}")]
        private static partial void Closed(ILogger log, string line);
    }
}
