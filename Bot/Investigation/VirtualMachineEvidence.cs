using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>The lines under a machine's finding: numbers with their times, what changed, and what nobody could read.</summary>
internal static class VirtualMachineEvidence
{
    private const int MostChanges = 4;

    public static IReadOnlyList<Evidence> Of(MachineReadings read, VirtualMachineJudgement judgement)
    {
        List<Evidence> lines = [];
        List<string> unread = [];
        Add("Not known", judgement.Gap);
        Add("Availability", read.Availability.Match<string?>(samples => Course(samples.Points, read), _ => null));
        Add("Power state", $"{read.PowerState.Plain(30)} at {read.At.Utc()} UTC");
        Add("Guest agent", read.Agent);
        Add("CPU", read.Cpu.Match<string?>(
            samples => $"{AppServiceJudgement.Percent(samples.Points[^1].Value)} at {samples.Points[^1].Start.Utc()} UTC",
            not =>
            {
                unread.Add(not.Why);
                return null;
            }));
        Add("Size", read.Size.Length > 0 ? read.Size : null);
        switch (read.Changes)
        {
            case Reading<IReadOnlyList<Change>>.Told { Value: var changes }:
                var shown = changes.Take(MostChanges).Select(change => $"{change.At.Utc(read.At)} {change.What} by {change.By}").ToList();
                Add("Changes", shown.Count > 0 ? string.Join("; ", shown) : "none in the last 2 hours (activity log)");
                break;
            case Reading<IReadOnlyList<Change>>.NotRead not:
                unread.Add(not.Why);
                break;
        }

        switch (read.Health)
        {
            case Reading<PlatformHealth>.Told { Value: var health }:
                Add("Azure health", $"{health.State}{(health.Summary.Length > 0 ? $": {health.Summary}" : "")}");
                break;
            case Reading<PlatformHealth>.NotRead not:
                unread.Add(not.Why);
                break;
        }

        Add("Not read", unread.Count == 0 ? null : string.Join("; ", unread.Distinct()));
        return lines;

        void Add(string label, string? text)
        {
            if (text is not null)
            {
                lines.Add(new Evidence(label, text));
            }
        }
    }

    /// <summary>How much of the hour it answered, and the shape of it.</summary>
    private static string Course(IReadOnlyList<Sample> points, MachineReadings read)
    {
        var down = points.Count(point => point.Value < 1);
        var share = down == 0 ? $"answered in each of {points.Count} minutes" : $"did not answer in {down} of {points.Count} minutes";
        return $"{share} until {points[^1].Start.Utc()} UTC {Sparkline.Draw(points, read.From, read.At)}".TrimEnd();
    }
}
