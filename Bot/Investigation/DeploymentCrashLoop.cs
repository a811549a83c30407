using System.Globalization;
using RunModes.Bot.Execution;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>
/// Pods that crash again and again go back to the newest revision that ran, and only where the rollout is what broke them: its own pods crash, and no others; they did so from the
/// start; and what they run is something else than before.
/// </summary>
internal static class DeploymentCrashLoop
{
    private static readonly TimeSpan JustRolledOut = TimeSpan.FromMinutes(5);

    /// <summary>Whatever ran for so long did not break by being rolled out.</summary>
    private static readonly TimeSpan Ran = TimeSpan.FromMinutes(10);

    /// <summary>A rollout makes its pods within this time; later ones were made anew for another reason.</summary>
    private static readonly TimeSpan OfTheRollout = TimeSpan.FromMinutes(15);

    /// <summary>A revision that was replaced sooner may have been a try that failed.</summary>
    private static readonly TimeSpan InService = TimeSpan.FromMinutes(30);

    public static DeploymentJudgement Judge(DeploymentReadings read, DeploymentRevision current)
    {
        var symptom = DeploymentJudgement.Crash(read);
        var of = string.Create(CultureInfo.InvariantCulture, $"revision {current.Number}");
        DeploymentJudgement Left(string why) => DeploymentJudgement.Same(Conclusion.OtherCause, $"{symptom}{why}");

        if (read.Crashing.FirstOrDefault(p => p.Owner != current.Set) is { } older)
        {
            return Left(read.Revisions.FirstOrDefault(r => r.Set == older.Owner) is { } other
                ? string.Create(CultureInfo.InvariantCulture, $", and not those of {of} alone: those of revision {other.Number} do, too, so it is not the rollout")
                : $", and some are of no revision that the cluster keeps");
        }

        if (current.BroughtBack)
        {
            return Left($"; somebody went back to it already, and it is {of} now, which does not help");
        }

        if (read.At - current.Created <= JustRolledOut)
        {
            return Left($"; {of} was rolled out at {current.Created.Utc()} UTC, and whoever did that is looked to first");
        }

        if (read.PodsOf(current).FirstOrDefault(p => p is { IsReady: true, Crashing: null } && read.At - p.ReadySince >= Ran) is { } well)
        {
            return Left($", and another of the same {of} runs since {well.ReadySince!.Value.Utc(read.At)} UTC, so it is not the rollout alone");
        }

        if (FromTheStart(read, current) is { } later)
        {
            return Left($", but {later}; it is not the rollout");
        }

        return read.KeptBy is { } keeper
            ? Left($" since its rollout at {current.Created.Utc(read.At)} UTC ({of}). {keeper} keeps it as it stands in Git and would take a rollback back: roll back there")
            : GoBack(read, current, symptom, of);
    }

    private static DeploymentJudgement GoBack(DeploymentReadings read, DeploymentRevision current, string symptom, string of)
    {
        var since = $"{symptom} since its rollout at {current.Created.Utc(read.At)} UTC ({of})";
        var earlier = read.Revisions.Where(r => r.Number < current.Number).OrderByDescending(r => r.Number).ToList();
        if (earlier.Count == 0)
        {
            return DeploymentJudgement.Same(Conclusion.OtherCause, $"{since}, and the cluster keeps no earlier revision");
        }

        if (earlier[0].RunsTheSame(current))
        {
            return DeploymentJudgement.Same(Conclusion.OtherCause,
                string.Create(CultureInfo.InvariantCulture, $"{since}, but that runs the same as revision {earlier[0].Number}: look at its config maps, its secrets and what it calls, which a rollback would not change"));
        }

        return earlier.FirstOrDefault(r => !r.RunsTheSame(current) && Worked(read, r)) is { } good
            ? new(Conclusion.Sick, since, $"{read.Name} crashed again and again after a rollout", DeploymentRunbooks.CrashLoop) { Back = good }
            : DeploymentJudgement.Same(Conclusion.OtherCause, $"{since}, and of no earlier revision is it known that it ran");
    }

    private static bool Worked(DeploymentReadings read, DeploymentRevision revision) =>
        read.PodsOf(revision).Any(p => p.IsReady) || (read.Served(revision) is var (from, to) && to - from >= InService);

    /// <returns>Null: as far as can be told they crash since they were rolled out.</returns>
    private static string? FromTheStart(DeploymentReadings read, DeploymentRevision current)
    {
        var first = read.Crashing.MinBy(p => p.Created)!;
        if (first.Created - current.Created > OfTheRollout)
        {
            return $"it ran since {current.Created.Utc(read.At)} UTC, and these were made at {first.Created.Utc(read.At)} UTC";
        }

        var crash = FirstCrash(first.Crashing!);
        return crash - first.Created > Ran ? $"{first.Name.Plain(60)} ran until about {crash!.Value.Utc(read.At)} UTC before it crashed first" : null;
    }

    /// <summary>
    /// The cluster tells the last crash and how many there were, and waits longer each time: 10 seconds, 20, 40, up to 5 minutes. That is the earliest at which the first
    /// can have been; null: the last is not told.
    /// </summary>
    public static DateTimeOffset? FirstCrash(ClusterContainer container)
    {
        if (container.Last is not { At: { } last } end)
        {
            return null;
        }

        var run = end.Started is { } started && started < last ? last - started : TimeSpan.Zero;
        var back = TimeSpan.Zero;
        for (var crash = 0; crash < Math.Min(container.Restarts, 2000); crash++)
        {
            back += TimeSpan.FromSeconds(Math.Min(10 * Math.Pow(2, Math.Min(crash, 6)), 300)) + run;
        }

        return last - back;
    }
}
