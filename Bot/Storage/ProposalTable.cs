using RunModes.Bot.Approvals;
using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;

namespace RunModes.Bot.Storage;

/// <summary>Proposals: every change is one conditional statement, and the claim is the one that turns a permission into an execution.</summary>
internal sealed partial class ProposalTable(ILedger ledger, AutonomyBudget budget, ClockSkew skew, Unreadable unreadable, TimeProvider clock) : IProposals, IClaims
{
    private const string Columns = "version, revision, status, claim_id, operation, fingerprint, document, poll_at";

    /// <summary>Equal, above or below, by normalised key.</summary>
    private const string Overlaps =
        "(target_key = @target OR substr(target_key, 1, length(@target) + 1) = @target || '/' OR substr(@target, 1, length(target_key) + 1) = target_key || '/')";

    public Task Insert(ITransaction transaction, GatedProposal proposal) => transaction.Unit().Execute(
        """
        INSERT INTO proposals (id, version, revision, run_id, incident_id, plan_key, task_key, status, target_key, intent_key, fingerprint, created_at, due_at, in_doubt, remeasure, autonomous, operation, document)
        VALUES (@id, @version, @revision, @run, @incident, @plan, @task, @status, @target, @intent, @fingerprint, @created, @due, 0, 0, 0, @operation, @document)
        """,
        Values(proposal));

    public async Task<GatedProposal?> Find(ITransaction transaction, ProposalId id) =>
        (await transaction.Unit().One<Row>($"SELECT {Columns} FROM proposals WHERE id = @id{transaction.Unit().Held}", new { id = id.Value }))?.Proposal();

    public async Task<bool> Move(ITransaction transaction, GatedProposal before, GatedProposal after) => await transaction.Unit().Execute(
        """
        UPDATE proposals SET version = version + 1, revision = @revision, status = @status, in_doubt = @inDoubt, due_at = @due, operation = @operation, fingerprint = @fingerprint, document = @document
        WHERE id = @id AND version = @version AND status = @from
        """,
        Values(after with { Proposal = after.Proposal with { Version = before.Proposal.Version } }, before.Status)) == 1;

    public Task<IReadOnlyList<GatedProposal>> InStatus(ITransaction transaction, IReadOnlyList<ProposalStatus> statuses, int most) =>
        Readable(transaction, "status IN @statuses ORDER BY created_at LIMIT @most", new { statuses = statuses.Select(s => s.ToString()).ToArray(), most });

    public Task<IReadOnlyList<GatedProposal>> OfRun(ITransaction transaction, RunId run) =>
        Many(transaction, "run_id = @run ORDER BY created_at", new { run = run.Value });

    public Task<IReadOnlyList<GatedProposal>> OfIncident(ITransaction transaction, IncidentId incident) =>
        Many(transaction, "incident_id = @incident ORDER BY created_at", new { incident = incident.Value });

    public Task<IReadOnlyList<GatedProposal>> History(ITransaction transaction, string? plan, int most) => plan is null
        ? Readable(transaction, "1 = 1 ORDER BY created_at DESC LIMIT @most", new { most })
        : Readable(transaction, "(plan_key = @plan OR task_key = @plan) ORDER BY created_at DESC LIMIT @most", new { plan = plan.ToLowerInvariant(), most });

    public Task<IReadOnlyList<GatedProposal>> Since(ITransaction transaction, string? plan, DateTimeOffset since, int most) => Readable(
        transaction, $"created_at >= @since{(plan is null ? "" : " AND (plan_key = @plan OR task_key = @plan)")} ORDER BY created_at DESC LIMIT @most", new { plan = plan?.ToLowerInvariant(), since = since.Ms(), most });

    public Task<IReadOnlyList<GatedProposal>> Overdue(ITransaction transaction, DateTimeOffset now, int most) =>
        Readable(transaction, "status IN ('Blocked', 'AwaitingApproval', 'Cleared', 'Approved') AND due_at <= @now ORDER BY due_at LIMIT @most", new { now = now.Ms(), most });

