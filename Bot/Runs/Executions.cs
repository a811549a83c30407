using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Telemetry;

namespace RunModes.Bot.Runs;

/// <summary>From an Approved or Cleared proposal to a result: look again, make ready, claim, look again, send once, record.</summary>
internal sealed class Executions(RunTables tables, ProposalSteps steps, ExecutionChecks checks, Sender sender, VerificationSettings verification)
{
    private static readonly TimeSpan RecordAgainAfter = TimeSpan.FromSeconds(1);
    private readonly TimeProvider _clock = sender.Clock;

    /// <returns>False when it should be tried again later.</returns>
    public async Task<bool> Execute(GatedProposal gated, CancellationToken cancellation)
    {
        using var span = Traces.Begin("execute", gated.Proposal.Incident, gated.Proposal.Span);
        Traces.Note("proposal", gated.Proposal.Id.Value);
        if (await checks.Look(gated, claimed: false, cancellation) is { } obstacle)
        {
            Traces.Note("obstacle", obstacle.Event.ToString());
            return await Stop(gated, obstacle, cancellation);
        }

        // az signs in here, which needs no permit and would use one up. What it keeps goes with it, whether the claim is won or not.
        using var ready = await sender.Executors.Preparation.Prepare(gated.Proposal.Operation, cancellation);
        if (cancellation.IsCancellationRequested)
        {
            return false;
        }

        var generation = (await tables.Ledger.Read(tables.Plans.ReadControl, cancellation)).Generation;
        switch (await ExecutionPermit.Win(sender.Claims, gated.Proposal, p => sender.Seals.Verifies(p, generation), _clock, cancellation))
        {
            case Claim.Won won:
                await Send(gated with { Proposal = won.Proposal }, won.Permit, ready, cancellation);
                return true;
            case Claim.Altered altered:
                await tables.Ledger.Write(DurableStep.TamperFound,
                    t => t.Append(AuditEntry.OfBot(_clock.GetUtcNow(), AuditKind.TamperFound, gated.Proposal.Subject, detail: altered.Why)), cancellation);
                await Finish(altered.Proposal, ExecutionResult.NotSent($"the stored proposal was altered: {altered.Why}", "Tampered"), cancellation);
                return true;
            default:
                return false;
        }
    }

    private async Task Send(GatedProposal claimed, ExecutionPermit permit, ReadyTool? ready, CancellationToken cancellation)
    {
        // Changing any fact between the claim and the first byte gives no request: what is stricter now, wins. The row itself comes last, because it is read fastest.
        var obstacle = await checks.Look(claimed, claimed: true, cancellation) is { } found ? (found.Event.ToString(), found.Why) : await OfRow(claimed.Proposal, cancellation);
        if (obstacle is ("Tampered", var what))
        {
            await tables.Ledger.Write(DurableStep.TamperFound, t => t.Append(AuditEntry.OfBot(_clock.GetUtcNow(), AuditKind.TamperFound, claimed.Proposal.Subject, detail: what)), cancellation);
        }

        var result = obstacle is var (code, why)
            ? ExecutionResult.NotSent($"since the claim something changed. {why}", code)
            : await sender.Executors.Operations.Execute(permit, ready, cancellation);
        Traces.Note("outcome", result.Running is null ? result.Outcome.ToString() : "UnderWay");
        Traces.Note("code", result.Code);
        await Record(claimed.Proposal, result);
    }

