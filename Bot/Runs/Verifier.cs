using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Investigation;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Telemetry;

namespace RunModes.Bot.Runs;

/// <summary>Measures whether it helped. Only samples that begin after completion and settling count; no sample is "could not tell", never "recovered".</summary>
internal sealed class Verifier(RunTables tables, ProposalSteps steps, SignalReader signals, VerificationSettings settings, TimeProvider clock)
{
    private static readonly TimeSpan RunningMinute = TimeSpan.FromMinutes(1);

    public async Task Check(GatedProposal gated, CancellationToken cancellation)
    {
        if (gated.Proposal.Verification is not { State: VerificationState.Watching } watch || watch.DueAt > clock.GetUtcNow())
        {
            return;
        }

        using var span = Traces.Begin("verify", gated.Proposal.Incident, gated.Proposal.Span);
        var reading = await signals.Samples(watch.Signal, watch.NotBefore, clock.GetUtcNow() + RunningMinute, cancellation);
        var now = clock.GetUtcNow();
        var latest = reading is MetricReading.Samples { Points: var points } ? points[^1] : (Sample?)null;
        var next = Judge(watch, latest, now);
        Traces.Note("state", next.State.ToString());
        await tables.Ledger.Write(DurableStep.Verified,
            async t =>
            {
                if (await tables.Proposals.Find(t, gated.Proposal.Id) is not { Proposal.Verification.State: VerificationState.Watching } before)
                {
                    return;
                }

                var after = before with { Proposal = before.Proposal with { Verification = next, Span = next.State == VerificationState.Watching ? before.Proposal.Span : Traces.Current ?? before.Proposal.Span } };
                if (!await tables.Proposals.Move(t, before, after) || next.State == VerificationState.Watching)
                {
                    return;
                }

                await t.Append(AuditEntry.OfBot(now, AuditKind.VerificationEnded, after.Proposal.Subject, watch.State.ToString(), next.State.ToString(),
                    $"{watch.Signal.Metric}: {watch.Before:0.##} → {next.After:0.##} {watch.Signal.Unit}, sample {next.SampledAt:u}; trace {Correlation.Of(after.Proposal.Incident)}"));
                await steps.Show(t, after, now);
            },
            cancellation);
    }

    private Verification Judge(Verification watch, Sample? latest, DateTimeOffset now)
    {
        watch = latest is { } sample ? watch with { After = sample.Value, SampledAt = sample.Start } : watch;
        if (latest is { } normal && watch.Signal.IsNormal(normal.Value))
        {
            return watch with { State = VerificationState.Recovered };
        }

        if (now >= watch.GiveUpAt)
        {
            return watch with { State = watch.After is null ? VerificationState.CouldNotTell : VerificationState.NotRecovered };
        }

        var due = now + settings.Interval;
        return watch with { DueAt = due < watch.GiveUpAt ? due : watch.GiveUpAt };
    }
}
