using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Execution;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <summary>
/// Looks at the facts again while a card waits, so that nobody is asked about what is no longer so. What changed is told once, in a new
/// revision that says why; what could not be read changes nothing but one line of the card.
/// </summary>
internal sealed class ProposalWatch(RunTables tables, FactCollector facts, TargetFacts target, ProposalSteps steps, TimeProvider clock)
{
    /// <summary>Between two looks; the first comes after half of it.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(2);

    /// <summary>Facts that go on changing are noise in a channel; what is approved is compared once more anyway.</summary>
    public const int MostRevisions = 4;

    private static readonly string Enough =
        $"The facts changed more than {MostRevisions} times while this waited, so further changes are not asked about one by one. What is approved is compared once more before it runs.";

    private sealed record Seen(Mandate Mandate, Facts Known, TargetNow Target);

    public async Task Look(Wait due, CancellationToken cancellation)
    {
        if (await tables.Ledger.Write(DurableStep.WatchTaken, t => tables.Waits.Take(t, due, clock.GetUtcNow() + Interval), cancellation)
            && await Find(due.Proposal, cancellation) is { } gated && gated.Proposal.Revision == due.Revision)
        {
            await Look(gated, cancellation);
        }
    }

    /// <summary>The source says that it is over. Nobody believes it unmeasured, but whoever is asked should know.</summary>
    public async Task Remeasure(GatedProposal said, CancellationToken cancellation)
    {
        var measured = await target.Symptom(said.Proposal, cancellation);
        await tables.Ledger.Write(DurableStep.Remeasured,
            async t =>
            {
                if (await tables.Proposals.Find(t, said.Proposal.Id) is { Status: ProposalStatus.AwaitingApproval } now
                    && now.Proposal.Waiting.Revisions < MostRevisions && OfSymptom(now.Proposal, measured) is { } step)
                {
                    await steps.Take(t, now, step.Event, step.Why, step.Change);
                }

                await tables.Proposals.Remeasured(t, said.Proposal.Id);
            },
            cancellation);
    }

    private async Task Look(GatedProposal gated, CancellationToken cancellation)
    {
        var (run, mandate) = await tables.Ledger.Read(
            async t => (await tables.Runs.Find(t, gated.Proposal.Run), await tables.MandateOf(t, gated.Proposal)), cancellation);
        if (run is null)
        {
            return;
        }

        var known = facts.Collect(new Candidate(gated.Proposal.Operation, gated.Proposal.Provenance, run, gated.Proposal.Finding, gated.Proposal) { Watching = true }, cancellation);
        var looked = target.Look(gated.Proposal, cancellation);
        await Task.WhenAll(known, looked);
        var seen = new Seen(mandate, await known, await looked);
        var step = Judge(gated.Proposal, seen);
        if (step is not null && (step.Event is not (ProposalEvent.FactsChanged or ProposalEvent.RecoveredByItself) || gated.Proposal.Waiting.Revisions < MostRevisions))
        {
            await tables.Ledger.Write(DurableStep.WatchedFactChanged, async t => await Same(t, gated) is { } now ? await steps.Take(t, now, step.Event, step.Why, step.Change, step.Verdict) : null, cancellation);
        }
        else
        {
            await Note(gated, step is not null ? Enough : Unread(seen), cancellation);
        }
    }

