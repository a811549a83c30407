using RunModes.Bot.Approvals;
using RunModes.Bot.Execution;
using RunModes.Bot.Gate;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Runs;

/// <param name="Self">The proposal itself, once there is one: it does not contest itself.</param>
/// <param name="Claimed">It was claimed already, and counts towards the budget it was claimed from.</param>
internal sealed record Candidate(Operation Operation, Provenance Provenance, Run Run, Finding Finding, Proposal? Self = null, bool Claimed = false)
{
    /// <summary>Looked at now and then while a card waits.</summary>
    public bool Watching { get; init; }
}

/// <param name="Permission">What was established about the agent's rights, in words for the card.</param>
internal sealed record Facts(GateFacts Gate, Preflight Preflight)
{
    public Verdict Verdict => ApprovalGate.Judge(Gate);

    /// <summary>Something could not be read, as against: was read and forbids.</summary>
    public bool CouldNotTell => Preflight.Permission.State == PermissionState.CouldNotTell || Preflight.Lock.State == LockState.CouldNotTell
        || Gate.Stop.State == StopState.CouldNotTell;
}

/// <summary>Asks everybody the gate does not ask itself, anew each time. Rights alone may be half a minute old, and only where nobody decides or executes by them.</summary>
internal sealed class FactCollector(RunTables tables, FactCollector.Sources sources, OwnResources own, AutonomyBudget budget, TimeProvider clock)
{
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(15);

    /// <summary>A minute's sample is as new as its end.</summary>
    private static readonly TimeSpan SampleLength = TimeSpan.FromMinutes(1);

    /// <summary>Whom it asks outside the store.</summary>
    internal sealed record Sources(PermissionProbe Permissions, OperationHooks Hooks);

    public async Task<Facts> Collect(Candidate candidate, CancellationToken cancellation)
    {
        var probed = sources.Permissions.Look(candidate.Operation, anew: candidate is { Self: not null, Watching: false }, cancellation);
        var hooked = sources.Hooks.Before(candidate, cancellation);
        await Task.WhenAll(probed, hooked);
        var preflight = await probed;
        return new(await FromStore(candidate, preflight, await hooked, cancellation), preflight);
    }

    public static bool IsNewerThan(Finding finding, Incident? incident) =>
        finding is { Symptom: { } symptom, Gap: null } && incident is not null && symptom.At + SampleLength > incident.LastFiredAt;

    private Task<GateFacts> FromStore(Candidate candidate, Preflight preflight, Fact<HookOpinion> hook, CancellationToken cancellation) => tables.Ledger.Read(
        async t =>
        {
            var now = clock.GetUtcNow();
            var control = await tables.Plans.ReadControl(t);
            var incident = await tables.Incidents.Find(t, candidate.Run.Incident);
            var mandate = await tables.MandateOf(t, candidate.Run);
            var used = await tables.Proposals.AutonomyUsed(t, candidate.Operation.TargetKey, Fingerprint.IntentKey(candidate.Operation), candidate.Run.Plan ?? candidate.Run.Task, now);
            used = candidate.Claimed ? new(used.OnTarget - 1, used.OfPlan - 1, used.OfBot - 1, used.SameIntentToday - 1) : used;
            return new GateFacts
            {
                Guardrails = Guardrails.Check(candidate.Operation, own.Ids, mandate.Plan?.MaxInstances ?? MostOfStep(candidate)),
                Effect = candidate.Operation.Effect,
                Hook = await Stricter(t, hook, candidate.Operation),
                Stop = control.Stopped
                    ? new(StopState.Stopped, $"The emergency stop is on: pressed by {control.StoppedBy}, since {control.StoppedAt:u}. An Administrator ends it with 'start'.")
                    : new(StopState.Running),
                Lock = preflight.Lock,
                Permission = preflight.Permission,
                Mode = StricterOf(candidate.Run, mandate, control),
                Provenance = candidate.Provenance,
                Contest = await Contest(t, candidate),
                Starter = candidate.Run.StartedBy is { } person ? new(Starter.UnconfirmedPerson, $"{person.Name} started it.") : new(Starter.Trigger),
                Budget = used.Exceeded(budget) is { } exceeded ? new(Gate.Budget.UsedUp, exceeded) : new(Gate.Budget.Left),
                StartedLate = now - (candidate.Run.ScheduledFor ?? candidate.Run.CreatedAt) > Late,
                Symptom = IsNewerThan(candidate.Finding, incident) ? Gate.Symptom.MeasuredByBot : Gate.Symptom.NotMeasured,
            };
        },
        cancellation);

    /// <summary>The number that an Administrator wrote into a task is the most that the task may scale to.</summary>
    private static int? MostOfStep(Candidate candidate) => candidate is { Provenance: Provenance.AdministratorText, Run: { Task: not null, Steps: not null }, Operation: Operation.ArmCall { Parameters: OperationParameters.Scale { To: var to } } } ? to : null;

    /// <summary>What a hook held against the last thing that was done to the target makes the next one ask.</summary>
    private async Task<Fact<HookOpinion>> Stricter(Audit.ITransaction transaction, Fact<HookOpinion> hook, Operation operation) =>
        hook.State == HookOpinion.None && await sources.Hooks.Objection(transaction, operation.TargetKey) is { } objection ? new(HookOpinion.Ask, objection) : hook;

    /// <summary>The mode is pinned when the run starts; a tightening since then still counts, a loosening does not.</summary>
    private static EffectiveMode StricterOf(Run run, Mandate mandate, Control control)
    {
        if (run.Mode.Mode == RunMode.Review || (run.Plan is null && run.Task is null))
        {
            return run.Mode;
        }

        var now = mandate.ModeUnder(control);
        return now.Mode == RunMode.Review ? now : run.Mode;
    }

    private async Task<Fact<Contest>> Contest(Audit.ITransaction transaction, Candidate candidate)
    {
        foreach (var other in await tables.Proposals.Contesting(transaction, candidate.Self?.Id, candidate.Operation.TargetKey, candidate.Finding.At))
        {
            // A Deny holds as long as its incident is open, and of the same operation for a day whatever the incident; a proposal of this same
            // incident is superseded, not contested. Between two that nobody works on yet the younger waits behind the older; and what ran there
            // since the symptom was measured may have mended it.
            var older = candidate.Self is not { } self || other.Proposal.IsOlderThan(self);
            var counts = other.Status switch
            {
                ProposalStatus.Denied => Denials.Holds(other.Proposal, candidate.Operation, clock.GetUtcNow())
                    || (await tables.Incidents.Find(transaction, other.Proposal.Incident))?.State != IncidentState.Closed,
                ProposalStatus.AwaitingApproval => older && other.Proposal.Incident != candidate.Run.Incident,
                ProposalStatus.Cleared => older,
                _ => true,
            };
            if (counts && other.Proposal is { Status: ProposalStatus.Denied, Decision: { } deny })
            {
                return new(Gate.Contest.Contested, $"{deny.By.Name} denied {other.Proposal.Operation.Title} at {deny.At:u}{(deny.Reason is { Length: > 0 } reason ? $": {reason}" : ".")}");
            }

            if (counts)
            {
                return new(Gate.Contest.Contested, $"Another proposal concerns {other.Proposal.Operation.TargetName}: {other.Proposal.Operation.Title} is {other.Status}.");
            }
        }

        return new(Gate.Contest.Free);
    }
}
