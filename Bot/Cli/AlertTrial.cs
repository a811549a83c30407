using RunModes.Bot.Cards;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Investigation;
using RunModes.Bot.Proposals;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Cli;

/// <summary>An alert as if it came now: router, runbooks and gate as in a run, and no row, message or change of it.</summary>
internal sealed class AlertTrial(RunTables tables, IncidentInbox inbox, IInvestigator investigator, FactCollector facts, TrialParts parts)
{
    private const string Unchanged = "Nothing was changed or started.";

    public async Task<IReadOnlyList<string>> Tell(Alert alert, CancellationToken cancellation)
    {
        var weighed = await tables.Ledger.Read(t => inbox.Weigh(t, alert), cancellation);
        var match = weighed.Match;
        var mode = match.Mode;
        List<string> lines =
        [
            $"Alert: {alert.Platform} {alert.Condition} {alert.Severity} · {alert.Title} on {alert.Target?.Value ?? $"no resource ({alert.TargetProblem})"}",
            $"Incident: {Becomes(weighed.Merge)}",
            $"Plan: {(match.Plan is { } chosen ? $"{chosen.Name}{(chosen.Enabled ? "" : " (paused)")}" : "none")}. {match.Why}",
        ];
        if (match.Plan is not { } plan || weighed.Merge is not (Merge.NewIncident or Merge.Reinvestigate))
        {
            return [.. lines, match.Plan is null ? "Then: it is stored and listed under 'unmatched', and never acted on." : "Then: no run is started.", Unchanged];
        }

        lines.Add($"Mode: {mode}.{(match.ModeWhy is { } why ? $" {why}" : "")}");
        var incident = IncidentInbox.Preview(alert, weighed);
        lines.Add($"Looks: {(investigator.WouldLook(incident, plan) is [var runbook, ..] ? $"runbook {runbook}, as Azure is at this moment" : "no runbook of this plan fits")}");
        var investigated = await investigator.Investigate(incident, plan, cancellation);
        var finding = investigated.Finding;
        lines.Add($"Found: {finding.Present.TrimEnd('.')}. ({finding.Conclusion})");
        lines.AddRange(finding.Evidence.Select(e => $"  {e.Label}: {e.Text}"));
        lines.AddRange(plan.Tools.Select(t => $"Would use, without asking: {t}"));
        if (investigated.Remedy is not { } remedy)
        {
            return [.. lines, "Proposes: nothing; the finding would be told in the channel.", Unchanged];
        }

        lines.Add($"Proposes: {remedy.Operation.Title}. {OperationWords.Impact(remedy.Operation)}");
        lines.AddRange(remedy.Operation.Lines.Select(l => $"  {l}"));
        var run = RunOf(incident, plan.Name, match);
        var known = await facts.Collect(new Candidate(remedy.Operation, remedy.Provenance, run, finding), cancellation);
        // The incident is in no store, so what was measured since it fired is told here.
        known = known with { Gate = known.Gate with { Symptom = FactCollector.IsNewerThan(finding, incident) ? Symptom.MeasuredByBot : Symptom.NotMeasured } };
        var (_, verdict) = parts.Writer.Judge(run, plan, finding, remedy, known);
        lines.Add($"Verdict: {verdict.Kind}. {string.Join(" ", verdict.Reasons)}");
        return [.. lines, $"Then: {Then(verdict.Kind)}", Unchanged];
    }

    private static string Becomes(Merge merge) => merge switch
    {
        Merge.Duplicate same => $"none; it was delivered before, as incident/{same.Incident}.",
        Merge.NewIncident opens => $"a new one. {opens.Because}",
        Merge.Reinvestigate again => $"joins {again.Incident.Subject}, which is looked into again. {again.Reason}",
        Merge.JoinsAndCounts joins => $"joins {joins.Incident.Subject} and is counted. {joins.Because}",
        Merge.NoticeAfterDeny denied => $"joins {denied.Incident.Subject}, which was denied: a notice with 'Investigate again' is posted.",
        Merge.HandOver over => $"joins {over.Incident.Subject}, which is handed over to people. {over.Reason}",
        Merge.Resolved over => $"joins {over.Incident.Subject}, which is measured again.",
        Merge.RecordOnly only => $"recorded only. {only.Because}",
        _ => throw new InvalidOperationException($"A merge nobody knows: {merge.GetType().Name}."),
    };

    private static string Then(VerdictKind verdict) => verdict switch
    {
        VerdictKind.Proceed => "it is executed without asking, once everything was looked at again, and reported.",
        VerdictKind.AskFirst => "a card asks for approval; nothing runs before an Administrator approves.",
        VerdictKind.Blocked => "a card says what stands in the way, with Re-check; nothing runs.",
        _ => "it is refused in every mode, and the card says why.",
    };

    private Run RunOf(Incident incident, string plan, PlanMatch match)
    {
        var now = parts.Clock.GetUtcNow();
        return new()
        {
            Id = new("simulated"), Incident = incident.Id, Trigger = Trigger.Incident, Plan = plan, Mode = match.Mode, ModeWhy = match.ModeWhy, Attempt = 1,
            State = RunState.Investigating, CreatedAt = now, DueAt = now, Version = 1,
        };
    }
}

internal sealed record TrialParts(ProposalWriter Writer, TimeProvider Clock);
