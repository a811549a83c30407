using RunModes.Bot.Audit;
using RunModes.Bot.Gate;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>
/// Whether the store still knows what was anchored beside it. Where it does not, an older copy was put back, and with it every decision, stop and
/// lowering since then is forgotten: nothing that the copy allows is taken for allowed, and everything asks again.
/// </summary>
internal sealed partial class StoreHistory(RunTables tables, Restoration restoration, AuditSealer sealer, TimeProvider clock, ILogger<StoreHistory> log)
{
    private const int All = 10_000;
    private const string Why = "The store was put back to an older state; what was decided before counts no longer.";

    /// <summary>At start, before anything works on the store.</summary>
    public async Task Compare(CancellationToken cancellation)
    {
        if (await sealer.Contradiction(cancellation) is not { } contradiction)
        {
            return;
        }

        PutBack(log, contradiction);
        await tables.Ledger.Write(DurableStep.StorePutBack, t => AskAgain(t, contradiction), cancellation);
    }

    /// <summary>At the end, after everything else: what happened since the last anchor is anchored, so that a copy from before it shows.</summary>
    public async Task Close(CancellationToken cancellation)
    {
        try
        {
            await sealer.Pass(cancellation, anchorsNow: true);
        }
        catch (Exception e) when (e is StoreUnavailableException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            NotAnchored(log, e);
        }
    }

    private async Task AskAgain(ITransaction transaction, string contradiction)
    {
        var now = clock.GetUtcNow();
        var (asked, unknown) = await restoration.Apply(transaction, Why, whatWaitsToo: true);
        var control = await tables.Plans.ReadControl(transaction);
        var lowered = await Lower(transaction, control, now);
        await transaction.Append(AuditEntry.OfBot(now, AuditKind.StoreChanged, "agent/store", $"generation {control.Generation - 1}", $"generation {control.Generation}",
            $"{contradiction} {asked} unfinished proposals ask again, of {unknown} nobody knows the result. Lowered to Review: {(lowered.Count == 0 ? "none" : string.Join(", ", lowered))}."));
        await tables.Outbox.Enqueue(
            transaction, new OutboxItem(Shown.Notice, $"store/generation/{control.Generation}", Urgency.Stop, Payload: new(ReportText.PutBack(asked, lowered))), now);
    }

    /// <summary>A lowering may be among what was forgotten, and raising is an Administrator's: whatever was Autonomous is Review until one confirms it again.</summary>
    private async Task<List<string>> Lower(ITransaction transaction, Plans.Control control, DateTimeOffset now)
    {
        List<string> lowered = [];
        foreach (var plan in (await tables.Plans.All(transaction)).Where(p => p.Mode == RunMode.Autonomous))
        {
            await tables.Plans.Update(transaction, plan with { Mode = RunMode.Review }, plan.Version);
            await transaction.Append(AuditEntry.OfBot(now, AuditKind.ModeChanged, $"plan/{plan.Name}", nameof(RunMode.Autonomous), nameof(RunMode.Review), Why));
            lowered.Add($"plan {plan.Name}");
        }

        foreach (var task in (await tables.Tasks.All(transaction)).Where(k => k.Mode == RunMode.Autonomous))
        {
            await tables.Tasks.Move(transaction, task, task with { Mode = RunMode.Review, Revision = task.Revision + 1 });
            await transaction.Append(AuditEntry.OfBot(now, AuditKind.ModeChanged, task.Subject, nameof(RunMode.Autonomous), nameof(RunMode.Review), Why));
            lowered.Add($"task {task.Name}");
        }

        if (control.DefaultMode == RunMode.Autonomous)
        {
            await tables.Plans.WriteControl(transaction, control with { DefaultMode = RunMode.Review }, control.Version);
            await transaction.Append(AuditEntry.OfBot(now, AuditKind.ModeChanged, "agent/default", nameof(RunMode.Autonomous), nameof(RunMode.Review), Why));
            lowered.Add("the default");
        }

        foreach (var state in (RunState[])[RunState.Queued, RunState.Investigating, RunState.Acting, RunState.Verifying])
        {
            foreach (var run in (await tables.Runs.InState(transaction, state, DateTimeOffset.MaxValue, All)).Where(r => r.Mode.Mode == RunMode.Autonomous))
            {
                await tables.Runs.Move(transaction, run, run with { Mode = run.Mode with { Mode = RunMode.Review }, ModeWhy = Why });
            }
        }

        return lowered;
    }

    [LoggerMessage(LogLevel.Critical, "{contradiction} Decisions made before count no longer; everything asks again")]
    private static partial void PutBack(ILogger log, string contradiction);

    [LoggerMessage(LogLevel.Error, "The end of the audit could not be anchored")]
    private static partial void NotAnchored(ILogger log, Exception e);
}
