using RunModes.Bot.Audit;
using RunModes.Bot.Gate;

namespace RunModes.Bot.Hooks;

/// <summary>What one hook said of one call.</summary>
/// <param name="Words">For people: who objects, why, and what was found. Of no objection, in a word.</param>
internal sealed record HookAnswer(string Hook, HookEvent Event, string Tool, string Subject, string Target, string TargetKey, HookOpinion Opinion, string Words, DateTimeOffset At, TimeSpan Took);

/// <summary>The strictest of all answers, in the words of those who gave it.</summary>
internal sealed record HookRuling(HookOpinion Opinion, string Words, IReadOnlyList<HookAnswer> Answers)
{
    public Fact<HookOpinion> Fact => new(Opinion, Words);

    /// <summary>Nothing an answer says can make the ruling milder than another answer.</summary>
    public static HookRuling Of(IReadOnlyList<HookAnswer> answers)
    {
        // What this version does not know objects: nothing is a yes but "no objection" itself.
        HookOpinion Known(HookAnswer answer) => answer.Opinion is HookOpinion.Ask or HookOpinion.None ? answer.Opinion : HookOpinion.Block;
        var strictest = answers.Select(Known).Append(HookOpinion.None).Min();
        return new(strictest, strictest == HookOpinion.None ? "" : string.Join(" ", answers.Where(a => Known(a) == strictest).Select(a => a.Words)), answers);
    }
}

/// <summary>Answers as stored, the last of each hook on each subject. Port to the store.</summary>
internal interface IHookAnswers
{
    /// <returns>What the same hook had said of the same subject before; null: nothing.</returns>
    Task<HookAnswer?> Put(ITransaction transaction, HookAnswer answer);

    /// <summary>The newest of each hook.</summary>
    Task<IReadOnlyList<HookAnswer>> Last(ITransaction transaction);

    /// <summary>What hooks held against what was done to a target, newest first.</summary>
    Task<IReadOnlyList<HookAnswer>> Objections(ITransaction transaction, string targetKey, DateTimeOffset since);
}
