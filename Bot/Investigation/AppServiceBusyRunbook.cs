using RunModes.Bot.Proposals;

namespace RunModes.Bot.Investigation;

/// <summary>
/// High CPU without high memory: more work than the instances can do. One more instance is offered, within the maximum that the response plan stores
/// and the limit of the tier, unless something was just changed, or Azure scales the plan by itself.
/// </summary>
internal static class AppServiceBusyRunbook
{
    public const string Name = "app-service-cpu";
    public const string CpuMetric = "CpuPercentage";

    /// <param name="autoscale">Whether a rule of Azure decides the number of instances; asked only where it matters.</param>
    public static async Task<Investigated> Judge(AppServiceReadings read, Allowed allowed, AzureContext agent, Func<Task<Reading<bool>>> autoscale)
    {
        var memory = read.Memory is MetricReading.Samples { Points: var used } ? new PercentHistory(used, read.At) : null;
        var cpu = read.Cpu is MetricReading.Samples { Points: var points } ? new PercentHistory(points, read.At) : null;
        var (finding, remedy) = cpu switch
        {
            { State: PercentState.High } => await High(read, cpu, allowed, agent, autoscale),
            _ => (NotHigh(read, cpu), null),
        };
        List<Evidence> evidence = [.. finding.Gap is { } gap ? [new Evidence("Not known", gap)] : (Evidence[])[], .. AppServiceEvidence.Of(read, memory, wholeCpu: true)];
        var symptom = cpu is { State: PercentState.High } ? new Measurement(CpuMetric, cpu.Latest.Value, "%", cpu.Latest.Start) : null;
        return new(new Finding(finding.Conclusion, read.Site.Name, finding.Present, finding.Past, evidence, symptom, read.At, finding.Gap), remedy);
    }

    private static AppServiceJudgement NotHigh(AppServiceReadings read, PercentHistory? cpu)
    {
        var name = read.Site.Name;
        return (read.Cpu, cpu) switch
        {
            (MetricReading.CouldNotTell unread, _) => Same(Conclusion.CouldNotTell, $"it cannot be told whether {name} is short of CPU: {unread.Why}"),
            (_, { State: PercentState.CouldNotTell } old) => Same(Conclusion.CouldNotTell, $"it cannot be told whether {name} is short of CPU: the last value is from {old.Latest.Start.Utc()} UTC, or there are too few"),
            (_, { State: PercentState.TooEarly } peak) => Same(Conclusion.CouldNotTell,
                $"CPU of {name} is {Percent(peak.Latest.Value)}, but only since {peak.Since.Utc()} UTC, which is too short to be more than a peak"),
            (_, { State: PercentState.Fell } fell) => Same(Conclusion.Recovered,
                $"{name} has recovered by itself: CPU peaked at {Percent(fell.Peak.Value)} at {fell.Peak.Start.Utc()} UTC and is {Percent(fell.Latest.Value)}, normal since {fell.Since.Utc()}; nothing to do"),
            var (_, normal) => Same(Conclusion.NeverSick, $"{name} is not short of CPU: it is {Percent(normal!.Latest.Value)} and was at most {Percent(normal.Peak.Value)} in the last hour; nothing to do"),
        };
    }

    private static async Task<(AppServiceJudgement, Remedy?)> High(AppServiceReadings read, PercentHistory cpu, Allowed allowed, AzureContext agent, Func<Task<Reading<bool>>> autoscale)
    {
        var (name, plan) = (read.Site.Name, read.Site.Plan);
        var present = $"{name} is short of CPU: its plan is at {Percent(cpu.Latest.Value)}, high since {cpu.Since.Utc()} UTC";
        var past = $"{name} was short of CPU";
        var changes = (read.Changes as Reading<IReadOnlyList<Change>>.Told)?.Value;
        if (changes?.FirstOrDefault(change => change.MayBeTheCause && read.At - change.At <= AppServiceSlowRunbook.RecentChange) is { } recent)
        {
            return (Same(Conclusion.OtherCause, $"{present}; shortly before, at {recent} (UTC). An instance more could hide the cause: look at that change first"), null);
        }

        if (read.Plan is not Reading<PlanSize>.Told { Value: var size })
        {
            return (Same(Conclusion.CouldNotTell, $"{present}, and whether the plan can grow cannot be told: {((Reading<PlanSize>.NotRead)read.Plan).Why}"), null);
        }

        var scaling = PlanScaling.Of(plan, size.Body, allowed.MaxInstances, agent);
        if (scaling is not PlanScaling.Possible possible)
        {
            return (Same(Conclusion.OtherCause, $"{present}. No instance more is proposed: {((PlanScaling.Not)scaling).Why}"), null);
        }

        var ruled = await autoscale();
        if (ruled is Reading<bool>.Told { Value: true })
        {
            return (Same(Conclusion.OtherCause, $"{present}. No instance more is proposed: an autoscale setting of Azure decides the instances of plan {plan.Name} and would take it back"), null);
        }

        List<string> gaps =
        [
            .. read.Changes is Reading<IReadOnlyList<Change>>.NotRead log ? [$"Whether somebody just changed it is not known: {log.Why}."] : (string[])[],
            .. ruled is Reading<bool>.NotRead rule ? [$"Whether Azure scales the plan by itself is not known: {rule.Why}."] : (string[])[],
        ];
        return (new(Conclusion.Sick, present, past, gaps.Count == 0 ? null : string.Join(" ", gaps)), new Remedy(
            possible.Out, Provenance.Runbook, new RecoverySignal(plan, CpuMetric, "Average", "CPU", "%", PercentHistory.NormalBelow)) { Undo = possible.Undo });
    }

    private static AppServiceJudgement Same(Conclusion conclusion, string words) => new(conclusion, words, words);

    private static string Percent(double value) => AppServiceJudgement.Percent(value);
}
