using System.Collections.Concurrent;

namespace RunModes.Bot.Tests.Roles;

/// <summary>Time moves only by <see cref="Advance"/>; <see cref="Armed"/> tells when somebody began to wait.</summary>
internal sealed class SteppedClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock gate = new();
    private readonly List<Timer> timers = [];
    private readonly ConcurrentDictionary<TimeSpan, TaskCompletionSource> armed = new();
    private DateTimeOffset now = start;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() { lock (gate) return now; }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    /// <summary>Completes once a timer of exactly this length has been set.</summary>
    public Task Armed(TimeSpan due) => Arming(due).Task.WaitAsync(TimeSpan.FromSeconds(20));

    public void Advance(TimeSpan by)
    {
        List<Timer> due;
        lock (gate)
        {
            now += by;
            due = [.. timers.Where(timer => timer.At <= now)];
            foreach (var timer in due) timers.Remove(timer);
        }

        foreach (var timer in due) timer.Fire();
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private TaskCompletionSource Arming(TimeSpan due) => armed.GetOrAdd(due, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private sealed class Timer(SteppedClock clock, Action fire) : ITimer
    {
        public DateTimeOffset At { get; private set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock.gate)
            {
                clock.timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                At = clock.now + dueTime;
                clock.timers.Add(this);
            }

            clock.Arming(dueTime).TrySetResult();
            return true;
        }

        public void Dispose() { lock (clock.gate) clock.timers.Remove(this); }

        public ValueTask DisposeAsync() { Dispose(); return ValueTask.CompletedTask; }
    }
}
