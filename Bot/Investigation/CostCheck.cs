using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>A task that reports costs: as many days as lie between two of its runs, so that a weekly one compares weeks and a monthly one months.</summary>
internal sealed class CostCheck(CostReader reader, AgentSettings agent, TimeProvider clock)
{
    private const int FewestDays = 7;
    private const int MostDays = 31;

    public TaskWork Work => new(Does.CostReport, Look);

    public static int Days(string cron, TimeZoneInfo zone, DateTimeOffset now) => Schedule.Read(cron, zone).Schedule?.Next(now, 2) is [var one, var next]
        ? Math.Clamp((int)Math.Round((next - one).TotalDays), FewestDays, MostDays) : FewestDays;

    private async Task<Investigated> Look(TaskPassage passage, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        if (passage.Incident.Target is not { IsResource: false } scope)
        {
            return Investigated(Conclusion.CouldNotTell, passage.Task.Name, $"task {passage.Task.Name} names no subscription or resource group to report on", now);
        }

        var report = await reader.Of(scope, Days(passage.Task.Cron, agent.Zone, now), cancellation);
        return Investigated(report.NotRead is null ? Conclusion.NeverSick : Conclusion.CouldNotTell, scope.Name, report.InWords, now) with { Report = new(Costs: report) };
    }

    private static Investigated Investigated(Conclusion conclusion, string subject, string words, DateTimeOffset now) =>
        new(new Finding(conclusion, subject, words, $"that {words}", [], Symptom: null, now), Remedy: null);
}
