namespace RunModes.Bot.Investigation;

/// <summary>What an hour of a load says about now.</summary>
internal enum PercentState
{
    /// <summary>Too old or too few values.</summary>
    CouldNotTell = 0,

    /// <summary>High, but not long enough to be more than a peak.</summary>
    TooEarly,
    High,
    Fell,
    Normal,
}

/// <summary>Memory or CPU of an App Service plan in per cent, minute by minute, and what follows from it. Pure.</summary>
internal sealed class PercentHistory
{
    /// <summary>Above this App Service starts to recycle workers and page, and requests queue for a processor: Microsoft advises to act at 85 %.</summary>
    public const double High = 85;

    /// <summary>Five points lower, so that a plan sitting at the limit does not turn sick and well by the minute.</summary>
    public const double NormalBelow = 80;

    /// <summary>Minutes that decide: one garbage collection is not a trend.</summary>
    public const int Window = 5;

    /// <summary>Azure is one to three minutes behind; older than this and nobody knows how it is now.</summary>
    public static readonly TimeSpan Stale = TimeSpan.FromMinutes(10);

    private const int FewestSamples = 3;

    public PercentHistory(IReadOnlyList<Sample> samples, DateTimeOffset now)
    {
        Samples = samples;
        Latest = samples[^1];
        // The last of equal peaks: until when it was high is what people ask.
        Peak = samples.Reverse().MaxBy(sample => sample.Value);
        State = Judge(now);
    }

    public IReadOnlyList<Sample> Samples { get; }

    public Sample Latest { get; }

    public Sample Peak { get; }

    public PercentState State { get; }

    public bool IsStale(DateTimeOffset now) => now - Latest.Start > Stale;

    /// <summary>Start of the run of minutes that ends now and lies on the same side of <see cref="NormalBelow"/> as the latest value.</summary>
    public DateTimeOffset Since => Samples.Reverse().TakeWhile(sample => IsNormal(sample) == IsNormal(Latest)).Last().Start;

    /// <summary>The middle of the last minutes; null when too few of them are recent.</summary>
    public static double? Recent(IReadOnlyList<Sample> samples, DateTimeOffset now)
    {
        var recent = samples.TakeLast(Window).Where(sample => now - sample.Start <= Stale).Select(sample => sample.Value).Order().ToList();
        return recent.Count < FewestSamples ? null : recent[recent.Count / 2];
    }

    private static bool IsNormal(Sample sample) => sample.Value < NormalBelow;

    private PercentState Judge(DateTimeOffset now)
    {
        if (IsStale(now) || Recent(Samples, now) is not { } middle)
        {
            return PercentState.CouldNotTell;
        }

        if (Latest.Value < NormalBelow)
        {
            return Peak.Value >= High ? PercentState.Fell : PercentState.Normal;
        }

        if (middle >= High)
        {
            return PercentState.High;
        }

        if (Latest.Value >= High)
        {
            return PercentState.TooEarly;
        }

        return WasHigh() ? PercentState.High : PercentState.Normal;
    }

    /// <summary>High for most of some five minutes, and not normal since.</summary>
    private bool WasHigh()
    {
        var sinceNormal = Samples.Where(sample => sample.Start >= Since).ToList();
        return Enumerable.Range(0, Math.Max(0, sinceNormal.Count - Window + 1))
            .Any(first => sinceNormal.Skip(first).Take(Window).Count(sample => sample.Value >= High) > Window / 2);
    }
}
