using System.Globalization;
using System.Text.RegularExpressions;

namespace RunModes.Bot.Chat;

/// <summary>A length of time as people write it: "45 minutes", "2h", "1 day", "01:30:00".</summary>
internal static partial class TypedSpan
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    /// <returns>Null when it is none, or out of bounds.</returns>
    public static TimeSpan? Read(string text)
    {
        if (Counted().Match(text.Trim()) is { Success: true } match && int.TryParse(match.Groups["count"].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count <= 100_000)
        {
            return Bounded(char.ToLowerInvariant(match.Groups["unit"].Value[0]) switch
            {
                'm' => TimeSpan.FromMinutes(count),
                'h' => TimeSpan.FromHours(count),
                'd' => TimeSpan.FromDays(count),
                _ => TimeSpan.FromSeconds(count),
            });
        }

        // "60" alone would be sixty days.
        return text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span) ? Bounded(span) : null;
    }

    private static TimeSpan? Bounded(TimeSpan span) => span >= Shortest && span <= Longest ? span : null;

    [GeneratedRegex("^(?<count>[0-9]{1,6}) ?(?<unit>s|sec|secs|seconds?|m|min|mins|minutes?|h|hrs?|hours?|d|days?)\\z", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Counted();
}
