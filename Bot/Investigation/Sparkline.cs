namespace RunModes.Bot.Investigation;

/// <summary>A series as one line of text: it survives every Teams client, a screen reader's font and a log.</summary>
internal static class Sparkline
{
    private const string Bars = "▁▂▃▄▅▆▇█";

    /// <summary>One bar for each of <paramref name="width"/> equal spans of time; a span without a value is a gap, never a low bar.</summary>
    /// <param name="top">The value of the highest bar; the lowest is zero. A fixed scale keeps two charts comparable.</param>
    public static string Draw(IReadOnlyList<Sample> samples, DateTimeOffset from, DateTimeOffset to, double top, int width = 30)
    {
        var line = new char[width];
        for (var i = 0; i < width; i++)
        {
            var start = from + ((to - from) * i / width);
            var end = from + ((to - from) * (i + 1) / width);
            var inside = samples.Where(sample => sample.Start >= start && sample.Start < end).Select(sample => sample.Value).ToList();
            line[i] = inside.Count == 0 ? ' ' : Bar(inside.Max(), top);
        }

        return new string(line);
    }

    private static char Bar(double value, double top) =>
        top <= 0 ? Bars[0] : Bars[(int)Math.Clamp(value / top * Bars.Length, 0, Bars.Length - 1)];
}
