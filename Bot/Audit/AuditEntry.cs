using System.Text;

namespace RunModes.Bot.Audit;

/// <summary>Names are stored and signed: add members, never rename or remove one.</summary>
internal enum AuditKind
{
    Unknown = 0,
    AlertReceived,
    AlertUnmatched,
    RunStarted,
    RunEnded,
    FindingMade,
    VerdictGiven,
    ProposalChanged,
    DecisionMade,
    DecisionRefused,
    ExecutionStarted,
    ExecutionStep,
    ExecutionEnded,
    VerificationEnded,
    Annotated,
    ModeChanged,
    PlanChanged,
    StopChanged,
    RoutingChanged,
    ConfirmationChanged,
    CommandGiven,
    CommandRefused,
    ConversationChanged,
    Delivery,
    StoreChanged,
    TamperFound,
    Started,
    Stopped,
    Reminded,
    KeptWaiting,
    ClockChanged,
    TaskChanged,
    TaskRun,
    WrittenBack,
    HookAnswered,
    MailSent,
}

/// <summary>Who did it: a person by tenant and object id (the name only reads better), or the bot.</summary>
internal sealed record AuditActor
{
    public static readonly AuditActor Bot = new(null, null, "bot");

    /// <summary>A person is never without a tenant here, so that nobody who is named "bot" reads like the bot.</summary>
    public static AuditActor Person(string? tenantId, string? objectId, string? name) => new(tenantId ?? "", objectId, name);

    /// <summary>As stored.</summary>
    public AuditActor(string? tenantId, string? objectId, string? name) =>
        (TenantId, ObjectId, Name) = (AuditText.Storable(tenantId), AuditText.Storable(objectId), AuditText.Storable(name));

    public string? TenantId { get; }

    public string? ObjectId { get; }

    public string? Name { get; }
}

/// <summary>What it was done to: "proposal" + id, "plan" + name, "bot" + "stop".</summary>
internal sealed record AuditSubject
{
    public AuditSubject(string kind, string id) => (Kind, Id) = (AuditText.Storable(kind)!, AuditText.Storable(id)!);

    public string Kind { get; }

    public string Id { get; }

    public static AuditSubject Parse(string subject) =>
        subject.IndexOf('/', StringComparison.Ordinal) is var cut and > 0 ? new(subject[..cut], subject[(cut + 1)..]) : new(subject, "");

    public override string ToString() => Id.Length == 0 ? Kind : $"{Kind}/{Id}";
}

/// <summary>One thing that happened, as it is signed, stored and read a year later. What it holds survives every store unchanged: whole milliseconds, well-formed text.</summary>
internal sealed record AuditEntry
{
    /// <param name="detail">Short JSON text with what an auditor would ask next.</param>
    public AuditEntry(
        Guid id, DateTimeOffset at, AuditKind kind, AuditActor actor, AuditSubject subject, string? before = null, string? after = null, string? detail = null)
    {
        Id = id;
        At = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        Kind = kind;
        Actor = actor;
        Subject = subject;
        (Before, After, Detail) = (AuditText.Storable(before), AuditText.Storable(after), AuditText.Storable(detail));
    }

    public Guid Id { get; }

    public DateTimeOffset At { get; }

    public AuditKind Kind { get; }

    public AuditActor Actor { get; }

    public AuditSubject Subject { get; }

    public string? Before { get; }

    public string? After { get; }

    public string? Detail { get; }

    public static AuditEntry Now(
        TimeProvider time, AuditKind kind, AuditActor actor, AuditSubject subject, string? before = null, string? after = null, string? detail = null)
    {
        var now = time.GetUtcNow();
        return new AuditEntry(Guid.CreateVersion7(now), now, kind, actor, subject, before, after, detail);
    }

    public static AuditEntry OfBot(DateTimeOffset at, AuditKind kind, string subject, string? before = null, string? after = null, string? detail = null) =>
        Of(at, kind, AuditActor.Bot, subject, before, after, detail);

    /// <param name="subject">Kind and id, "proposal/…".</param>
    public static AuditEntry Of(DateTimeOffset at, AuditKind kind, AuditActor actor, string subject, string? before = null, string? after = null, string? detail = null) =>
        new(Guid.CreateVersion7(at), at, kind, actor, AuditSubject.Parse(subject), before, after, detail);

    /// <summary>Every field, byte by byte, so that no two entries have the same bytes. The order is signed: append, never reorder.</summary>
    public byte[] Canonical() => CanonicalFields.Of(
        "audit-entry/1", Id.ToString("D"), CanonicalFields.Number(At.ToUnixTimeMilliseconds()), Kind.ToString(),
        Actor.TenantId, Actor.ObjectId, Actor.Name, Subject.Kind, Subject.Id, Before, After, Detail);

    /// <summary>The row to insert in the transaction of what it tells about.</summary>
    public AuditRow Sign(AuditKey key) => new(this, key.Mac(AuditPurpose.Row, Canonical()));
}

/// <summary>An entry as stored. <paramref name="Chain"/> and <paramref name="Hash"/> stay null until the sealer has given it its place.</summary>
internal sealed record AuditRow(AuditEntry Entry, string Mac, long? Chain = null, string? Hash = null);

internal static class AuditText
{
    /// <summary>Half surrogates and NUL are what one store replaces and another refuses; replaced here, what is signed is what is read back.</summary>
    public static string? Storable(string? text)
    {
        if (text is null) return null;
        var clean = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes()) clean.Append(rune.Value == 0 ? "\uFFFD" : rune.ToString());
        return clean.ToString();
    }
}
