namespace RunModes.Bot.Audit;

/// <summary>
/// Every write of the bot by its name, in the order of the flow. Between two of them the bot may be killed: what is written is what it goes
/// on from, and a test kills it before and after each. The name is also the span's in a trace.
/// </summary>
internal enum DurableStep
{
    Unknown = 0,

    // Start
    Started,
    PlansSeeded,
    LeftoversRecovered,
    StorePutBack,
    StoreMoved,

    // Where people are
    ConversationAdded,
    ConversationRemoved,

    // Trigger, investigate, propose
    AlertTakenIn,
    InvestigationStarted,
    InvestigationRequeued,
    NothingToDo,
    HooksAnswered,
    MailBegun,
    MailEnded,
    Proposed,

    // Ask
    MessageParked,
    SendingStarted,
    MessageRecorded,
    MessageForgotten,
    MessagePostponed,
    MessageFinished,
    MessageRouted,
    ConversationHeld,
    TurnRenewed,
    Decided,
    DecisionRefused,

    // Execute
    NotStarted,
    Claimed,
    TamperFound,
    ResultRecorded,
    PollTaken,
    ProgressRecorded,
    WorkerLost,
    EvidenceShown,

    // Verify and report
    Verified,
    RunSettled,

    // Tell the source
    WriteBackPlanned,
    WriteBackTaken,
    WriteBackRecorded,

    // What else happens to a proposal
    Remeasured,
    Expired,
    Rechecked,
    KeptWaiting,
    Annotated,
    InvestigatedAgain,
    UndoProposed,

    // By the clock
    TaskTaken,
    TaskTickFailed,

    // While it waits
    WaitsPlanned,
    WaitOver,
    WatchTaken,
    WatchNoted,
    WatchedFactChanged,
    Reminded,
    UndeliveredNoticed,

    // Who works on what
    LeaseTaken,
    LeaseRenewed,
    LeaseReleased,

    // What people write and click
    CommandChanged,
    CommandAnswered,
    CommandRefused,
    ClickAudited,
    ClickAnswered,
    Confirmed,
    ConfirmationExpired,

    // The record itself
    AuditSealed,
    HealthProbed,
    ClockChanged,
}
