using System.Collections.Concurrent;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>
/// What Azure said of rights and locks a moment ago: many proposals at once ask the same of the same groups. Only what was read whole is remembered; whoever decides
/// or executes asks anew, and whatever is refused, by this forecast or by the real call, forgets all of it.
/// </summary>
internal sealed class RecentRights(ArmReader azure, TimeProvider clock)
{
    public static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<string, (long At, ArmAnswer.Found Answer)> _recent = new();
    private long _forgotten;

    /// <summary>Of whoever acts: each identity is told its own rights only.</summary>
    public Task<ArmAnswer> OfActor(ResourceId at, string what, bool anew, CancellationToken cancellation) =>
        Remembered($"{what} {at.Key}", anew, () => azure.GetAllAsActor(at, $"/providers/Microsoft.Authorization/{what}", "2022-04-01", cancellation));

    public Task<ArmAnswer> Locks(ResourceId at, bool anew, CancellationToken cancellation) =>
        Remembered($"locks {at.Key}", anew, () => azure.GetAll(at, "/providers/Microsoft.Authorization/locks", "2020-05-01", [], cancellation));

    public void Forget()
    {
        Interlocked.Increment(ref _forgotten);
        _recent.Clear();
    }

    private async Task<ArmAnswer> Remembered(string key, bool anew, Func<Task<ArmAnswer>> ask)
    {
        if (!anew && _recent.TryGetValue(key, out var known) && clock.GetElapsedTime(known.At) < Kept)
        {
            return known.Answer;
        }

        // As old as the question, not as the answer.
        var (asked, forgotten) = (clock.GetTimestamp(), Interlocked.Read(ref _forgotten));
        var answer = await ask();
        foreach (var old in _recent.Where(r => clock.GetElapsedTime(r.Value.At) >= Kept))
        {
            _recent.TryRemove(old);
        }

        if (answer is ArmAnswer.Found found && forgotten == Interlocked.Read(ref _forgotten))
        {
            _recent[key] = (asked, found);
        }

        return answer;
    }
}
