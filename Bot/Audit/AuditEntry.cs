namespace RunModes.Bot.Audit;

internal enum AuditKind
{
    Unknown = 0,
    Started,
    AlertReceived,
    RunStarted,
    FindingMade,
    VerdictGiven,
    ProposalChanged,
    DecisionMade,
    DecisionRefused,
    ExecutionStarted,
    ExecutionStep,
    ExecutionEnded,
    VerificationEnded,
    ModeChanged,
    PlanChanged,
    StopChanged,
    RoutingChanged,
    ConfirmationChanged,
    Delivery,
    TamperFound,
}

/// <summary>Who, what, before → after. Written in the transaction of the change it records, or the change does not happen.</summary>
/// <param name="ActorId">Entra object id, or "bot".</param>
/// <param name="Subject">Kind and id: "proposal/…", "plan/prod-web", "agent".</param>
internal sealed record AuditEntry(
    DateTimeOffset At,
    AuditKind Kind,
    string ActorTenant,
    string ActorId,
    string ActorName,
    string Subject,
    string? Before,
    string? After,
    string? Detail)
{
    public static AuditEntry OfBot(DateTimeOffset at, AuditKind kind, string subject, string? before = null, string? after = null, string? detail = null) =>
        new(at, kind, "", "bot", "bot", subject, before, after, detail);
}
