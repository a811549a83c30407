namespace RunModes.Bot.Tests.Support;

/// <summary>
/// The clock of a test. It stands still and moves by <see cref="Advance"/>, or (<see cref="Running"/>) it flows like the real one and can be moved ahead besides.
/// Timers that fall due fire on the thread that advances, in the order they are due; wall clock and timestamps move together.
/// </summary>
internal sealed class ManualClock : TimeProvider, IDisposable
{
    public static readonly DateTimeOffset Start = new(2026, 3, 4, 9, 0, 0, TimeSpan.Zero);

    private readonly Lock gate = new();
    private readonly List<Timer> timers = [];
    private readonly DateTimeOffset epoch;
    private readonly bool runs;
    private readonly long startedAt = System.GetTimestamp();
    private readonly ITimer? alarm;
    private TimeSpan moved;
    private TimeSpan wallShift;

    public ManualClock(DateTimeOffset? start = null) => epoch = start ?? Start;

    private ManualClock(DateTimeOffset start, bool runs) : this(start)
    {
        this.runs = runs;
        alarm = System.CreateTimer(_ => FireDue(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Real flow from <paramref name="start"/> (the real present when null); <see cref="Advance"/> jumps ahead as if the machine had slept.</summary>
    public static ManualClock Running(DateTimeOffset? start = null) => new(start ?? System.GetUtcNow(), runs: true);

    public int ActiveTimers
    {
        get
        {
            lock (gate) return timers.Count;
        }
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long GetTimestamp()
    {
        lock (gate) return Elapsed.Ticks;
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (gate) return epoch + wallShift + Elapsed;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        if (runs)
        {
            lock (gate) moved += by;
            FireDue();
            return;
        }

        TimeSpan target;
        lock (gate) target = moved + by;
        while (NextDue(target) is { } timer) timer.Fire();
        lock (gate) moved = target > moved ? target : moved;
    }

    /// <summary>Ahead: everything due in between fires. Back: only the wall clock moves, as when a machine's time is corrected.</summary>
    public void SetUtcNow(DateTimeOffset at)
    {
        var by = at - GetUtcNow();
        if (by >= TimeSpan.Zero) Advance(by);
        else ShiftWall(by);
    }

    /// <summary>Moves what the wall clock shows without any time passing: skew.</summary>
    public void ShiftWall(TimeSpan by)
    {
        lock (gate) wallShift += by;
    }

    public void Dispose() => alarm?.Dispose();

    private TimeSpan Elapsed => runs ? moved + System.GetElapsedTime(startedAt) : moved;

    private void FireDue()
    {
        while (NextDue(null) is { } timer) timer.Fire();
        Arm();
    }

    /// <summary>Takes the next timer due by <paramref name="until"/> (by now, when null) and sets its next turn.</summary>
    private Timer? NextDue(TimeSpan? until)
    {
        lock (gate)
        {
            var next = timers.MinBy(timer => timer.Due);
            if (next is null || next.Due > (until ?? Elapsed)) return null;
            if (!runs && next.Due > moved) moved = next.Due;
            // A jump of a running clock is a sleep: a periodic timer fires once afterwards, not once for every period slept through.
            if (next.Period > TimeSpan.Zero) next.Due = (runs ? Elapsed : next.Due) + next.Period;
            else timers.Remove(next);
            return next;
        }
    }

    private void Arm()
    {
        if (alarm is null) return;
        lock (gate)
        {
            var due = timers.Count == 0 ? Timeout.InfiniteTimeSpan : timers.Min(timer => timer.Due) - Elapsed;
            if (timers.Count > 0 && due < TimeSpan.Zero) due = TimeSpan.Zero;
            alarm.Change(due < TimeSpan.FromDays(40) ? due : TimeSpan.FromDays(40), Timeout.InfiniteTimeSpan);
        }
    }

    private sealed class Timer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        private readonly ExecutionContext? context = ExecutionContext.Capture();
        private bool disposed;

        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                if (disposed) return false;
                clock.timers.Remove(this);
                Period = period > TimeSpan.Zero ? period : TimeSpan.Zero;
                if (dueTime != Timeout.InfiniteTimeSpan)
                {
                    Due = clock.Elapsed + dueTime;
                    clock.timers.Add(this);
                }
            }

            // Zero means now, also while the clock stands still; on the pool, as with the real one.
            if (dueTime == TimeSpan.Zero && !clock.runs) ThreadPool.QueueUserWorkItem(_ => clock.FireDue());
            clock.Arm();
            return true;
        }

        public void Fire()
        {
            if (context is null) callback(state);
            else ExecutionContext.Run(context, _ => callback(state), null);
        }

        public void Dispose()
        {
            lock (clock.gate)
            {
                disposed = true;
                clock.timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
