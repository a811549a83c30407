using System.Globalization;
using RunModes.Bot.Gate;

namespace RunModes.Bot.Plans;

/// <summary>Reads values one by one and keeps a line for each that cannot be used, instead of the binder's first exception.</summary>
internal sealed class SettingsReader(IConfiguration configuration, List<string> problems)
{
    public static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);

    public string? Text(string key) => configuration[key] is { } text && text.Trim() is { Length: > 0 } trimmed ? trimmed : null;

    public TimeSpan? Duration(string key, bool zeroIsFine = false)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        // "60" alone would be sixty days.
        if (text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration)
            && ((duration >= Shortest && duration <= Longest) || (zeroIsFine && duration == TimeSpan.Zero)))
        {
            return duration;
        }

        Problem(key, $"'{text}' is not a duration from 1 second to 7 days{(zeroIsFine ? ", or 0" : "")}; write hh:mm:ss, as in 00:05:00{(zeroIsFine ? " or 00:00:00" : "")}.");
        return null;
    }

    public RunMode? Mode(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (Gate.RunModes.TryParse(text, out var mode))
        {
            return mode;
        }

        Problem(key, $"'{text}' is not a run mode; use Review or Autonomous.");
        return null;
    }

    public bool? Flag(string key)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (bool.TryParse(text, out var flag))
        {
            return flag;
        }

        Problem(key, $"'{text}' is neither true nor false; use one of them.");
        return null;
    }

    public int? Number(string key, int least, int most)
    {
        if (Text(key) is not { } text)
        {
            return null;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most)
        {
            return number;
        }

        Problem(key, $"'{text}' is not a whole number from {least} to {most}; use one.");
        return null;
    }

    public IReadOnlyList<string> List(string key) =>
        [.. configuration.GetSection(key).GetChildren().Select(c => c.Value?.Trim() ?? "").Where(v => v.Length > 0)];

    public IEnumerable<SettingsReader> Entries(string key) => configuration.GetSection(key).GetChildren().Select(c => new SettingsReader(c, problems));

    public SettingsReader At(string key) => new(configuration.GetSection(key), problems);

    public void Problem(string key, string what) => problems.Add($"{(configuration is IConfigurationSection section ? section.Path + ":" : "")}{key}: {what}");
}
