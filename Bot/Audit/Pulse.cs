namespace RunModes.Bot.Audit;

/// <summary>Beats after every commit and at every tick of the clock: whoever looks for work looks again. Missing a beat loses nothing, the next tick comes.</summary>
internal sealed class Pulse
{
    private TaskCompletionSource _next = New();

    /// <summary>Taken before looking for work, awaited after finding none: a commit in between is not missed.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Beat() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