    /// <returns>Null while nothing is known that was not told.</returns>
    private static Obstacle? Judge(Proposal proposal, Seen seen)
    {
        if (proposal.GoneFrom(seen.Mandate) is { } over)
        {
            return new(ProposalEvent.PlanOrTargetGone, $"{over} while this waited.");
        }

        if (seen.Target.Gone is { } gone)
        {
            return new(ProposalEvent.PlanOrTargetGone, gone);
        }

        var verdict = seen.Known.Verdict;
        var preflight = seen.Known.Preflight;
        if (verdict.Kind == VerdictKind.Refuse)
        {
            return new(ProposalEvent.GateRefuses, string.Join(" ", verdict.Reasons), verdict);
        }

        // A stop leaves the card where it is, and what could not be read is no news.
        if (verdict.Kind == VerdictKind.Blocked && seen.Known.Gate.Stop.State == StopState.Running
            && (preflight.Permission.State == PermissionState.Missing || preflight.Lock.State == LockState.Forbids))
        {
            return new(ProposalEvent.GateBlocks, "It could have been approved until now; since it was posted, this changed.", verdict, p => p with { Permission = preflight.Permission.Words });
        }

        var news = seen.Target.Changes.Where(c => c.IsUntold(proposal.Waiting)).ToList();
        return news.Count == 0
            ? OfSymptom(proposal, seen.Target)
            : new(ProposalEvent.FactsChanged, string.Join(" ", news.Select(n => n.Words)),
                Change: p => Counted(p.Depending(seen.Target.Operation), p.Waiting.Tell(news.Select(n => n.Key).OfType<string>())));
    }

    /// <summary>Recovered is told once, and so is that it came back.</summary>
    private static Obstacle? OfSymptom(Proposal proposal, TargetNow now) => (now.Recovered, proposal.Waiting.HasTold(Waiting.Recovered)) switch
    {
        (true, false) => new(ProposalEvent.RecoveredByItself, $"It recovered by itself: {now.Measured}.", Change: p => Counted(p, p.Waiting.Tell([Waiting.Recovered]))),
        (false, true) => new(ProposalEvent.FactsChanged, $"It had recovered by itself, and is back: {now.Measured}.",
            Change: p => Counted(p, p.Waiting with { Told = [.. p.Waiting.Told.Where(k => k != Waiting.Recovered)] })),
        _ => null,
    };

    private static Proposal Counted(Proposal proposal, Waiting waiting) => proposal with { Waiting = waiting with { Revisions = waiting.Revisions + 1, Note = "" } };

    private static string Unread(Seen seen)
    {
        var preflight = seen.Known.Preflight;
        string?[] unread =
        [
            seen.Target.Unread,
            preflight.Permission.State == PermissionState.CouldNotTell ? "The agent's permissions could not be read." : null,
            preflight.Lock.State == LockState.CouldNotTell ? "The locks could not be read." : null,
        ];
        var words = string.Join(" ", unread.OfType<string>());
        return words.Length == 0 ? "" : $"Not everything could be looked at again while this waits. {words}";
    }

    /// <summary>One line, written when it changes and not at every look.</summary>
    private async Task Note(GatedProposal gated, string note, CancellationToken cancellation)
    {
        // Once the facts change too often to be told, that stays said.
        if (gated.Proposal.Waiting.Note == note || (gated.Proposal.Waiting.Note == Enough && note.Length == 0))
        {
            return;
        }

        await tables.Ledger.Write(DurableStep.WatchNoted,
            async t =>
            {
                if (await Same(t, gated) is { } now)
                {
                    var after = now with { Proposal = now.Proposal with { Waiting = now.Proposal.Waiting with { Note = note } } };
                    if (await tables.Proposals.Move(t, now, after))
                    {
                        await steps.Refresh(t, after, clock.GetUtcNow());
                    }
                }
            },
            cancellation);
    }

    private Task<GatedProposal?> Find(ProposalId id, CancellationToken cancellation) => tables.Ledger.Read(
        async t => await tables.Proposals.Find(t, id) is { Status: ProposalStatus.AwaitingApproval, Proposal.DeliveredAt: not null } gated ? gated : null, cancellation);

    /// <returns>Null when it was decided, or changed otherwise, while Azure was being asked.</returns>
    private async Task<GatedProposal?> Same(ITransaction transaction, GatedProposal looked) =>
        await tables.Proposals.Find(transaction, looked.Proposal.Id) is { } now && now.Proposal.Version == looked.Proposal.Version ? now : null;
}
