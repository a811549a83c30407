namespace RunModes.Bot.Investigation;

/// <summary>A series as one line of text: it survives every Teams client, a screen reader's font and a log.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>Under this share of the highest value a difference is noise, and a scale that is drawn to it would shout.</summary>
    private const double Flat = 0.05;

    /// <summary>
    /// One bar for each of <paramref name="width"/> equal spans of time, from the series' own lowest value to its highest: the shape, the numbers stand beside it.
    /// A span without a value is a gap, never a low bar. A flat series has no shape and gives no line. Twelve bars fit beside the numbers on a phone.
    /// </summary>
    public static string Draw(IReadOnlyList<Sample> samples, DateTimeOffset from, DateTimeOffset to, int width = 12)
    {
        if (samples.Count == 0)
        {
            return "";
        }

        var (low, high) = (samples.Min(sample => sample.Value), samples.Max(sample => sample.Value));
        if (high <= low || high - low < high * Flat)
        {
            return "";
        }

        var line = new char[width];
        for (var i = 0; i < width; i++)
        {
            var start = from + ((to - from) * i / width);
            var end = from + ((to - from) * (i + 1) / width);
            var inside = samples.Where(sample => sample.Start >= start && sample.Start < end).Select(sample => sample.Value).ToList();
            line[i] = inside.Count == 0 ? ' ' : Bars[(int)Math.Clamp((inside.Max() - low) / (high - low) * Bars.Length, 0, Bars.Length - 1)];
        }

        return new string(line);
    }
}
