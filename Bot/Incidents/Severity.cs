using RunModes.Bot.Plans;

namespace RunModes.Bot.Incidents;

/// <summary>Azure's Sev0–Sev4 and PagerDuty's P1–P5; anything else is the lowest, so that it never outranks a known one.</summary>
internal static class Severity
{
    private const int Lowest = int.MaxValue;

    public static bool IsHigher(Platform platform, string severity, string than) => Rank(platform, severity) < Rank(platform, than);

    public static string Highest(Platform platform, string one, string other) => IsHigher(platform, other, one) ? other : one;

    private static int Rank(Platform platform, string severity) => (platform, severity.ToUpperInvariant()) switch
    {
        (Platform.AzureMonitor, ['S', 'E', 'V', >= '0' and <= '4' and var digit]) => digit,
        (Platform.PagerDuty, ['P', >= '1' and <= '5' and var digit]) => digit,
        _ => Lowest,
    };
}
