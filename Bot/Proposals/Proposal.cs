namespace RunModes.Bot.Proposals;

/// <summary>A person, as a decision or a change records them.</summary>
internal sealed record Who(string TenantId, string ObjectId, string Name)
{
    public static Who Bot { get; } = new("", "bot", "SRE bot");
}

internal enum DecisionKind { Deny = 0, Approve }

/// <summary>A person's Approve or Deny of one fingerprint. The keyed seal makes a row written past the bot worthless.</summary>
/// <param name="ShownCardHash">SHA-256 of the card that was shown, so that the record says what they saw.</param>
internal sealed record Decision(DecisionKind Kind, Who By, DateTimeOffset At, string? Reason, string ShownCardHash, string Seal);

internal enum Outcome { Unknown = 0, Failed, Succeeded }

/// <summary>One execution: written with <see cref="Outcome"/> null before the first byte leaves.</summary>
/// <param name="Following">Azure accepted it and works on it; kept when it ended, as a record of how long that took.</param>
/// <param name="WasInDoubt">For a while nobody knew how it ended: whoever was asked to look is told, however it was started.</param>
internal sealed record ExecutionRecord(
    ClaimId Claim,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt = null,
    Outcome? Outcome = null,
    string? Code = null,
    string? Message = null,
    string? CorrelationId = null,
    string? Probe = null,
    Following? Following = null,
    bool WasInDoubt = false);

/// <summary>A long-running operation as people see it; where to ask is a secret and stored apart.</summary>
/// <param name="Until">Then the bot says that nobody knows.</param>
/// <param name="Progress">Azure's own word, safe to show; empty when it gave none.</param>
internal sealed record Following(DateTimeOffset Since, DateTimeOffset Until, string Progress);

internal enum VerificationState { CouldNotTell = 0, Watching, Recovered, NotRecovered }

/// <summary>The stored watch after an execution: only samples that begin after <see cref="NotBefore"/> count.</summary>
internal sealed record Verification(
    RecoverySignal Signal,
    double? Before,
    DateTimeOffset NotBefore,
    DateTimeOffset DueAt,
    DateTimeOffset GiveUpAt,
    VerificationState State,
    double? After = null,
    DateTimeOffset? SampledAt = null);

/// <summary>A person's note on an execution whose result nobody knows. It never changes the state.</summary>
internal sealed record Annotation(Who By, DateTimeOffset At, bool Done);

/// <summary>What became of the offer to take an operation back: it is good for one time.</summary>
/// <param name="Why">Why it was not possible any more; null: it was proposed.</param>
internal sealed record Undone(Who By, DateTimeOffset At, string? Why = null);

/// <summary>An operation with its why, impact, rollback, status and revision.</summary>
internal sealed record Proposal
{
    public required ProposalId Id { get; init; }
    public required RunId Run { get; init; }
    public required IncidentId Incident { get; init; }
    public string? Plan { get; init; }

    /// <summary>The task whose run proposed it; never together with a plan.</summary>
    public string? Task { get; init; }

    /// <summary>The person whose request led to it; null for a trigger. Self-approval looks at this.</summary>
    public Who? StartedBy { get; init; }
    public required int Revision { get; init; }

    /// <summary>Counts guarded writes; every conditional write names the one it read.</summary>
    public required long Version { get; init; }

    public required Operation Operation { get; init; }
    public required Fingerprint Fingerprint { get; init; }
    public required Provenance Provenance { get; init; }
    public required Finding Finding { get; init; }
    public RecoverySignal? Recovery { get; init; }

    /// <summary>What was established about the agent's right to do it, when the gate last looked.</summary>
    public string Permission { get; init; } = "";

    public required ProposalStatus Status { get; init; }

    /// <summary>One plain sentence: why it is in this state, or why it asks again.</summary>
    public string StatusWhy { get; init; } = "";

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When this revision's message was confirmed by the channel; the deadline runs from here.</summary>
    public DateTimeOffset? DeliveredAt { get; init; }

    public required TimeSpan ApprovalExpiry { get; init; }

    /// <summary>After this a decision, or a Cleared verdict, is too old to act on.</summary>
    public DateTimeOffset? UseBy { get; init; }

    public Decision? Decision { get; init; }

    /// <summary>Seal of a verdict that let the operation proceed without asking.</summary>
    public string? ClearedSeal { get; init; }

    public ExecutionRecord? Execution { get; init; }

    /// <summary>When Azure is asked next how the operation fares; null: there is nothing to ask after.</summary>
    public DateTimeOffset? NextPoll { get; init; }
    public Verification? Verification { get; init; }
    public Annotation? Annotation { get; init; }

    /// <summary>What would take it back once it was done; null: nothing would.</summary>
    public Operation? Undo { get; init; }

    public Undone? Undone { get; init; }

    /// <summary>It was done, nothing more is measured of it, and nobody has taken it back: the offer is open. Whether it still holds is looked at on the click.</summary>
    public bool MayBeUndone => this is { Status: ProposalStatus.Succeeded, Undo: not null, Undone: null } && Verification is not { State: VerificationState.Watching };

    /// <summary>What happened while it waited for people.</summary>
    public Waiting Waiting { get; init; } = new();

    /// <summary>Nobody was asked: its result is a plain message, not a card.</summary>
    public bool IsAutonomous => ClearedSeal is not null;

    /// <summary>The same with another operation, and so another fingerprint: only ever a new revision.</summary>
    public Proposal Depending(Operation operation) => this with { Operation = operation, Fingerprint = Fingerprint.Of(operation) };

    /// <summary>What the next span of its trace hangs below; null: nobody collects traces.</summary>
    public string? Span { get; init; }

    /// <summary>The thread whose list it is in ("digest/…"); null: it has a post of its own.</summary>
    public string? Digest { get; init; }

    public string Subject => $"proposal/{Id}";

    /// <summary>Where its messages belong.</summary>
    public string Thread => Digest ?? $"incident/{Incident}";

    /// <summary>Who goes first on a target; never both, and never neither.</summary>
    public bool IsOlderThan(Proposal other) => (CreatedAt, string.CompareOrdinal(Id.Value, other.Id.Value)).CompareTo((other.CreatedAt, 0)) < 0;

    public DateTimeOffset? Deadline => DeliveredAt is { } delivered
        ? Waiting.Extensions.LastOrDefault(e => e.Revision == Revision)?.Until ?? delivered + ApprovalExpiry
        : null;

    /// <summary>When it would have to be decided if an Administrator gave it more time now; null when it cannot get any.</summary>
    public DateTimeOffset? Extended
    {
        get
        {
            if (Status != ProposalStatus.AwaitingApproval || Deadline is not { } deadline || Waiting.Extensions.Count >= Waiting.MostExtensions)
            {
                return null;
            }

            var last = (Waiting.Since ?? DeliveredAt!.Value) + (ApprovalExpiry * Waiting.LongestInExpiries);
            var until = deadline + ApprovalExpiry < last ? deadline + ApprovalExpiry : last;
            return until > deadline ? until : null;
        }
    }
}
