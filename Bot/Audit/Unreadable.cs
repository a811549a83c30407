using System.Collections.Concurrent;

namespace RunModes.Bot.Audit;

/// <summary>
/// Rows of the store that could not be read: damaged, or altered by somebody else. They are passed over where many rows are looked through for
/// work, so that one of them stops nothing else; whoever needs that very row still fails.
/// </summary>
internal sealed class Unreadable
{
    private readonly ConcurrentDictionary<string, string> _rows = new(StringComparer.Ordinal);

    public IReadOnlyList<(string Subject, string Why)> Rows => [.. _rows.Select(r => (r.Key, r.Value)).Order()];

    public void Found(string subject, string why) => _rows[subject] = why;

    public void Mended(string subject) => _rows.TryRemove(subject, out _);
}
