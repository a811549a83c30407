using System.Diagnostics;
using RunModes.Bot.Tests.Support;

/// <summary>
/// Loaded into the bot's own process by DOTNET_STARTUP_HOOKS, whose rules give it its name and no namespace. It kills the process at a durable
/// step, before its transaction or after its commit, as the span of that step tells: the product itself has no switch for it.
/// </summary>
#pragma warning disable CA1050 // The host looks for exactly this name.
internal static class StartupHook
#pragma warning restore CA1050
{
    private static int _passed;

    public static void Initialize()
    {
        if (CrashPoint.Parse(Environment.GetEnvironmentVariable(CrashPoint.Variable)) is not { } point)
        {
            return;
        }

        ActivitySource.AddActivityListener(new ActivityListener
        {
            ShouldListenTo = source => source.Name == "RunModes.Bot.Store",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = span => At(point, span, CrashWhen.Before),
            ActivityStopped = span => At(point, span, CrashWhen.After),
        });
    }

    private static void At(CrashPoint point, Activity span, CrashWhen when)
    {
        if (when != point.When || span.OperationName != point.Step || Interlocked.Increment(ref _passed) != point.Pass)
        {
            return;
        }

        // SIGKILL: nothing is flushed, nothing is finished.
        using var self = Process.GetCurrentProcess();
        self.Kill();
        Thread.Sleep(Timeout.Infinite);
    }
}
