namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>
/// What goes wrong with one call. Without <see cref="Accepts"/> the world stays as it was; with it the call takes effect first and the trouble comes afterwards.
/// Delays follow the clock of the cloud.
/// </summary>
internal sealed record Fault
{
    public bool Accepts { get; private init; }
    public WireAnswer? Answer { get; private init; }
    public TimeSpan Delay { get; private init; }
    public Task? Until { get; private init; }
    public bool Drops { get; private init; }
    public Func<WireAnswer, WireAnswer>? Rewrites { get; private init; }

    public static Fault Status(int status, string body = "", string? retryAfter = null)
    {
        var answer = new WireAnswer(status, body);
        return new Fault { Answer = retryAfter is null ? answer : answer.With("Retry-After", retryAfter) };
    }

    public static Fault Answered(WireAnswer answer) => new() { Answer = answer };

    /// <param name="retryAfter">As on the wire: Graph sends fractions of a second too.</param>
    public static Fault Throttled(string? retryAfter = null) => Error(429, "TooManyRequests", "Too many requests.", retryAfter);

    public static Fault Error(int status, string code, string message, string? retryAfter = null)
    {
        var answer = WireAnswer.Error(status, code, message);
        return new Fault { Answer = retryAfter is null ? answer : answer.With("Retry-After", retryAfter) };
    }

    /// <summary>
    /// The connection closes without an answer and nothing was done. The HTTP client of .NET re-sends a read by itself, several times:
    /// to be seen by the caller it has to be a standing fault (<see cref="FaultScript.Always"/>).
    /// </summary>
    public static Fault Drop { get; } = new() { Drops = true };

    /// <summary>The call took effect; the connection closes before the answer.</summary>
    public static Fault AcceptThenDrop { get; } = new() { Accepts = true, Drops = true };

    public static Fault AcceptThenStatus(int status) => Error(status, "InternalServerError", "Something went wrong.") with { Accepts = true };

    /// <summary>Never answers; ends when the caller gives up.</summary>
    public static Fault Hang { get; } = new() { Delay = Timeout.InfiniteTimeSpan };

    /// <summary>Takes effect, then never answers.</summary>
    public static Fault AcceptThenHang { get; } = new() { Accepts = true, Delay = Timeout.InfiniteTimeSpan };

    /// <summary>Takes effect at once, answers rightly but late.</summary>
    public static Fault Slow(TimeSpan by) => new() { Accepts = true, Delay = by };

    /// <summary>Takes effect at once; the right answer waits for the test.</summary>
    public static Fault HeldUntil(Task release) => new() { Accepts = true, Until = release };

    /// <summary>200 with something that is no JSON.</summary>
    public static Fault Garbage { get; } = new() { Answer = new WireAnswer(200, "<html>upstream\u0000 {\"value\":") };

    /// <summary>200 with nothing in it.</summary>
    public static Fault Empty { get; } = new() { Answer = new WireAnswer(200) };

    /// <summary>200 with an empty object: well-formed, and says nothing.</summary>
    public static Fault Hollow { get; } = new() { Answer = new WireAnswer(200, "{}") };

    /// <summary>The right answer, cut in the middle.</summary>
    public static Fault Truncated { get; } = Rewritten(answer => answer with { Body = answer.Body[..(answer.Body.Length / 2)] });

    public static Fault Rewritten(Func<WireAnswer, WireAnswer> how) => new() { Accepts = true, Rewrites = how };
}

/// <summary>Scripted trouble for one wire end: queued faults are used once each, standing ones until cleared. The first whose condition fits is taken.</summary>
internal sealed class FaultScript
{
    private readonly Lock gate = new();
    private readonly List<(Fault Fault, Func<WireRequest, bool> When, bool Stays)> script = [];

    public void Next(Fault fault, Func<WireRequest, bool>? when = null, int times = 1)
    {
        lock (gate)
        {
            for (var i = 0; i < times; i++) script.Add((fault, when ?? (static _ => true), false));
        }
    }

    public void Always(Fault fault, Func<WireRequest, bool>? when = null)
    {
        lock (gate) script.Add((fault, when ?? (static _ => true), true));
    }

    public void Clear()
    {
        lock (gate) script.Clear();
    }

    public Fault? Take(WireRequest request)
    {
        lock (gate)
        {
            var index = script.FindIndex(entry => entry.When(request));
            if (index < 0) return null;
            var found = script[index];
            if (!found.Stays) script.RemoveAt(index);
            return found.Fault;
        }
    }
}
