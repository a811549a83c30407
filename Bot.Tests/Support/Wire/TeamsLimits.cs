namespace RunModes.Bot.Tests.Support.Wire;

/// <summary>What Teams allows one bot in one thread (published "for estimation"): 7 in 1 s, 8 in 2 s, 60 in 30 s, 1,800 in an hour; here all writes count, replies towards their channel.</summary>
internal sealed class TeamsLimits
{
    private static readonly (int Count, TimeSpan Span)[] Windows =
        [(7, TimeSpan.FromSeconds(1)), (8, TimeSpan.FromSeconds(2)), (60, TimeSpan.FromSeconds(30)), (1800, TimeSpan.FromHours(1))];

    private readonly Dictionary<string, List<DateTimeOffset>> sent = [];

    /// <summary>Off: a test that is not about pacing need not wait.</summary>
    public bool Enforced { get; set; }

    /// <summary>Writes that went over a limit, enforced or not.</summary>
    public int Violations { get; private set; }

    /// <summary>Null when the write may pass, else how long until it might.</summary>
    internal TimeSpan? Count(string conversation, DateTimeOffset now, int writes)
    {
        if (!sent.TryGetValue(conversation, out var times)) sent[conversation] = times = [];
        times.RemoveAll(time => now - time >= Windows[^1].Span);
        TimeSpan? wait = null;
        foreach (var (count, span) in Windows)
        {
            var within = times.Where(time => now - time < span).ToList();
            if (within.Count + writes <= count) continue;
            var until = within.Count == 0 ? span : within[0] + span - now;
            if (wait is null || until > wait) wait = until;
        }

        if (wait is not null)
        {
            Violations++;
            if (Enforced) return wait;
        }

        times.AddRange(Enumerable.Repeat(now, writes));
        return null;
    }
}
