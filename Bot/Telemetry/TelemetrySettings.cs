namespace RunModes.Bot.Telemetry;

/// <summary>The standard OTEL_… variables, as the exporter itself reads them. Without an endpoint nothing of telemetry is made.</summary>
internal sealed record TelemetrySettings(bool Traces, bool Metrics, bool Logs)
{
    private const string Endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static readonly string[] Signals = ["TRACES", "METRICS", "LOGS"];

    public bool On => Traces || Metrics || Logs;

    public static TelemetrySettings From(IConfiguration settings)
    {
        var off = string.Equals(settings["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);
        bool Sends(string signal) => !off && EndpointOf(settings, signal) is { Length: > 0 } && !string.Equals(settings[$"OTEL_{signal}_EXPORTER"], "none", StringComparison.OrdinalIgnoreCase);
        return new(Sends("TRACES"), Sends("METRICS"), Sends("LOGS"));
    }

    /// <summary>The exporter would fall back to its default address without a word.</summary>
    public static IEnumerable<string> Problems(IConfiguration settings) =>
        from key in Signals.Select(s => $"OTEL_EXPORTER_OTLP_{s}_ENDPOINT").Prepend(Endpoint)
        where settings[key] is { Length: > 0 } value && !(Uri.TryCreate(value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0)
        select $"{key}: not an address to send telemetry to; use http:// or https://, host and port, without a user name, or leave it out.";

    private static string? EndpointOf(IConfiguration settings, string signal) => settings[$"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT"] is { Length: > 0 } own ? own : settings[Endpoint];
}
