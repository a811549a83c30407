namespace RunModes.Bot.Tests.Teams;

/// <summary>Stands still until moved. A test can wait for the timer it means to fire, so that nothing sleeps.</summary>
internal sealed class TestClock : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private readonly Dictionary<TimeSpan, TaskCompletionSource> _awaited = [];

    // Starts at the real present: Azure.Identity stamps its tokens with the real clock.
    private DateTimeOffset _now = System.GetUtcNow();

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_lock)
        {
            var timer = new Timer(this, () => callback(state)) { Due = dueTime < TimeSpan.Zero ? null : _now + dueTime };
            _timers.Add(timer);
            Awaited(dueTime).TrySetResult();
            return timer;
        }
    }

    public Task TimerOf(TimeSpan due)
    {
        lock (_lock)
            return Awaited(due).Task;
    }

    public void Advance(TimeSpan by)
    {
        List<Timer> due;
        lock (_lock)
        {
            _now += by;
            due = [.. _timers.Where(timer => timer.Due <= _now)];
            due.ForEach(timer => timer.Due = null);
        }

        due.ForEach(timer => timer.Fire());
    }

    private TaskCompletionSource Awaited(TimeSpan due) =>
        _awaited.TryGetValue(due, out var known) ? known : _awaited[due] = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class Timer(TestClock clock, Action fire) : ITimer
    {
        public DateTimeOffset? Due { get; set; }

        public Action Fire => fire;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
                Due = dueTime < TimeSpan.Zero ? null : clock._now + dueTime;
            return true;
        }

        public void Dispose()
        {
            lock (clock._lock)
                clock._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
