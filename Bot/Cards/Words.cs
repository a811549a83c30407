using System.Globalization;

namespace RunModes.Bot.Cards;

internal static class Words
{
    /// <summary>"20:15 UTC".</summary>
    public static string Clock(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm 'UTC'", CultureInfo.InvariantCulture);

    /// <summary>"25 Nov".</summary>
    public static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMM", CultureInfo.InvariantCulture);

    /// <summary>"1 hour", "90 minutes", "2 days": the largest unit that divides it.</summary>
    public static string Span(TimeSpan span)
    {
        var (count, unit) = span.TotalSeconds switch
        {
            >= 86_400 and var s when s % 86_400 == 0 => (s / 86_400, "day"),
            >= 3_600 and var s when s % 3_600 == 0 => (s / 3_600, "hour"),
            >= 60 and var s when s % 60 == 0 => (s / 60, "minute"),
            var s => (Math.Round(s), "second"),
        };
        return string.Create(CultureInfo.InvariantCulture, $"{count:0} {unit}{(count == 1 ? "" : "s")}");
    }
}
