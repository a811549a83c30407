using RunModes.Bot.Gate;

namespace RunModes.Bot.Plans;

/// <summary>What to do with the mode. Keep: what was observed is no reason to change it.</summary>
internal enum Advice { Keep = 0, Lower, Raise }

/// <summary>Counts over some proposals.</summary>
/// <param name="Alone">Ran without asking.</param>
/// <param name="MedianDecision">Null: nobody decided.</param>
internal sealed record Tally(int Proposals, int Approved, int Denied, int Expired, int Alone, int Recovered, int NotRecovered, int CouldNotTell, TimeSpan? MedianDecision, int Deciders)
{
    public static Tally Of(IReadOnlyList<Experience> facts) => new(
        facts.Count, Count(facts, Answered.Approved), Count(facts, Answered.Denied), Count(facts, Answered.Expired), Count(facts, Answered.NotAsked),
        facts.Count(f => f.Effect == Effectiveness.Recovered), facts.Count(f => f.Effect is Effectiveness.NotRecovered or Effectiveness.Failed), facts.Count(f => f.Effect == Effectiveness.CouldNotTell),
        Median([.. facts.Select(f => f.Took).OfType<TimeSpan>().Order()]), facts.Select(f => f.Decider?.ObjectId).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Count());

    private static int Count(IReadOnlyList<Experience> facts, Answered answer) => facts.Count(f => f.Answer == answer);

    private static TimeSpan? Median(List<TimeSpan> sorted) => sorted.Count == 0 ? null
        : sorted.Count % 2 == 1 ? sorted[sorted.Count / 2]
        : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
}

/// <summary>
/// "Start with Review, observe for two to four weeks, and switch what you always approve": the same, counted. Pure; the advice is only ever words,
/// and raising stays an Administrator's confirmation.
/// </summary>
/// <param name="Plan">Null: what people asked for, which belongs to no plan.</param>
/// <param name="Weeks">Proposals in each week, the oldest first.</param>
/// <param name="Why">What the advice rests on, or what is missing for another.</param>
internal sealed record PlanInsight(string? Plan, EffectiveMode? Mode, Tally All, IReadOnlyList<(string Title, Tally Tally)> Intents, IReadOnlyList<int> Weeks, Advice Advice, IReadOnlyList<string> Why)
{
    public const int ApprovalsNeeded = 5;
    public const int DecidersNeeded = 2;
    public static readonly TimeSpan SpreadNeeded = TimeSpan.FromDays(14);
    public static readonly TimeSpan Window = TimeSpan.FromDays(28);

    /// <summary>Wrong endings without asking that speak against autonomy, however many others went well.</summary>
    private const int TooManyWrong = 2;

    /// <summary>What speaks against raising it all the same, by what the plan is for; null when nothing does.</summary>
    public string? Caution { get; init; }

    public bool IsAutonomous => Mode?.Mode == RunMode.Autonomous;

    /// <summary>Beside the plan's name, which the mode's own words would repeat; null: the plan is gone.</summary>
    public string? ModeInWords => Mode is { Source: ModeSource.Plan or ModeSource.Task } own ? $"{own.Mode} (set on the {(own.Source == ModeSource.Task ? "task" : "plan")})" : Mode?.ToString();

    public static PlanInsight Of(string? plan, EffectiveMode? mode, IReadOnlyList<Experience> facts, DateTimeOffset to)
    {
        var (advice, why) = mode?.Mode switch
        {
            null => (Advice.Keep, []),
            RunMode.Autonomous => OfAutonomous(facts),
            _ => OfReview(facts),
        };
        var intents = facts.GroupBy(f => f.Intent, StringComparer.Ordinal).Select(g => (g.First().Title, Tally.Of([.. g]))).OrderByDescending(i => i.Item2.Proposals).ThenBy(i => i.Title, StringComparer.Ordinal);
        return new(plan, mode, Tally.Of(facts), [.. intents], Weekly(facts, to), advice, why);
    }

    private static (Advice, IReadOnlyList<string>) OfReview(IReadOnlyList<Experience> facts)
    {
        // What a person asked for is no evidence for the triggers; but a no is a no, and what went wrong went wrong.
        List<Experience> approved = [.. facts.Where(f => f is { Answer: Answered.Approved, ByPerson: false }).OrderBy(f => f.At)];
        var denied = facts.Count(f => f.Answer == Answered.Denied);
        if (approved.Count == 0 && denied == 0)
        {
            return (Advice.Keep, ["nobody has decided anything yet"]);
        }

        var wrong = facts.Count(f => f.WentWrong);
        var open = facts.Count(f => f.Answer == Answered.Approved && f.Effect is Effectiveness.NotMeasuredYet or Effectiveness.NotRun);
        var spread = approved.Count == 0 ? TimeSpan.Zero : approved[^1].At - approved[0].At;
        var deciders = approved.Select(f => f.Decider?.ObjectId).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase).Count();
        List<string> missing = [];
        Missing(denied > 0, $"{denied} denied");
        Missing(wrong > 0, $"{wrong} did not measurably help");
        Missing(approved.Count < ApprovalsNeeded, $"{approved.Count} of the {ApprovalsNeeded} approvals it takes");
        Missing(approved.Count > 0 && spread < SpreadNeeded, $"they lie within {Math.Max(1, (int)Math.Ceiling(spread.TotalDays))} of {SpreadNeeded.TotalDays:0} days");
        Missing(approved.Count > 0 && deciders < DecidersNeeded, "one person decided them all");
        Missing(open > 0, $"{open} not measured yet");
        return missing.Count == 0
            ? (Advice.Raise, [$"{approved.Count} approved by {deciders} people over {(int)spread.TotalDays} days, none denied, all recovered by own measurement"])
            : (Advice.Keep, missing);

        void Missing(bool is_, string words)
        {
            if (is_)
            {
                missing.Add(words);
            }
        }
    }

    private static (Advice, IReadOnlyList<string>) OfAutonomous(IReadOnlyList<Experience> facts)
    {
        List<Experience> alone = [.. facts.Where(f => f.Answer == Answered.NotAsked)];
        var wrong = alone.Count(f => f.WentWrong);
        var words = $"{wrong} of {alone.Count} without asking did not measurably help";
        return alone.Count == 0 ? (Advice.Keep, ["nothing ran without asking"])
            : wrong >= TooManyWrong || wrong * 4 >= alone.Count && wrong > 0 ? (Advice.Lower, [words])
            : (Advice.Keep, [wrong == 0 ? $"all {alone.Count} without asking helped, or are being measured" : words]);
    }

    private static int[] Weekly(IReadOnlyList<Experience> facts, DateTimeOffset to)
    {
        var weeks = new int[(int)(Window.TotalDays / 7)];
        foreach (var ago in facts.Select(f => (int)((to - f.At).TotalDays / 7)).Where(a => a >= 0 && a < weeks.Length))
        {
            weeks[^(ago + 1)]++;
        }

        return weeks;
    }
}
