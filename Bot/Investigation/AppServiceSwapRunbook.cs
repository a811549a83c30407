using System.Globalization;
using System.Text.Json;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>
/// Errors that began with a slot swap: what production served before lies in the slot, and is swapped back. Only when the errors came after that
/// swap, nothing was changed since, and the slot still holds the deployment that production had.
/// </summary>
internal static class AppServiceSwapRunbook
{
    public const string Name = "app-service-swap";
    public const string ErrorMetric = "Http5xx";

    /// <summary>Answers with 5xx in a minute: fewer are the noise of any app.</summary>
    public const double ErrorsFrom = 5;

    /// <summary>The activity log, the record of the swap and the metric are each a few minutes apart.</summary>
    private static readonly TimeSpan Apart = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Before = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan SameMoment = TimeSpan.FromMinutes(1);

    /// <param name="serves">The deployment that a site or slot serves; asked only where it matters.</param>
    public static async Task<Investigated> Judge(AppServiceReadings read, JsonElement body, AzureContext agent, Func<ResourceId, Task<Reading<ActiveDeployment>>> serves)
    {
        var name = read.Site.Name;
        if (read.Changes is not Reading<IReadOnlyList<Change>>.Told { Value: var changes })
        {
            return Ended(read, Conclusion.CouldNotTell, $"whether a swap broke {name} cannot be told: {((Reading<IReadOnlyList<Change>>.NotRead)read.Changes).Why}");
        }

        if (read.ServerErrors is not MetricReading.Samples { Points: var points })
        {
            return Ended(read, Conclusion.CouldNotTell, $"whether {name} fails cannot be told: {((MetricReading.CouldNotTell)read.ServerErrors).Why}");
        }

        if (changes.FirstOrDefault(change => change.Kind == ChangeKind.Swap) is not { } swap)
        {
            return PercentHistory.Recent(points, read.At) >= ErrorsFrom
                ? Ended(read, Conclusion.OtherCause, $"{name} answers with 5xx, and no slot was swapped in the last two hours")
                : Ended(read, Conclusion.NeverSick, $"{name} answers without errors worth mention, and no slot was swapped in the last two hours; nothing to do");
        }

        var since = points.Where(point => point.Start >= swap.At).ToList();
        if (PercentHistory.Recent(since, read.At) is not { } now)
        {
            return Ended(read, Conclusion.CouldNotTell, $"whether {name} fails since the swap at {swap.At.Utc()} UTC cannot be told: it is only minutes ago, or its metric is behind");
        }

        if (now < ErrorsFrom)
        {
            return since.Exists(point => point.Value >= ErrorsFrom)
                ? Ended(read, Conclusion.Recovered, $"{name} has recovered by itself: it answered with 5xx after the swap at {swap.At.Utc()} UTC, and does so no more; nothing to do")
                : Ended(read, Conclusion.NeverSick, $"{name} answers without errors worth mention since the swap at {swap.At.Utc()} UTC; nothing to do");
        }

        var before = points.Where(point => point.Start < swap.At && point.Start >= swap.At - Before).Select(point => point.Value).DefaultIfEmpty(0).Average();
        return before >= ErrorsFrom
            ? Ended(read, Conclusion.OtherCause, $"{name} answers with 5xx, and did so before the swap at {swap.At.Utc()} UTC ({Rate(before)} a minute): swapping back does not mend that")
            : await Failing(new(read, body, swap, changes, points[^1], since, before), agent, serves);
    }

    /// <summary>Everything that is known once errors came with the swap.</summary>
    private sealed record Broken(AppServiceReadings Read, JsonElement Body, Change Swap, IReadOnlyList<Change> Changes, Sample Latest, IReadOnlyList<Sample> Since, double Before)
    {
        public string Present => $"{Read.Site.Name} answers with 5xx since slots were swapped at {Swap.At.Utc()} UTC by {Swap.By}: {Rate(Since.TakeLast(PercentHistory.Window).Average(point => point.Value))} a minute, before {Rate(Before)}";

        public Investigated Ends(Conclusion conclusion, string why) => new(
            new(conclusion, Read.Site.Name, $"{Present}. {why}", $"{Present}. {why}", AppServiceEvidence.Of(Read, memory: null), new(ErrorMetric, Latest.Value, "a minute", Latest.Start), Read.At), null);
    }

