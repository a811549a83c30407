using System.Security.Cryptography;
using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Telemetry;

namespace RunModes.Bot.Incidents;

internal sealed record Weighed(MergeFacts Facts, PlanMatch Match, Merge Merge);

/// <summary>
/// Takes an authenticated alert in: incident, firing, audit rows and what is asked of the runs are one transaction, and only its commit is
/// an answer. It investigates nothing itself.
/// </summary>
internal sealed class IncidentInbox(ILedger ledger, IIncidents incidents, IPlans plans, IRunQueue runs, TimeProvider time)
{
    private const int Tries = 5;

    /// <summary>The same id for a duplicate and for every firing that joins.</summary>
    /// <exception cref="StoreUnavailableException">Nothing was stored.</exception>
    public async Task<IncidentId> TakeIn(Alert alert, CancellationToken cancellation)
    {
        for (var tries = 0; tries < Tries; tries++)
        {
            if (await ledger.Write(DurableStep.AlertTakenIn, transaction => TryTakeIn(transaction, alert), cancellation) is { } incident)
            {
                return incident;
            }
        }

        throw new StoreUnavailableException("The incident kept changing.");
    }

    /// <returns>Null when another delivery changed the incident first; nothing was written.</returns>
    private async Task<IncidentId?> TryTakeIn(ITransaction transaction, Alert alert)
    {
        // The same delivery twice at once, whether or not it names a target.
        await transaction.Lock($"alert/{alert.SourceKey}");
        var (facts, match, merge) = await Weigh(transaction, alert);
        return merge switch
        {
            Merge.Duplicate duplicate => duplicate.Incident,
            Merge.NewIncident opens => await Open(transaction, alert, facts, match, opens),
            Merge.RecordOnly records => await Record(transaction, alert, facts, records.Because),
            _ => await Join(transaction, alert, facts, match, merge),
        };
    }

    /// <summary>What the alert means for what is stored; writes nothing.</summary>
    public async Task<Weighed> Weigh(ITransaction transaction, Alert alert)
    {
        var now = time.GetUtcNow();
        var latest = await Latest(transaction, alert);
        var facts = new MergeFacts(
            await incidents.FiringsOf(transaction, alert.SourceKey),
            latest,
            latest is null ? Situation.NeverRun : await runs.SituationOf(transaction, latest.Id),
            null,
            now);
        var match = await PlanFor(transaction, alert, facts);
        facts = facts with { Plan = match.Plan };
        return new(facts, match, Merging.Decide(alert, facts));
    }

    /// <summary>What the source itself holds together comes first: a title is edited while people work. A firing still never joins another target.</summary>
    private async Task<Incident?> Latest(ITransaction transaction, Alert alert)
    {
        if (alert.EventId is not null && await incidents.FindByAlert(transaction, alert.Platform, alert.AlertId) is { } known
            && (known.TargetKey == alert.TargetKey || alert.Condition is AlertCondition.Resolved or AlertCondition.Unknown))
        {
            return known;
        }

        return alert.Target is null ? null : await incidents.FindLatest(transaction, alert.Platform, alert.RuleKey, alert.TargetKey);
    }

    /// <summary>The incident that a run would be about.</summary>
    public static Incident Preview(Alert alert, Weighed weighed) => weighed.Merge is Merge.Reinvestigate again
        ? Joined(again.Incident, alert, weighed.Facts)
        : NewOf(alert, weighed.Facts, weighed.Match.Plan, weighed.Match.Why);

    private async Task<PlanMatch> PlanFor(ITransaction transaction, Alert alert, MergeFacts facts)
    {
        if (alert.Target is null)
        {
            return new(null, new(RunMode.Review, ModeSource.Agent), false, $"No usable target: {alert.TargetProblem}");
        }

        var (all, agentDefault) = (await plans.All(transaction), (await plans.ReadControl(transaction)).DefaultMode);
        var match = PlanRouter.Match(Routed.Of(alert), all, agentDefault);
        if (facts.Latest is not { } latest || !facts.InWindow(alert))
        {
            return match;
        }

        // A milder firing of a severe incident is still the severe incident, and an incident never gets a looser mode than it began with.
        var merged = PlanRouter.Match(Routed.Of(alert) with { Severity = Severity.Highest(alert.Platform, latest.Severity, alert.Severity) }, all, agentDefault);
        return merged.Plan is { MergeEnabled: false } ? match : StricterOf(merged, latest, all, agentDefault);
    }

    private static PlanMatch StricterOf(PlanMatch match, Incident latest, IReadOnlyList<ResponsePlan> all, RunMode? agentDefault)
    {
        if (match.Mode.Mode == RunMode.Review || latest.Plan is null || latest.Plan == match.Plan?.Name)
        {
            return match;
        }

        var earlier = all.FirstOrDefault(p => p.Name == latest.Plan);
        return earlier is not null && Gate.RunModes.Resolve(earlier.Mode, earlier.Name, null, null, agentDefault).Mode == RunMode.Autonomous
            ? match
            : match with { Mode = match.Mode with { Mode = RunMode.Review }, MergedStricter = true };
    }

