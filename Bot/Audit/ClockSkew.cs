namespace RunModes.Bot.Audit;

/// <summary>The clock that everybody who works on a store shares. Port to the store.</summary>
internal interface IStoreClock
{
    Task<DateTimeOffset> Now(ITransaction transaction);
}

/// <summary>
/// How far this machine's clock is from the store's. Every deadline is compared with ours: whose clock is wrong takes no work and claims
/// nothing until it is right again.
/// </summary>
internal sealed class ClockSkew(IStoreClock store, TimeProvider clock)
{
    public static readonly TimeSpan Most = TimeSpan.FromSeconds(2);

    private long _ticks;

    /// <summary>As last measured, at least; ahead of the store's when positive.</summary>
    public TimeSpan Measured => new(Interlocked.Read(ref _ticks));

    public bool IsTooGreat => Measured.Duration() > Most;

    /// <returns>False when nothing may be taken.</returns>
    public async Task<bool> Agrees(ITransaction transaction)
    {
        var (asked, beginning) = (clock.GetUtcNow(), clock.GetTimestamp());
        var there = await store.Now(transaction);
        // The answer is from some moment of the way there and back: only what lies beyond that is known to be wrong.
        var unsure = clock.GetElapsedTime(beginning) / 2;
        var difference = asked + unsure - there;
        var certain = difference.Duration() > unsure ? difference.Duration() - unsure : TimeSpan.Zero;
        Interlocked.Exchange(ref _ticks, difference < TimeSpan.Zero ? -certain.Ticks : certain.Ticks);
        return !IsTooGreat;
    }
}
