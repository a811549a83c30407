namespace RunModes.Bot.Telemetry;

internal static class TelemetryServices
{
    /// <summary>Nothing at all without an endpoint. First, because what starts afterwards is listened to.</summary>
    public static void AddTelemetry(this WebApplicationBuilder builder)
    {
        var telemetry = TelemetrySettings.From(builder.Configuration);
        if (!telemetry.On)
        {
            return;
        }

        builder.Services.AddSingleton(telemetry).AddHostedService<Exporter>();
        if (telemetry.Metrics)
        {
            builder.Services.ConfigureHttpClientDefaults(http => http.AddHttpMessageHandler(() => new Throttling()));
        }

        if (telemetry.Logs)
        {
            Exporter.AddLogs(builder.Logging);
        }
    }
}