    private async Task<IncidentId> Open(ITransaction transaction, Alert alert, MergeFacts facts, PlanMatch match, Merge.NewIncident opens)
    {
        var runsNow = match.Plan is not null;
        var incident = NewOf(alert, facts, match.Plan, match.Why) with { Attempts = runsNow ? 1 : 0 };
        await incidents.Insert(transaction, incident);
        await Store(transaction, alert, incident, facts.Now, opens.Because);
        if (opens.ReusedId)
        {
            await transaction.Append(AuditEntry.OfBot(facts.Now, AuditKind.AlertReceived, incident.Subject,
                before: string.Join(", ", facts.SameSource.Select(f => $"incident/{f.Incident}").Distinct()),
                after: incident.Subject, detail: $"The alert id {alert.AlertId} was delivered before with other content: kept apart."));
        }

        if (runsNow)
        {
            await runs.Enqueue(transaction, new(incident, match.Mode, match.ModeWhy, null));
        }

        return incident.Id;
    }

    private async Task<IncidentId> Record(ITransaction transaction, Alert alert, MergeFacts facts, string because)
    {
        var incident = NewOf(alert, facts, null, because) with { State = IncidentState.Closed, ResolvedAt = alert.ResolvedAt };
        await incidents.Insert(transaction, incident);
        await Store(transaction, alert, incident, facts.Now, because);
        return incident.Id;
    }

    private async Task<IncidentId?> Join(ITransaction transaction, Alert alert, MergeFacts facts, PlanMatch match, Merge merge)
    {
        var (before, became) = merge switch
        {
            Merge.Reinvestigate again => (again.Incident, again.Reason),
            Merge.HandOver over => (over.Incident, over.Reason),
            Merge.NoticeAfterDeny denied => (denied.Incident, "It fired again after a Deny."),
            Merge.Resolved resolved => (resolved.Incident, "The source says it is over."),
            Merge.JoinsAndCounts counts => (counts.Incident, counts.Because),
            _ => throw new InvalidOperationException($"{merge.GetType().Name} does not join."),
        };
        var after = Joined(before, alert, facts);
        after = merge switch
        {
            Merge.Reinvestigate => after with { Plan = match.Plan!.Name, PlanWhy = match.Why, Attempts = before.Attempts + 1, State = IncidentState.Open },
            Merge.HandOver => after with { HandedOverAt = facts.Now },
            _ => after,
        };
        if (!await incidents.Update(transaction, after, before.Version))
        {
            return null;
        }

        after = after with { Version = before.Version + 1 };
        await Store(transaction, alert, after, facts.Now, became);
        await (merge switch
        {
            Merge.Reinvestigate => runs.Enqueue(transaction, new(after, match.Mode, match.ModeWhy, became)),
            Merge.Resolved => runs.Remeasure(transaction, after),
            Merge.HandOver => runs.Tell(transaction, after, IncidentNews.HandedOver),
            Merge.NoticeAfterDeny => runs.Tell(transaction, after, IncidentNews.FiredAfterDeny),
            _ => runs.Tell(transaction, after, IncidentNews.Counted),
        });
        return after.Id;
    }

    private static Incident Joined(Incident before, Alert alert, MergeFacts facts) => alert.Condition switch
    {
        AlertCondition.Fired => before with
        {
            Firings = before.Firings + 1,
            LastFiredAt = facts.FiredAt(alert) > before.LastFiredAt ? facts.FiredAt(alert) : before.LastFiredAt,
            Severity = Severity.Highest(alert.Platform, before.Severity, alert.Severity),
            AlertId = alert.AlertId,
            ResolvedAt = null,
        },
        AlertCondition.Resolved => before with { ResolvedAt = alert.ResolvedAt ?? facts.Now },
        AlertCondition.Reprioritised => before with { Severity = Severity.Highest(alert.Platform, before.Severity, alert.Severity) },
        _ => before,
    };

    private static Incident NewOf(Alert alert, MergeFacts facts, ResponsePlan? plan, string why)
    {
        var firedAt = facts.FiredAt(alert);
        var id = new IncidentId(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(12)));
        return new()
        {
            Id = id,
            RootSpan = Traces.Root(id, alert.Platform.ToString(), plan?.Name),
            Platform = alert.Platform,
            Rule = alert.Rule,
            Title = alert.Title,
            Severity = alert.Severity,
            SignalType = alert.SignalType,
            Target = alert.Target,
            TargetProblem = alert.TargetProblem,
            Description = alert.Description,
            AlertId = alert.AlertId,
            Plan = plan?.Name,
            PlanWhy = why,
            FirstFiredAt = firedAt,
            LastFiredAt = firedAt,
            MergeUntil = firedAt + (plan?.MergeWindow ?? ResponsePlan.DefaultMergeWindow),
            Firings = alert.Condition is AlertCondition.Fired or AlertCondition.Reprioritised ? 1 : 0,
            Attempts = 0,
            Version = 1,
        };
    }

    private async Task Store(ITransaction transaction, Alert alert, Incident incident, DateTimeOffset now, string became)
    {
        using var span = Traces.Begin("firing", incident.Id, incident.RootSpan);
        await incidents.AddFiring(transaction, new(
            incident.Id, alert.SourceKey, alert.DedupeKey, alert.ContentHash, alert.AlertId, alert.Condition, alert.Severity, alert.FiredAt, now, became, alert.EventId));
        await transaction.Append(AuditEntry.OfBot(now, AuditKind.AlertReceived, incident.Subject,
            after: $"{alert.Platform} {alert.Condition} {alert.Severity}", detail: $"{alert.Rule} on {alert.Target?.Value ?? alert.TargetProblem}, from {alert.Caller}. {became} Trace {Correlation.Of(incident.Id)}"));
    }
}