    /// <summary>The claimed row is still the claimed row, the target is nobody else's, and the time to use the approval has not run out.</summary>
    private Task<(string Code, string Why)?> OfRow(Proposal claimed, CancellationToken cancellation) => tables.Ledger.Read<(string, string)?>(
        async t =>
        {
            var generation = (await tables.Plans.ReadControl(t)).Generation;
            if (await tables.Proposals.Find(t, claimed.Id) is not { Proposal: var now } || now.Status != ProposalStatus.Executing || now.Execution?.Claim != claimed.Execution?.Claim)
            {
                return ("ClaimLost", "The execution is not this one any more.");
            }

            if (now.Fingerprint != claimed.Fingerprint || Fingerprint.Of(now.Operation) != claimed.Fingerprint || !sender.Seals.Verifies(now, generation))
            {
                return ("Tampered", "The stored proposal was altered.");
            }

            if (now.UseBy is { } useBy && useBy <= _clock.GetUtcNow())
            {
                return ("Expired", $"The time to start it ended at {useBy:u}.");
            }

            var other = (await tables.Proposals.Contesting(t, claimed.Id, claimed.Operation.TargetKey))
                .FirstOrDefault(o => o.Status == ProposalStatus.Executing || o is { Status: ProposalStatus.Indeterminate, Proposal.Annotation: null });
            return other is null ? null : ("Contested", $"{other.Proposal.Operation.Title} is {other.Status}.");
        },
        cancellation);

    /// <summary>Even while the bot stops, and as long as it takes: once something was sent, losing the answer is the worst that can happen.</summary>
    private async Task Record(Proposal claimed, ExecutionResult result)
    {
        while (true)
        {
            try
            {
                // Somebody else's write came between: what was sent is recorded all the same.
                while (!await Finish(claimed, result, CancellationToken.None))
                {
                }

                return;
            }
            catch (StoreUnavailableException)
            {
                await Task.Delay(RecordAgainAfter, _clock);
            }
        }
    }

    private Task<bool> Stop(GatedProposal gated, Obstacle obstacle, CancellationToken cancellation) => tables.Ledger.Write(DurableStep.NotStarted,
        async t =>
        {
            if (await tables.Proposals.Find(t, gated.Proposal.Id) is not { } now || now.Proposal.Version != gated.Proposal.Version)
            {
                return true;
            }

            if (obstacle.Event == ProposalEvent.FactsCannotBeTold)
            {
                // It stays as it is until its use-by; writing a row each time would only make noise.
                return false;
            }

            await steps.Take(t, now, obstacle.Event, obstacle.Why, obstacle.Change, obstacle.Verdict);
            return true;
        },
        cancellation);

    /// <summary>Only the claim that executed may say how it ended, or that it is under way.</summary>
    /// <param name="later">When nobody knows: where the answer may still turn up.</param>
    /// <returns>False when another write came first and it has to be tried again.</returns>
    public Task<bool> Finish(Proposal claimed, ExecutionResult result, CancellationToken cancellation, StoredPoll? later = null) => tables.Ledger.Write(DurableStep.ResultRecorded,
        async t =>
        {
            var now = _clock.GetUtcNow();
            if (await tables.Proposals.Find(t, claimed.Id) is not { } before || before.Proposal.Execution is not { } execution || execution.Claim != claimed.Execution?.Claim)
            {
                return true;
            }

            if (result.Running is { } running)
            {
                return before.Status is not (ProposalStatus.Executing or ProposalStatus.Indeterminate) || await Follow(t, before, execution, result, running);
            }

            var happened = result.Outcome switch
            {
                Outcome.Succeeded => ProposalEvent.ResultSucceeded,
                Outcome.Failed => ProposalEvent.ResultFailed,
                _ => ProposalEvent.ResultUnknown,
            };
            if (ProposalLifecycle.Next(before.Status, happened) is null)
            {
                await Ask(t, before, execution.Claim, before.Status == ProposalStatus.Indeterminate ? later : null);
                return true;
            }

            execution = execution with { EndedAt = now, Outcome = result.Outcome, Code = result.Code, Message = result.Message, CorrelationId = result.CorrelationId ?? execution.CorrelationId };
            if (await steps.Take(t, before, happened, "", p => p with
            {
                Execution = execution,
                Span = Traces.Current ?? p.Span,
                Verification = happened == ProposalEvent.ResultSucceeded ? Watch(p, now) : null,
            }) is null)
            {
                return false;
            }

            await tables.Proposals.SetPoll(t, claimed.Id, execution.Claim, later);
            await t.Append(AuditEntry.OfBot(now, AuditKind.ExecutionEnded, before.Proposal.Subject, before.Status.ToString(), result.Outcome.ToString(),
                $"claim {execution.Claim}, sent {result.Sent}, {result.Code}: {result.Message}; correlation {execution.CorrelationId}; trace {Correlation.Of(before.Proposal.Incident)}"));
            var mode = before.Proposal.IsAutonomous ? "Autonomous" : "Review";
            if (before.Status == ProposalStatus.Indeterminate)
            {
                Measures.LateEnd(result.Outcome.ToString(), mode);
            }
            else
            {
                Measures.Execution(result.Outcome.ToString(), mode);
            }

            return true;
        },
        cancellation);

