using System.Collections.Concurrent;

namespace RunModes.Bot.Reporting;

/// <summary>
/// Keeps each conversation below what Teams throttles at (7 a second, 60 in 30 s, 1,800 an hour). Posts, replies and updates all count.
/// What an earlier process sent in the last half minute is not known, so the first 30 seconds run at half pace.
/// </summary>
internal sealed class Pacing(TimeProvider clock)
{
    private static readonly TimeSpan Careful = TimeSpan.FromSeconds(30);
    private static readonly (TimeSpan Window, int Most)[] Windows = [(TimeSpan.FromSeconds(1), 5), (TimeSpan.FromSeconds(30), 55), (TimeSpan.FromHours(1), 1700)];

    // Time that passed, not time of day: a clock that is set back must not silence a channel.
    private readonly long _started = clock.GetTimestamp();
    private readonly ConcurrentDictionary<string, List<TimeSpan>> _sent = new();

    /// <summary>Waits for the conversation's turn and takes it.</summary>
    public async Task Turn(string conversationId, CancellationToken cancellation)
    {
        var sent = _sent.GetOrAdd(conversationId, _ => []);
        while (Take(sent) is { } wait)
        {
            await Task.Delay(wait, clock, cancellation);
        }
    }

    /// <returns>Null when the turn was taken; else how long to wait before asking again. A card that stands elsewhere makes two senders meet here.</returns>
    private TimeSpan? Take(List<TimeSpan> sent)
    {
        lock (sent)
        {
            if (Wait(sent) is { } wait && wait > TimeSpan.Zero)
            {
                return wait;
            }

            sent.Add(clock.GetElapsedTime(_started));
            if (sent.Count > 4 * Windows[^1].Most)
            {
                sent.RemoveRange(0, sent.Count - Windows[^1].Most);
            }

            return null;
        }
    }

    private TimeSpan? Wait(List<TimeSpan> sent)
    {
        var now = clock.GetElapsedTime(_started);
        var half = now < Careful;
        TimeSpan? longest = null;
        foreach (var (window, most) in Windows)
        {
            var allowed = half ? most / 2 : most;
            if (sent.Count < allowed)
            {
                continue;
            }

            var wait = sent[sent.Count - allowed] + window - now;
            longest = longest > wait ? longest : wait;
        }

        return longest;
    }
}