    private static async Task<Investigated> Failing(Broken broken, AzureContext agent, Func<ResourceId, Task<Reading<ActiveDeployment>>> serves)
    {
        var (site, swap) = (broken.Read.Site, broken.Swap);
        if (broken.Changes.FirstOrDefault(change => change.MayBeTheCause && change.Kind != ChangeKind.Swap && change.At > swap.At + SameMoment) is { } later)
        {
            return broken.Ends(Conclusion.OtherCause, $"It was changed since, at {later} (UTC), and a swap back would take that along: look at that change first");
        }

        if (LastSwap.Of(broken.Body) is not { } last || (last.At - swap.At).Duration() > Apart || !ResourceId.TryParse($"{site.Id}/slots/{last.Slot}", out var slot, out _) || !site.Id.IsOfType(AppServiceSlowRunbook.SiteType))
        {
            return broken.Ends(Conclusion.OtherCause, "Azure does not say which slot was swapped with production, so none is swapped back");
        }

        var (ours, theirs) = (serves(site.Id), serves(slot));
        if (await ours is not Reading<ActiveDeployment>.Told { Value: var bad })
        {
            return broken.Ends(Conclusion.CouldNotTell, $"What would be swapped cannot be told: {((Reading<ActiveDeployment>.NotRead)await ours).Why}");
        }

        if (await theirs is not Reading<ActiveDeployment>.Told { Value: var good })
        {
            return broken.Ends(Conclusion.CouldNotTell, $"What would be swapped cannot be told: {((Reading<ActiveDeployment>.NotRead)await theirs).Why}");
        }

        if (good.Id == bad.Id || good.Ended is not { } ended || ended > swap.At)
        {
            return broken.Ends(Conclusion.OtherCause, $"The slot '{last.Slot}' does not hold what production served before the swap (its deployment is from {good.Ended?.Utc() ?? "an unknown time"}), so it is not swapped back");
        }

        Precondition?[] seen =
        [
            new("last swap", site.Id, AppServiceSignals.WebVersion, "properties.slotSwapStatus.timestampUtc", last.Stamp), new("state of the app", site.Id, AppServiceSignals.WebVersion, "properties.state", site.State),
            bad.On($"deployment {bad.Id.Plain(12)} is active in production", site.Id), good.On($"deployment {good.Id.Plain(12)} is active in the slot", slot),
        ];
        // The contents change places, and so does what a further swap depends on.
        Precondition?[] afterwards =
        [
            good.On($"deployment {good.Id.Plain(12)} is active in production", site.Id), bad.On($"deployment {bad.Id.Plain(12)} is active in the slot", slot),
        ];
        if (seen.Concat(afterwards).Any(condition => condition is null))
        {
            return broken.Ends(Conclusion.OtherCause, "The deployments have names that this agent does not accept, so it cannot tell later whether they are still these");
        }

        var swapBack = Operation.ArmCall.Of(ArmAction.SwapSlotIntoProduction, slot, agent);
        List<Evidence> evidence =
        [
            new("Swap", $"{swap.At.Utc()} UTC, slot '{last.Slot}' and production, by {swap.By}"),
            new("In production now", $"deployment {bad.Id.Plain(40)} of {bad.Ended?.Utc(broken.Read.At) ?? "an unknown time"}"),
            new("In the slot now", $"deployment {good.Id.Plain(40)} of {ended.Utc(broken.Read.At)}, which production served before"),
            .. AppServiceEvidence.Of(broken.Read, memory: null),
        ];
        return new(
            new(Conclusion.Sick, site.Name, broken.Present, $"{site.Name} answered with 5xx after a slot swap", evidence, new(ErrorMetric, broken.Latest.Value, "a minute", broken.Latest.Start), broken.Read.At),
            new Remedy(swapBack with { DependsOn = [.. seen.OfType<Precondition>()] }, Provenance.Runbook, new RecoverySignal(site.Id, ErrorMetric, "Total", "5xx rate", "a minute", ErrorsFrom))
            {
                Undo = swapBack with { DependsOn = [.. afterwards.OfType<Precondition>()] },
            });
    }

    private static Investigated Ended(AppServiceReadings read, Conclusion conclusion, string words) =>
        new(new(conclusion, read.Site.Name, words, words, AppServiceEvidence.Of(read, memory: null), Symptom: null, read.At), null);

    private static string Rate(double errors) => errors.ToString("0", CultureInfo.InvariantCulture);
}
