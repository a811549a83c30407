using RunModes.Bot.Audit;
using RunModes.Bot.Tests.Support;

namespace RunModes.Bot.Tests.Scenarios;

/// <summary>Short stories that pass by every durable step, told by people and sources that try again until they are answered.</summary>
internal static partial class CrashFlows
{
    internal static readonly CrashPoint SentAndLost = new(nameof(DurableStep.ResultRecorded), CrashWhen.Before);

    /// <summary>Steps that only come after another process was lost with its request sent.</summary>
    internal static readonly DurableStep[] AfterLoss = [DurableStep.WorkerLost, DurableStep.EvidenceShown, DurableStep.Annotated];

    /// <summary>
    /// An execution whose process is gone: a lock file proves it at the next start, a silent lease to the other replicas. Of replicas that start
    /// together whichever is first seals the audit, and it need not be the one that shall die.
    /// </summary>
    internal static bool IsReached(DurableStep step, bool replicas) => replicas ? step is not (DurableStep.LeftoversRecovered or DurableStep.AuditSealed) : step != DurableStep.WorkerLost;

    /// <summary>Steps that come of a plan whose investigations are told by mail, and of the hook that governs it.</summary>
    internal static readonly DurableStep[] Telling = [DurableStep.HooksAnswered, DurableStep.MailBegun, DurableStep.MailEnded];

    /// <summary>Steps that silence brings.</summary>
    internal static readonly DurableStep[] Short = [DurableStep.Expired, DurableStep.Reminded, DurableStep.WaitOver];

    /// <summary>Which story comes by a step.</summary>
    public static IReadOnlyDictionary<DurableStep, Func<CrashStory, Task>> Reached { get; } = new Dictionary<DurableStep, Func<CrashStory, Task>>
    {
        [DurableStep.Started] = Approved,
        [DurableStep.PlansSeeded] = Approved,
        [DurableStep.LeftoversRecovered] = Approved,
        [DurableStep.ConversationAdded] = Approved,
        [DurableStep.AlertTakenIn] = Approved,
        [DurableStep.InvestigationStarted] = Approved,
        [DurableStep.Proposed] = Approved,
        [DurableStep.SendingStarted] = Approved,
        [DurableStep.MessageRecorded] = Approved,
        [DurableStep.Decided] = Approved,
        [DurableStep.ClickAnswered] = ApprovedFromAnOldClient,
        [DurableStep.Claimed] = Approved,
        [DurableStep.ResultRecorded] = Approved,
        [DurableStep.MessageFinished] = Approved,
        [DurableStep.Verified] = Approved,
        [DurableStep.RunSettled] = Autonomous,
        [DurableStep.InvestigationRequeued] = Requeued,
        [DurableStep.NothingToDo] = Healthy,
        [DurableStep.MessageParked] = NowhereToPost,
        [DurableStep.MessageForgotten] = CardDeleted,
        [DurableStep.MessagePostponed] = Throttled,
        [DurableStep.DecisionRefused] = Refused,
        [DurableStep.NotStarted] = LockedMeanwhile,
        [DurableStep.WorkerLost] = Lost,
        [DurableStep.EvidenceShown] = Lost,
        [DurableStep.Annotated] = Lost,
        [DurableStep.Remeasured] = Resolved,
        [DurableStep.Expired] = Expired,
        [DurableStep.Reminded] = Expired,
        [DurableStep.WaitsPlanned] = Approved,
        [DurableStep.LeaseTaken] = Approved,
        [DurableStep.LeaseReleased] = Approved,
        [DurableStep.PollTaken] = LongRunning,
        [DurableStep.ProgressRecorded] = LongRunning,
        [DurableStep.Rechecked] = Rechecked,
        [DurableStep.ClickAudited] = Rechecked,
        [DurableStep.InvestigatedAgain] = InvestigatedAgain,
        [DurableStep.UndoProposed] = Undone,
        [DurableStep.AuditSealed] = Approved,
        [DurableStep.CommandChanged] = Raised,
        [DurableStep.CommandAnswered] = Asked,
        [DurableStep.Confirmed] = Raised,
        [DurableStep.HooksAnswered] = Mailed,
        [DurableStep.MailBegun] = Mailed,
        [DurableStep.MailEnded] = Mailed,
        [DurableStep.WriteBackPlanned] = WrittenBack,
        [DurableStep.WriteBackTaken] = WrittenBack,
        [DurableStep.WriteBackRecorded] = WrittenBack,
    };

    public static IReadOnlyDictionary<DurableStep, string> NotKilledAt { get; } = new Dictionary<DurableStep, string>
    {
        [DurableStep.Unknown] = "is no step",
        [DurableStep.ConversationRemoved] = "writes one row that an event repeats",
        [DurableStep.StorePutBack] = "comes of a copy that was put back; the next start compares again",
        [DurableStep.StoreMoved] = "is a command, whose interruption has tests of its own",
        [DurableStep.MessageRouted] = "notes where rows go, which is looked up again when they are sent",
        [DurableStep.ConversationHeld] = "holds a conversation after a 429, which is answered again if forgotten",
        [DurableStep.TurnRenewed] = "lengthens a lease that ends by itself",
        [DurableStep.LeaseRenewed] = "lengthens a lease that ends by itself",
        [DurableStep.WaitOver] = "takes a row that is over out of the way",
        [DurableStep.ClockChanged] = "comes of a clock that was set; the next tick compares again",
        [DurableStep.CommandRefused] = "changes nothing and answers that it changed nothing",
        [DurableStep.TamperFound] = "writes an audit line that the next look writes again",
        [DurableStep.HealthProbed] = "writes nothing",
    };

    /// <param name="home">The store: on PostgreSQL another replica takes over, on SQLite the next process.</param>
    public static async Task<Crash> Run(CrashPoint point, Home home)
    {
        await using var story = await CrashStory.Begin(point, home);
        try
        {
            await Reached[Enum.Parse<DurableStep>(point.Step)](story);
            await story.Over();
            return new(point, null);
        }
        catch (Exception e)
        {
            return new(point, e.Message);
        }
    }
}

/// <param name="Problem">What was lost, or done twice, or did not end; null when nothing was.</param>
internal sealed record Crash(CrashPoint Point, string? Problem);