    public Task<IReadOnlyList<GatedProposal>> Watched(ITransaction transaction, DateTimeOffset now, int most) =>
        Readable(transaction, "status = 'Succeeded' AND due_at <= @now ORDER BY due_at LIMIT @most", new { now = now.Ms(), most });

    public Task Remeasure(ITransaction transaction, IncidentId incident) => transaction.Unit().Execute(
        "UPDATE proposals SET remeasure = 1 WHERE incident_id = @incident AND status = 'AwaitingApproval'", new { incident = incident.Value });

    public Task<IReadOnlyList<GatedProposal>> ToRemeasure(ITransaction transaction, int most) =>
        Readable(transaction, "remeasure = 1 ORDER BY created_at LIMIT @most", new { most });

    public Task Remeasured(ITransaction transaction, ProposalId id) =>
        transaction.Unit().Execute("UPDATE proposals SET remeasure = 0 WHERE id = @id", new { id = id.Value });

    public Task<IReadOnlyList<GatedProposal>> Contesting(ITransaction transaction, ProposalId? self, string targetKey, DateTimeOffset? measured = null) => Many(
        transaction,
        $"""
        id <> @self AND (status IN ('AwaitingApproval', 'Approved', 'Cleared', 'Executing', 'Indeterminate', 'Denied') OR claimed_at >= @since) AND {Overlaps}
        ORDER BY CASE status WHEN 'Denied' THEN 1 ELSE 0 END, created_at DESC LIMIT 50
        """,
        new { self = self?.Value ?? "", target = targetKey, since = measured?.Ms() ?? long.MaxValue });

    public async Task<AutonomyUse> AutonomyUsed(ITransaction transaction, string targetKey, string intentKey, string? plan, DateTimeOffset now)
    {
        var use = await transaction.Unit().One<UseRow>(
            """
            SELECT COUNT(CASE WHEN autonomous = 1 AND claimed_at > @hourAgo AND target_key = @target THEN 1 END) AS OnTarget,
                   COUNT(CASE WHEN autonomous = 1 AND claimed_at > @hourAgo AND (plan_key = @plan OR task_key = @plan) THEN 1 END) AS OfPlan,
                   COUNT(CASE WHEN autonomous = 1 AND claimed_at > @hourAgo THEN 1 END) AS OfBot,
                   COUNT(CASE WHEN intent_key = @intent THEN 1 END) AS SameIntentToday
            FROM proposals WHERE claimed_at > @dayAgo
            """,
            new { target = targetKey, intent = intentKey, plan = plan?.ToLowerInvariant(), hourAgo = now.AddHours(-1).Ms(), dayAgo = now.AddHours(-24).Ms() });
        return new((int)use!.OnTarget, (int)use.OfPlan, (int)use.OfBot, (int)use.SameIntentToday);
    }

