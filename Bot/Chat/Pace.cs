using System.Collections.Concurrent;

namespace RunModes.Bot.Chat;

internal enum PaceAnswer { TooMany = 0, Go, TooManyAndSay }

/// <summary>Twenty commands a person in ten minutes: each costs a question to the directory and a message. Kept in memory, a restart forgives.</summary>
internal sealed class Pace(TimeProvider clock)
{
    public const int Most = 20;
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);
    private const int ManyPeople = 10_000;

    private readonly ConcurrentDictionary<string, Past> _people = new(StringComparer.OrdinalIgnoreCase);

    public PaceAnswer Take(Actor actor)
    {
        var now = clock.GetUtcNow();
        if (_people.Count > ManyPeople)
        {
            foreach (var quiet in _people.Where(p => p.Value.IsQuiet(now)).Select(p => p.Key).ToList())
            {
                _people.TryRemove(quiet, out _);
            }
        }

        return _people.GetOrAdd($"{actor.TenantId}/{actor.ObjectId ?? actor.ChannelUserId}", _ => new Past()).Take(now);
    }

    private sealed class Past
    {
        private readonly Queue<DateTimeOffset> _times = new();
        private readonly Lock _gate = new();
        private bool _told;

        public PaceAnswer Take(DateTimeOffset now)
        {
            lock (_gate)
            {
                while (_times.TryPeek(out var oldest) && now - oldest >= Window)
                {
                    _times.Dequeue();
                }

                if (_times.Count < Most)
                {
                    _times.Enqueue(now);
                    _told = false;
                    return PaceAnswer.Go;
                }

                // Told once: an answer to each would be the flood it is meant to stop.
                (var told, _told) = (_told, true);
                return told ? PaceAnswer.TooMany : PaceAnswer.TooManyAndSay;
            }
        }

        public bool IsQuiet(DateTimeOffset now)
        {
            lock (_gate)
            {
                return _times.All(t => now - t >= Window);
            }
        }
    }
}
