using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace RunModes.Bot.Telemetry;

/// <summary>Listens, and sends by OTLP. The first to start and the last to stop; it exists only where an endpoint is configured.</summary>
internal sealed class Exporter(TelemetrySettings telemetry, IConfiguration settings) : IHostedService, IDisposable
{
    private static readonly TimeSpan ConnectWithin = TimeSpan.FromSeconds(5);
    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _traces = !telemetry.Traces ? null : Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(s => s.AddSingleton(settings)).ConfigureResource(Describe)
            .AddSource([Traces.Name, $"{Traces.Name}.*", .. Scrubber.Requests]).AddProcessor(new Scrubber()).AddOtlpExporter(Plainly).Build();
        _metrics = !telemetry.Metrics ? null : Sdk.CreateMeterProviderBuilder()
            .ConfigureServices(s => s.AddSingleton(settings)).ConfigureResource(Describe)
            .AddMeter(Traces.Name, "Microsoft.AspNetCore.Hosting", "System.Net.Http", "Npgsql", "System.Runtime").AddOtlpExporter(Plainly).Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Sends what is left, for a few seconds at most.</summary>
    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
        (_traces, _metrics) = (null, null);
    }

    public static void AddLogs(ILoggingBuilder logging)
    {
        logging.AddOpenTelemetry(o =>
        {
            o.IncludeFormattedMessage = true;
            var resource = ResourceBuilder.CreateEmpty();
            Describe(resource);
            o.SetResourceBuilder(resource).AddOtlpExporter(Plainly);
        });
        // Whatever level is set for them: these lines hold the addresses of requests, and so the keys of webhooks.
        logging.AddFilter<OpenTelemetryLoggerProvider>("Microsoft.AspNetCore", LogLevel.Warning).AddFilter<OpenTelemetryLoggerProvider>("System.Net.Http", LogLevel.Warning);
    }

    /// <summary>OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES win.</summary>
    private static void Describe(ResourceBuilder resource) =>
        resource.AddService("runmodes-bot", serviceVersion: typeof(Exporter).Assembly.GetName().Version?.ToString(3)).AddTelemetrySdk().AddEnvironmentVariableDetector();

    /// <summary>The headers of OTEL_EXPORTER_OTLP_HEADERS may be a key: they go where they were meant for.</summary>
    private static void Plainly(OtlpExporterOptions exporter) => exporter.HttpClientFactory = () => new HttpClient(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, ConnectTimeout = ConnectWithin, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    { Timeout = TimeSpan.FromMilliseconds(exporter.TimeoutMilliseconds) };
}