    public Task<Proposal?> TryClaim(ProposalId id, long version, ClaimId claim, CancellationToken cancellation) => ledger.Write(DurableStep.Claimed,
        async transaction =>
        {
            if (!await skew.Agrees(transaction))
            {
                return null;
            }

            // One claim at a time: budgets are counted, and targets that contain one another are one target. Then what a stop and a tightening hold.
            await transaction.Lock("claims");
            var unit = transaction.Unit();
            await unit.Many<long>($"SELECT version FROM control WHERE id = 1{unit.Shared}");
            await unit.Many<long>($"SELECT version FROM plans WHERE plan_key = (SELECT p.plan_key FROM proposals p WHERE p.id = @id){unit.Shared}", new { id = id.Value });
            await unit.Many<long>($"SELECT version FROM tasks WHERE task_key = (SELECT p.task_key FROM proposals p WHERE p.id = @id){unit.Shared}", new { id = id.Value });
            var now = clock.GetUtcNow();
            if (await Find(transaction, id) is not { } before || before.Proposal.Version != version || ProposalLifecycle.Next(before.Status, ProposalEvent.Claimed) is not { } step)
            {
                return null;
            }

            var autonomous = before.Status == ProposalStatus.Cleared;
            var claimed = before with { Proposal = before.Proposal with { Status = step.To, StatusWhy = "", Execution = new ExecutionRecord(claim, now) } };
            var use = await AutonomyUsed(transaction, before.Proposal.Operation.TargetKey, Fingerprint.IntentKey(before.Proposal.Operation), before.Proposal.Plan ?? before.Proposal.Task, now);
            if (autonomous && use.Exceeded(budget) is not null)
            {
                return null;
            }

            // Stop, plan or task, and target are looked at by the very statement that claims: whatever was answered before it, it obeys.
            var won = await transaction.Unit().Execute(
                $"""
                UPDATE proposals SET version = version + 1, status = @status, in_doubt = 1, due_at = NULL, claim_id = @claim, claimed_at = @now, autonomous = @autonomous, document = @document
                WHERE id = @id AND version = @version AND status = @from AND due_at > @now
                  AND EXISTS (SELECT 1 FROM control WHERE id = 1 AND stopped = 0)
                  AND (plan_key IS NULL OR EXISTS (SELECT 1 FROM plans p WHERE p.plan_key = proposals.plan_key AND p.enabled = 1 AND p.deleted = 0))
                  AND (task_key IS NULL OR EXISTS (SELECT 1 FROM tasks k WHERE k.task_key = proposals.task_key AND k.enabled = 1 AND k.deleted = 0))
                  AND (@autonomous = 0 OR (SELECT COALESCE((SELECT p.mode FROM plans p WHERE p.plan_key = proposals.plan_key), (SELECT k.mode FROM tasks k WHERE k.task_key = proposals.task_key), c.default_mode, 'Review') FROM control c WHERE c.id = 1) = 'Autonomous')
                  AND NOT EXISTS (SELECT 1 FROM proposals other WHERE other.id <> proposals.id AND other.in_doubt = 1
                    AND (other.target_key = @target OR substr(other.target_key, 1, length(@target) + 1) = @target || '/' OR substr(@target, 1, length(other.target_key) + 1) = other.target_key || '/'))
                """,
                new
                {
                    id = id.Value, version, claim = claim.Value, now = now.Ms(), autonomous = autonomous ? 1 : 0, from = before.Status.ToString(), status = step.To.ToString(),
                    target = before.Proposal.Operation.TargetKey, document = Sql.Write(Document.Of(claimed)),
                });
            if (won == 0)
            {
                return null;
            }

            await transaction.Append(AuditEntry.OfBot(now, AuditKind.ExecutionStarted, $"proposal/{id}", before.Status.ToString(), step.To.ToString(), $"claim {claim}; {before.Proposal.Fingerprint}; trace {Correlation.Of(before.Proposal.Incident)}"));
            // What is read back is what the permit is checked against, not what this method believes it wrote.
            return (await Find(transaction, id))!.Proposal;
        },
        cancellation);

    /// <summary>For lists and for work: what a gate judges by is read whole or not at all.</summary>
    private async Task<IReadOnlyList<GatedProposal>> Readable(ITransaction transaction, string where, object values) => unreadable.Readable(
        await transaction.Unit().Many<FoundRow>($"SELECT id, {Columns} FROM proposals WHERE {where}", values), r => $"proposal/{r.Id}", r => r.Row.Proposal());

    private static async Task<IReadOnlyList<GatedProposal>> Many(ITransaction transaction, string where, object values) =>
        [.. (await transaction.Unit().Many<Row>($"SELECT {Columns} FROM proposals WHERE {where}", values)).Select(r => r.Proposal())];

    private static object Values(GatedProposal gated, ProposalStatus? from = null)
    {
        var p = gated.Proposal;
        return new
        {
            id = p.Id.Value, version = p.Version, revision = p.Revision, run = p.Run.Value, incident = p.Incident.Value, plan = p.Plan?.ToLowerInvariant(), task = p.Task?.ToLowerInvariant(),
            status = p.Status.ToString(), from = from?.ToString(), target = p.Operation.TargetKey, intent = Fingerprint.IntentKey(p.Operation), fingerprint = p.Fingerprint.Hex,
            created = p.CreatedAt.Ms(), inDoubt = InDoubt(p) ? 1 : 0, due = DueAt(p)?.Ms(), operation = Sql.Write(p.Operation), document = Sql.Write(Document.Of(gated)),
        };
    }

