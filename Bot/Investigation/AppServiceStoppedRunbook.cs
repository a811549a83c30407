using System.Globalization;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <param name="Changes">What was done to the app itself in the last <see cref="AppServiceStoppedRunbook.LookBack"/>.</param>
internal sealed record StoppedApp(AppServiceSite Site, DateTimeOffset At, Reading<IReadOnlyList<Change>> Changes, Reading<PlatformHealth> Health);

/// <summary>
/// A stopped app. Who stopped it decides: what a person stopped stays stopped, and what nobody knows about is left alone too. An application that
/// stopped it for a deployment and never started it again is the one case that is understood; every other application's stop is asked about,
/// because it may be what isolates an app that was broken into.
/// </summary>
internal static class AppServiceStoppedRunbook
{
    public const string Name = "app-service-stopped";

    /// <summary>An app that nobody missed for so long is no incident.</summary>
    public static readonly TimeSpan LookBack = TimeSpan.FromDays(14);

    /// <summary>The activity log may be this far behind.</summary>
    private static readonly TimeSpan LogDelay = TimeSpan.FromMinutes(10);
    private const int MostChanges = 4;

    public static Investigated Judge(StoppedApp app, AzureContext agent)
    {
        var (conclusion, words, gap) = Conclude(app);
        List<Evidence> evidence = [.. gap is null ? (Evidence[])[] : [new Evidence("Not known", gap)], .. Evidence(app)];
        var sick = conclusion == Conclusion.Sick;
        var finding = new Finding(conclusion, app.Site.Name, words, sick ? $"{app.Site.Name} was stopped" : words, evidence, sick ? new("State", 0, "", app.At) : null, app.At, gap);
        return new Investigated(finding, sick ? Start(app.Site, agent) : null);
    }

    private static (Conclusion Conclusion, string Words, string? Gap) Conclude(StoppedApp app)
    {
        var name = app.Site.Name;
        if (app.Changes is not Reading<IReadOnlyList<Change>>.Told { Value: var changes })
        {
            return (Conclusion.CouldNotTell, $"{name} is stopped, and whether a person stopped it cannot be told: {((Reading<IReadOnlyList<Change>>.NotRead)app.Changes).Why}", null);
        }

        if (changes.FirstOrDefault(change => change.Kind == ChangeKind.Stop) is not { } stop)
        {
            return app.Site.Modified is { } modified && app.At - modified < LogDelay
                ? (Conclusion.CouldNotTell, $"{name} was stopped a moment ago, and the activity log does not say yet by whom", null)
                : (Conclusion.StoppedOnPurpose, Text($"{name} is stopped, and no stop stands in the last {LookBack.TotalDays:0} days of the activity log; it stays as it is"), null);
        }

        var told = $"{name} was stopped at {stop.At.Utc(app.At)} UTC by {stop.By}";
        if (stop.Caller is ChangedBy.Person or ChangedBy.ThisAgent)
        {
            return (Conclusion.StoppedOnPurpose, $"{told}{(stop.Caller == ChangedBy.ThisAgent ? ", which a person had approved" : "")}; it stays as it is", null);
        }

        if (app.Health is Reading<PlatformHealth>.Told { Value: { IsPlatformProblem: true } health })
        {
            return (Conclusion.OtherCause, $"{told}, and Azure reports a problem of its platform under it ({health.State}): {health.Summary} A start would not help", null);
        }

        var deployed = changes.FirstOrDefault(change => change.MayBeTheCause && change.At >= stop.At);
        if (deployed is not null && app.At - deployed.At <= AppServiceSlowRunbook.RecentChange)
        {
            return (Conclusion.OtherCause, $"{told}, and changed since at {deployed} (UTC), which may still be under way: look at that first", null);
        }

        return deployed is not null && deployed.By == stop.By && stop.Caller == ChangedBy.Application
            ? (Conclusion.Sick, $"{told} for a deployment ({deployed.At.Utc()} {deployed.What}) and never started again", null)
            : (Conclusion.Sick, told, $"Whether {stop.By} meant it to stay stopped is not known.");
    }

    private static IEnumerable<Evidence> Evidence(StoppedApp app)
    {
        yield return new("State", $"{app.Site.State.Plain(30)} at {app.At.Utc()} UTC");
        if (app.Changes is Reading<IReadOnlyList<Change>>.Told { Value: var changes })
        {
            yield return new("Changes", changes.Count == 0
                ? Text($"none of the app itself in the last {LookBack.TotalDays:0} days (activity log)")
                : string.Join("; ", changes.Take(MostChanges).Select(change => $"{change.At.Utc(app.At)} {change.What} by {change.By}")));
        }

        yield return app.Health is Reading<PlatformHealth>.Told { Value: var health }
            ? new("Azure health", $"{health.State}{(health.Summary.Length > 0 ? $": {health.Summary}" : "")}")
            : new("Not read", ((Reading<PlatformHealth>.NotRead)app.Health).Why);
    }

    private static Remedy Start(AppServiceSite site, AzureContext agent)
    {
        Precondition State(string value) => new("state of the app", site.Id, AppServiceSignals.WebVersion, "properties.state", value);
        return new(
            Operation.ArmCall.Of(ArmAction.StartWebApp, site.Id, agent) with { DependsOn = [State(site.State)] },
            Provenance.Runbook,
            RecoverySignal.OfState("App state", State("Running"), site.State))
        {
            Undo = Operation.ArmCall.Of(ArmAction.StopWebApp, site.Id, agent) with { DependsOn = [State("Running")] },
        };
    }

    private static string Text(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}
