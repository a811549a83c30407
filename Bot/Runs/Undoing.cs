using System.Globalization;
using RunModes.Bot.Audit;
using RunModes.Bot.Cards;
using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Investigation;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>What is looked at before an undo is proposed.</summary>
internal sealed record UndoChecks(FactCollector Facts, PreconditionProbe Preconditions, PersonalLimits Limits);

/// <summary>
/// An Administrator takes back what was done. The operation was fixed with the one it undoes; it becomes a proposal of the same incident that asks with
/// its own card, once, and only while everything it depends on is as that operation left it.
/// </summary>
internal sealed class Undoing(RunTables tables, UndoChecks checks, ProposalWriter proposals, TimeProvider clock)
{
    private const string Unknown = "This card belongs to no proposal that I know. Nothing was changed.";

    /// <returns>Null when it was proposed; else why not.</returns>
    public async Task<string?> Ask(ProposalId id, Who by, CancellationToken cancellation)
    {
        var (done, origin) = await tables.Ledger.Read(
            async t => await tables.Proposals.Find(t, id) is { } found ? (found, await tables.Runs.Find(t, found.Proposal.Run)) : (null, null), cancellation);
        if (done is null || origin is null)
        {
            return Unknown;
        }

        if (done.Proposal is not { MayBeUndone: true, Undo: { } undo })
        {
            return Refusal(done.Proposal);
        }

        switch (await checks.Preconditions.Look(undo, cancellation))
        {
            case Standing.Unchanged:
                return await Propose(done, undo, origin, by, cancellation);
            case Standing.CouldNotTell unread:
                return $"{unread.Why} Nothing was changed; please try again.";
            case Standing.Gone gone:
                return await Over(done, by, gone.Why, cancellation);
            case Standing.Changed changed:
                return await Over(done, by, $"{string.Join(", ", changed.Words)}.", cancellation);
            default:
                return Unknown;
        }
    }

    private static string Refusal(Proposal proposal) => proposal switch
    {
        { Undo: null } => "Nothing is known that would take this back.",
        { Undone: { Why: { } why } } => $"It is not possible any more: {why}",
        { Undone: { } asked } => $"{asked.By.Name} asked for it already; it has a card of its own.",
        _ => "There is nothing to undo while it is not over.",
    };

    private async Task<string?> Propose(GatedProposal done, Operation undo, Run origin, Who by, CancellationToken cancellation)
    {
        var now = clock.GetUtcNow();
        var run = new Run
        {
            Id = new(Guid.CreateVersion7(now).ToString("N")), Incident = done.Proposal.Incident, Trigger = Trigger.Chat, Plan = done.Proposal.Plan, Task = done.Proposal.Task, Mode = done.Mode,
            ModeWhy = $"{by.Name} asked for it, and what a person starts asks first in every mode.", StartedBy = by, Attempt = origin.Attempt, Reason = "Undo.",
            State = RunState.Acting, CreatedAt = now, DueAt = now, StartedAt = now, Version = 1,
        };
        run = run with { Finding = Finding(done.Proposal, by, now) };
        var known = await checks.Facts.Collect(new Candidate(undo, Provenance.Runbook, run, run.Finding), cancellation);
        return await tables.Ledger.Write(DurableStep.UndoProposed, t => Insert(t, done, run, new Remedy(undo, Provenance.Runbook, Recovery: null), known, by), cancellation);
    }

    private async Task<string?> Insert(ITransaction transaction, GatedProposal done, Run run, Remedy remedy, Facts known, Who by)
    {
        await PersonalLimits.Hold(transaction, by);
        if ((await tables.Runs.OfIncident(transaction, run.Incident)).Any(r => r.State != RunState.Ended))
        {
            return "A run of this incident is under way. Please wait until it is over.";
        }

        if (await checks.Limits.Reached(transaction, by) is { } many)
        {
            return many;
        }

        // Of two clicks one wins this write, and the offer is used up with it.
        if (await tables.Proposals.Find(transaction, done.Proposal.Id) is not { Proposal: { MayBeUndone: true } } before
            || !await tables.Proposals.Move(transaction, before, before with { Proposal = before.Proposal with { Undone = new(by, run.CreatedAt) } }))
        {
            return "Somebody else was faster. The card shows what became of it.";
        }

        var plan = run.Plan is { } name ? await tables.Plans.Find(transaction, name.ToLowerInvariant()) : null;
        await tables.Runs.Insert(transaction, run);
        await transaction.Append(AuditEntry.Of(run.CreatedAt, AuditKind.RunStarted, Actor(by), run.Subject, after: run.Mode.ToString(),
            detail: $"incident/{run.Incident}, undo of {done.Proposal.Subject}. {run.ModeWhy}"));
        var (happened, verdict) = proposals.Judge(run, plan, run.Finding!, remedy, known);
        await proposals.Insert(transaction, run, plan, run.Finding!, remedy, known, verdict, happened);
        await proposals.Refresh(transaction, before);
        return null;
    }

    /// <summary>What it depended on is gone for good: the offer goes with it, and the card says why.</summary>
    private Task<string?> Over(GatedProposal done, Who by, string why, CancellationToken cancellation) => tables.Ledger.Write<string?>(DurableStep.UndoProposed,
        async t =>
        {
            var now = clock.GetUtcNow();
            if (await tables.Proposals.Find(t, done.Proposal.Id) is { Proposal: { MayBeUndone: true } } before
                && await tables.Proposals.Move(t, before, before with { Proposal = before.Proposal with { Undone = new(by, now, why) } }))
            {
                await t.Append(AuditEntry.Of(now, AuditKind.CommandRefused, Actor(by), before.Proposal.Subject, detail: $"undo: {why}"));
                await proposals.Refresh(t, before);
            }

            return $"It is not possible any more. {why}";
        },
        cancellation);

    private static Finding Finding(Proposal done, Who by, DateTimeOffset now)
    {
        var ended = done.Execution?.EndedAt ?? done.CreatedAt;
        var words = string.Create(CultureInfo.InvariantCulture, $"{by.Name} asks to take back: {done.Operation.Title}, done at {ended.UtcDateTime:HH:mm} UTC");
        List<Evidence> evidence = [new("Found then", done.Finding.Present)];
        if (done.Verification is { } watch)
        {
            evidence.Add(new("Measured since", $"{watch.Signal.Label} {OperationWords.BeforeAfter(watch)}"));
        }

        return new(Conclusion.Sick, done.Finding.Subject, words, words, evidence, Symptom: null, now) { Asked = true };
    }

    private static AuditActor Actor(Who by) => AuditActor.Person(by.TenantId, by.ObjectId, by.Name);
}