    /// <summary>An unknown result holds its target until a person has looked and said so.</summary>
    private static bool InDoubt(Proposal p) => p.Status == ProposalStatus.Executing || p is { Status: ProposalStatus.Indeterminate, Annotation: null };

    private static DateTimeOffset? DueAt(Proposal p) => p.Status switch
    {
        ProposalStatus.AwaitingApproval => p.Deadline,
        ProposalStatus.Blocked => p.UseBy,
        ProposalStatus.Approved or ProposalStatus.Cleared => p.UseBy,
        ProposalStatus.Succeeded when p.Verification is { State: VerificationState.Watching } watch => watch.DueAt,
        _ => null,
    };

    private sealed record UseRow(long OnTarget, long OfPlan, long OfBot, long SameIntentToday);

    private sealed record FoundRow(string Id, long Version, long Revision, string Status, string? Claim_Id, string Operation, string Fingerprint, string Document, long? Poll_At)
    {
        public Row Row => new(Version, Revision, Status, Claim_Id, Operation, Fingerprint, Document, Poll_At);
    }

    private sealed record Row(long Version, long Revision, string Status, string? Claim_Id, string Operation, string Fingerprint, string Document, long? Poll_At)
    {
        public GatedProposal Proposal() => Sql.Read<Document>(Document)
            .Gated(Version, (int)Revision, Enum.Parse<ProposalStatus>(Status), Sql.Read<Operation>(Operation), new Fingerprint(Fingerprint), Poll_At?.Time());
    }

    /// <summary>What SQL does not guard by: stored whole, read whole.</summary>
    private sealed record Document(
        ProposalId Id, RunId Run, IncidentId Incident, string? Plan, Who? StartedBy, Provenance Provenance, Finding Finding, RecoverySignal? Recovery, string Permission, string StatusWhy,
        DateTimeOffset CreatedAt, DateTimeOffset? DeliveredAt, TimeSpan ApprovalExpiry, DateTimeOffset? UseBy, Decision? Decision, string? ClearedSeal,
        ExecutionRecord? Execution, Verification? Verification, Annotation? Annotation, EffectiveMode Mode, Verdict Verdict, Waiting? Waiting = null, string? Digest = null,
        Operation? Undo = null, Undone? Undone = null, string? Task = null, string? Span = null)
    {
        public static Document Of(GatedProposal g) => new(
            g.Proposal.Id, g.Proposal.Run, g.Proposal.Incident, g.Proposal.Plan, g.Proposal.StartedBy, g.Proposal.Provenance, g.Proposal.Finding, g.Proposal.Recovery, g.Proposal.Permission, g.Proposal.StatusWhy,
            g.Proposal.CreatedAt, g.Proposal.DeliveredAt, g.Proposal.ApprovalExpiry, g.Proposal.UseBy, g.Proposal.Decision, g.Proposal.ClearedSeal,
            g.Proposal.Execution, g.Proposal.Verification, g.Proposal.Annotation, g.Mode, g.Verdict, g.Proposal.Waiting, g.Proposal.Digest,
            g.Proposal.Undo, g.Proposal.Undone, g.Proposal.Task, g.Proposal.Span);

        public GatedProposal Gated(long version, int revision, ProposalStatus status, Operation operation, Fingerprint fingerprint, DateTimeOffset? nextPoll) => new(
            new Proposal
            {
                Id = Id, Run = Run, Incident = Incident, Plan = Plan, StartedBy = StartedBy, Revision = revision, Version = version, Operation = operation, Fingerprint = fingerprint,
                Provenance = Provenance, Finding = Finding, Recovery = Recovery, Permission = Permission, Status = status, StatusWhy = StatusWhy, CreatedAt = CreatedAt, DeliveredAt = DeliveredAt,
                ApprovalExpiry = ApprovalExpiry, UseBy = UseBy, Decision = Decision, ClearedSeal = ClearedSeal, Execution = Execution, Verification = Verification, Annotation = Annotation,
                NextPoll = nextPoll, Waiting = Waiting ?? new(), Digest = Digest, Undo = Undo, Undone = Undone, Task = Task, Span = Span,
            },
            Mode,
            Verdict);
    }
}
