using RunModes.Bot.Proposals;

namespace RunModes.Bot.Execution;

/// <summary>What became of one execution.</summary>
/// <param name="Outcome">Unknown: it may have been done, and only a person or the resource itself can tell.</param>
/// <param name="Code">Azure's error code, or one of ours: Accepted, NotSent, PermitExpired, TimedOut, ConnectionLost, Redirected, UnreadableAnswer,
/// Running, NotFollowable, PollingElsewhere, PollingLost, PollingGivenUp.</param>
/// <param name="Message">Plain text, safe to show.</param>
/// <param name="CorrelationId">What Azure's support asks for.</param>
/// <param name="Sent">False: nothing can have reached Azure.</param>
internal sealed record ExecutionResult(Outcome Outcome, string Code, string Message, string? CorrelationId, bool Sent)
{
    /// <summary>Not null: Azure accepted it and works on it, and the outcome is not known before it was asked after.</summary>
    public LongRunning? Running { get; init; }

    public static ExecutionResult Accepted(LongRunning running, string how, string? correlationId) =>
        new(Outcome.Unknown, "Running", how, correlationId, Sent: true) { Running = running };

    public static ExecutionResult NotSent(string why, string code = "NotSent") =>
        new(Outcome.Failed, code, $"Nothing was sent: {why}.", CorrelationId: null, Sent: false);

    public static ExecutionResult Doubtful(string code, string why, string? correlationId = null) =>
        new(Outcome.Unknown, code, $"It may or may not have been done: {why}.", correlationId, Sent: true);
}
