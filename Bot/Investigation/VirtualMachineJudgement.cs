using System.Globalization;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>What follows from the readings of a machine, in words. Pure; the first that applies wins.</summary>
internal sealed record VirtualMachineJudgement(Conclusion Conclusion, string Present, string Past, string? Gap = null)
{
    /// <summary>A guest that boots, with checks of its disks, does not answer for so long.</summary>
    private static readonly TimeSpan Booting = TimeSpan.FromMinutes(10);

    /// <summary>One when the machine answers Azure; a minute in which it did so in part counts as not.</summary>
    private const double Available = 1;

    public static VirtualMachineJudgement Of(MachineReadings read) => Powered(read) ?? AtWork(read) ?? Measured(read);

    private static VirtualMachineJudgement? Powered(MachineReadings read)
    {
        var name = read.Id.Name;
        if (read.IsRunning)
        {
            return null;
        }

        if (read.PowerState.ToUpperInvariant() is not ("DEALLOCATED" or "STOPPED" or "DEALLOCATING" or "STOPPING"))
        {
            return Same(Conclusion.OtherCause, $"{name} is {read.PowerState.Plain(30)}; it has to be left to finish");
        }

        var state = $"{name} is {read.PowerState.Plain(30)}";
        return read.Changes switch
        {
            Reading<IReadOnlyList<Change>>.Told { Value: var changes } when changes.FirstOrDefault(change => change.Kind == ChangeKind.Stop) is { } stop =>
                Same(Conclusion.StoppedOnPurpose, $"{state}: {stop.What} at {stop.At.Utc(read.At)} UTC by {stop.By}; it stays as it is"),
            Reading<IReadOnlyList<Change>>.Told => Same(Conclusion.OtherCause,
                $"{state}, and the activity log of the last {VirtualMachineRunbook.LookBack.TotalDays.ToString("0", CultureInfo.InvariantCulture)} days names nobody who did it (Azure evicts spot machines, and a guest may shut itself down); a restart does not start it"),
            Reading<IReadOnlyList<Change>>.NotRead unread => Same(Conclusion.CouldNotTell, $"{state}, and by whom cannot be told: {unread.Why}"),
            _ => throw new InvalidOperationException($"Unknown reading {read.Changes.GetType().Name}."),
        };
    }

    /// <summary>Somebody, or Azure, has a hand on it.</summary>
    private static VirtualMachineJudgement? AtWork(MachineReadings read)
    {
        var name = read.Id.Name;
        if (!read.Provisioning.Equals("Succeeded", StringComparison.OrdinalIgnoreCase))
        {
            return Same(Conclusion.OtherCause, $"Azure's last operation on {name} is not over ({read.Provisioning.Plain(30)}); a restart would come in between");
        }

        return read.Health is Reading<PlatformHealth>.Told { Value: { NamesPlatform: true } health }
            ? Same(Conclusion.OtherCause, $"Azure reports a problem of its platform under {name} ({health.State}): {health.Summary} It moves the machine by itself; a restart would come in between")
            : null;
    }

    private static VirtualMachineJudgement Measured(MachineReadings read)
    {
        var name = read.Id.Name;
        if (read.Availability is not MetricReading.Samples { Points: var points })
        {
            return Same(Conclusion.CouldNotTell, $"it cannot be told whether {name} answers: {((MetricReading.CouldNotTell)read.Availability).Why}");
        }

        var latest = points[^1];
        if (PercentHistory.Recent(points, read.At) is not { } middle)
        {
            return Same(Conclusion.CouldNotTell, $"it cannot be told whether {name} answers: the last value of its availability is from {latest.Start.Utc()} UTC, or there are too few");
        }

        var down = points.Where(point => point.Value < Available).ToList();
        if (latest.Value >= Available)
        {
            return down.Count == 0
                ? Same(Conclusion.NeverSick, $"{name} is available and was so for the last hour; nothing to do")
                : Same(Conclusion.Recovered, $"{name} has recovered by itself: it was unavailable until {down[^1].Start.AddMinutes(1).Utc()} UTC and is available since; nothing to do");
        }

        var since = points.Reverse().TakeWhile(point => point.Value < Available).Last().Start;
        if (middle >= Available)
        {
            return Same(Conclusion.CouldNotTell, $"{name} does not answer, but only since {since.Utc()} UTC, which is too short to be more than a moment");
        }

        return Down(read, since);
    }

    private static VirtualMachineJudgement Down(MachineReadings read, DateTimeOffset since)
    {
        var present = $"{read.Id.Name} is powered on but does not answer since {since.Utc()} UTC{(read.Agent is { } agent ? $" (its guest agent: {agent})" : "")}";
        var past = $"{read.Id.Name} was unavailable";
        if (read.Changes is not Reading<IReadOnlyList<Change>>.Told { Value: var changes })
        {
            return new(Conclusion.Sick, present, past, $"Whether somebody is at work on it is not known: {((Reading<IReadOnlyList<Change>>.NotRead)read.Changes).Why}.");
        }

        if (changes.FirstOrDefault(change => change.Kind is ChangeKind.Restart or ChangeKind.Start && read.At - change.At <= Booting) is { } booting)
        {
            return Same(Conclusion.OtherCause, $"{present}, but it was {booting.What} at {booting.At.Utc()} UTC by {booting.By} and may still be booting");
        }

        return changes.FirstOrDefault(change => change.MayBeTheCause && read.At - change.At <= AppServiceSlowRunbook.RecentChange) is { } recent
            ? Same(Conclusion.OtherCause, $"{present}; shortly before, at {recent} (UTC). A restart could hide the cause: look at that change first")
            : new(Conclusion.Sick, present, past);
    }

    private static VirtualMachineJudgement Same(Conclusion conclusion, string words) => new(conclusion, words, words);
}