    /// <summary>Azure still works on it: asked after again, and shown when there is something new to show.</summary>
    public Task GoOn(FollowedProposal followed, string progress, StoredPoll? next, CancellationToken cancellation) => tables.Ledger.Write(DurableStep.ProgressRecorded,
        async t =>
        {
            if (await tables.Proposals.Find(t, followed.Gated.Proposal.Id) is not { Status: ProposalStatus.Executing or ProposalStatus.Indeterminate, Proposal.Execution: { } execution } before
                || execution.Claim != followed.Claim)
            {
                return;
            }

            await Ask(t, before, execution.Claim, next);
            if (before.Status != ProposalStatus.Executing || execution.Following is not { } following || progress.Length == 0 || following.Progress == progress)
            {
                return;
            }

            var after = before with { Proposal = before.Proposal with { Execution = execution with { Following = following with { Progress = progress } } } };
            if (await tables.Proposals.Move(t, before, after))
            {
                await steps.Show(t, after, _clock.GetUtcNow());
            }
        },
        cancellation);

    /// <summary>A card that says it goes on being asked after says so no longer than that is true.</summary>
    private async Task Ask(ITransaction transaction, GatedProposal before, ClaimId claim, StoredPoll? next)
    {
        await tables.Proposals.SetPoll(transaction, before.Proposal.Id, claim, next);
        if (next is null && before is { Status: ProposalStatus.Indeterminate, Proposal.NextPoll: not null })
        {
            await steps.Show(transaction, before, _clock.GetUtcNow());
        }
    }

    /// <summary>In one write: that it is under way, and where to ask. Until this is committed a crash leaves it unknown, from then on it is asked after.</summary>
    private async Task<bool> Follow(ITransaction transaction, GatedProposal before, ExecutionRecord execution, ExecutionResult result, LongRunning running)
    {
        var now = _clock.GetUtcNow();
        var until = execution.StartedAt + before.Proposal.Operation.Limit;
        var after = before with { Proposal = before.Proposal with { Execution = execution with { CorrelationId = result.CorrelationId, Following = new(now, until, "") } } };
        if (!await tables.Proposals.Move(transaction, before, after))
        {
            return false;
        }

        await tables.Proposals.SetPoll(transaction, before.Proposal.Id, execution.Claim, new(sender.Polls.Seal(before.Proposal, running.Poll), now + running.After, until));
        await transaction.Append(AuditEntry.OfBot(now, AuditKind.ExecutionStep, before.Proposal.Subject,
            detail: $"claim {execution.Claim}: {result.Message}; asked after by {running.Poll.Kind} until {until:u}; correlation {result.CorrelationId}"));
        await steps.Show(transaction, after, now);
        return true;
    }

    /// <summary>A stored row, so that a restart goes on watching.</summary>
    private Verification? Watch(Proposal proposal, DateTimeOffset now) => proposal.Recovery is not { } signal ? null : new(
        signal, proposal.Finding.Symptom?.Value, now + verification.Settle, now + verification.Settle, now + verification.Settle + verification.GiveUpAfter, VerificationState.Watching);
}

/// <summary>What it takes to send: the claim, the seals that must verify, what hides where to ask, and the executors, of which one spends the permit.</summary>
internal sealed record Sender(IClaims Claims, Seals Seals, PollSeals Polls, Executors Executors, TimeProvider Clock);
