using System.Globalization;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>What follows from the revisions of a container app. Pure; the first that applies wins.</summary>
internal static class ContainerAppJudgement
{
    /// <summary>Images are pulled and probes fail at first.</summary>
    private static readonly TimeSpan Starting = TimeSpan.FromMinutes(5);
    private const int MostRevisions = 4;

    public static Investigated Of(ContainerAppReadings read, AzureContext agent)
    {
        var name = read.Id.Name;
        if (read.Running.Equals("Stopped", StringComparison.OrdinalIgnoreCase))
        {
            var stop = (read.Changes as Reading<IReadOnlyList<Change>>.Told)?.Value.FirstOrDefault(change => change.Kind == ChangeKind.Stop);
            return Ended(read, Conclusion.StoppedOnPurpose, stop is null ? $"{name} is stopped, by whom does not stand in the activity log; it stays as it is" : $"{name} was stopped at {stop.At.Utc(read.At)} UTC by {stop.By}; it stays as it is");
        }

        if (read.Provisioning.Length > 0 && read.Provisioning is not ("Succeeded" or "Failed"))
        {
            return Ended(read, Conclusion.OtherCause, $"Azure's last operation on {name} is not over ({read.Provisioning.Plain(30)}); a change would come in between");
        }

        if (read.Revisions.FirstOrDefault(revision => revision.Name == read.Latest) is not { Health: not null } latest)
        {
            return Ended(read, Conclusion.CouldNotTell, $"it cannot be told whether {name} is well: Azure does not say the health of its latest revision {read.Latest.Plain(60)}");
        }

        if (latest.IsHealthy)
        {
            return Ended(read, Conclusion.NeverSick, $"the latest revision of {name}, {latest.Name}, is healthy; nothing to do");
        }

        if (!latest.IsUnhealthy)
        {
            return Ended(read, Conclusion.CouldNotTell, $"it cannot be told whether {name} is well: the health of its latest revision {latest.Name} is '{latest.Health!.Plain(20)}'");
        }

        return latest.Weight == 0
            ? Ended(read, Conclusion.Recovered, $"the latest revision of {name}, {latest.Name}, is unhealthy and gets no traffic any more; nothing to do")
            : Unhealthy(read, latest, agent);
    }

    private static Investigated Unhealthy(ContainerAppReadings read, AppRevision latest, AzureContext agent)
    {
        var present = Text($"the latest revision of {read.Id.Name}, {latest.Name}, is unhealthy and gets {latest.Weight} % of its traffic");
        if (latest.Created is { } created && read.At - created <= Starting)
        {
            return Ended(read, Conclusion.OtherCause, $"{present}, but was created at {created.Utc()} UTC and may still be starting");
        }

        if (!read.Mode.Equals("Multiple", StringComparison.OrdinalIgnoreCase))
        {
            return Ended(read, Conclusion.OtherCause, $"{present}. The app runs in single revision mode, where traffic cannot be sent to an earlier revision: deploy the earlier version again, or use multiple revisions");
        }

        if (read.Shares is not { } shares)
        {
            return Ended(read, Conclusion.OtherCause, $"{present}. Its traffic is told apart by labels or not described, and sending it elsewhere would lose that");
        }

        if (read.Revisions.Where(revision => revision is { Active: true, IsHealthy: true } && revision.Name != latest.Name && On(read.Id, revision) is not null).MaxBy(revision => revision.Created) is not { } good)
        {
            return Ended(read, Conclusion.OtherCause, $"{present}, and no earlier revision is active and healthy");
        }

        Precondition Of(AppRevision revision, string label, string member, string value) => new(label, On(read.Id, revision)!, ContainerAppRunbook.ApiVersion, member, value);
        Operation Traffic(IReadOnlyList<TrafficShare> to) => Operation.ArmCall.Of(ArmAction.SendTraffic, read.Id, agent, new OperationParameters.Traffic(read.Location, to));
        if (On(read.Id, latest) is null)
        {
            return Ended(read, Conclusion.OtherCause, $"{present}, and its name is none that this agent accepts");
        }

        var back = (Operation.ArmCall)Traffic([new(good.Name, 100)]) with
        {
            DependsOn =
            [
                new("latest revision", read.Id, ContainerAppRunbook.ApiVersion, "properties.latestRevisionName", latest.Name), new("revision mode", read.Id, ContainerAppRunbook.ApiVersion, "properties.configuration.activeRevisionsMode", read.Mode),
                Of(latest, $"traffic of {latest.Name}", "properties.trafficWeight", Text($"{latest.Weight}")), Of(good, $"health of {good.Name}", "properties.healthState", good.Health!), Of(good, $"{good.Name} is active", "properties.active", "true"),
            ],
        };
        var finding = new Finding(
            Conclusion.Sick, read.Id.Name, present, $"the latest revision of {read.Id.Name} was unhealthy", [.. Evidence(read)], new("Traffic", 0, "", read.At), read.At,
            read.Changes is Reading<IReadOnlyList<Change>>.NotRead log ? $"Whether somebody is at work on it is not known: {log.Why}." : null);
        return new(finding, new Remedy(back, Provenance.Runbook, RecoverySignal.OfState("Traffic", Of(good, "traffic", "properties.trafficWeight", "100"), $"on {latest.Name}") with { InWords = new($"on {good.Name}", $"on {latest.Name}") })
        {
            Undo = (Operation.ArmCall)Traffic(shares) with { DependsOn = [Of(good, $"traffic of {good.Name}", "properties.trafficWeight", "100"), back.DependsOn![0], back.DependsOn[1]] },
        });
    }

    private static ResourceId? On(ResourceId app, AppRevision revision) => ResourceId.TryParse($"{app}/revisions/{revision.Name}", out var id, out _) ? id : null;

    private static IEnumerable<Evidence> Evidence(ContainerAppReadings read)
    {
        var shown = read.Revisions.Where(revision => revision.Active).OrderByDescending(revision => revision.Created).Take(MostRevisions);
        yield return new("Revisions", string.Join("; ", shown.Select(revision =>
            Text($"{revision.Name.Plain(60)} {revision.Health?.Plain(20) ?? "health not told"}, {revision.Running}, {revision.Weight} %{(revision.Created is { } created ? $", since {created.Utc(read.At)}" : "")}"))));
        yield return new("Revision mode", read.Mode.Plain(20));
        yield return read.Changes switch
        {
            Reading<IReadOnlyList<Change>>.Told { Value: { Count: > 0 } changes } => new("Changes", string.Join("; ", changes.Take(MostRevisions).Select(change => $"{change.At.Utc(read.At)} {change.What} by {change.By}"))),
            Reading<IReadOnlyList<Change>>.NotRead log => new("Not read", log.Why),
            _ => new("Changes", "none in the last 14 days (activity log)"),
        };
    }

    private static Investigated Ended(ContainerAppReadings read, Conclusion conclusion, string words) =>
        new(new(conclusion, read.Id.Name, words, words, [.. Evidence(read)], Symptom: null, read.At), null);

    private static string Text(FormattableString words) => words.ToString(CultureInfo.InvariantCulture);
}
