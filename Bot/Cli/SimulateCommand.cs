using RunModes.Bot.Incidents;

namespace RunModes.Bot.Cli;

/// <summary>
/// <c>simulate --alert FILE</c>: what the bot would do with an alert that came now. It reads the store and Azure as a run would, by the same router,
/// runbooks and gate, and writes nothing anywhere.
/// </summary>
internal static class SimulateCommand
{
    public const string Usage = "Usage: simulate --alert FILE (a JSON file as Azure Monitor's common alert schema or PagerDuty's v3 webhooks send it)";

    private const string Caller = "simulate";

    public static bool Understands(string[] words) => words is ["--alert", { Length: > 0 }];

    public static async Task<int> Run(string file, IServiceProvider services, TextWriter output, TextWriter errors, CancellationToken cancellation)
    {
        var reading = await Read(file, services.GetRequiredService<IncidentSettings>(), cancellation);
        if (reading.Alert is not { } alert)
        {
            await errors.WriteLineAsync(OneLine($"--alert: {reading.Problem}"));
            return ExitCode.WrongUse;
        }

        foreach (var line in await ActivatorUtilities.CreateInstance<AlertTrial>(services, ActivatorUtilities.CreateInstance<TrialParts>(services)).Tell(alert, cancellation))
        {
            await output.WriteLineAsync(OneLine(line));
        }

        return ExitCode.Good;
    }

    /// <summary>Of which source it is says its content.</summary>
    private static async Task<AlertReading> Read(string file, IncidentSettings settings, CancellationToken cancellation)
    {
        byte[] body;
        try
        {
            body = new FileInfo(file) is { Length: <= IncidentEndpoint.BodyLimit } ? await File.ReadAllBytesAsync(file, cancellation) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return AlertReading.Malformed($"{file} cannot be read: {e.Message}");
        }

        return body.Length == 0
            ? AlertReading.Malformed($"{file} is empty, or larger than a webhook may be.")
            : body.AsSpan().IndexOf("\"schemaId\""u8) >= 0 ? CommonAlert.Parse(body, Caller) : PagerDutyEvent.Parse(body, Caller, settings.Services);
    }

    /// <summary>Text of the alert neither breaks a line nor colours a terminal.</summary>
    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
