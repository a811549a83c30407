using RunModes.Bot.Audit;
using RunModes.Bot.Incidents;
using RunModes.Bot.Plans;
using RunModes.Bot.Proposals;
using RunModes.Bot.Reporting;

namespace RunModes.Bot.Runs;

/// <summary>The sources that are written back to.</summary>
internal sealed class WrittenSources(IEnumerable<IAlertSource> all)
{
    private readonly Dictionary<Platform, IAlertSource> _on = all.Where(s => s.IsOn).ToDictionary(s => s.Platform);

    public IReadOnlyList<Platform> Platforms => [.. _on.Keys.Order()];

    public IAlertSource? On(Platform platform) => _on.GetValueOrDefault(platform);
}

/// <summary>
/// Tells the source of an alert what became of it. What is owed is a row, written with the step that owes it; what is said follows from how things
/// stand when it is sent. A source that fails is asked again for a day and holds up nothing else.
/// </summary>
internal sealed partial class WriteBacks(RunTables tables, IWriteBacks rows, WrittenSources sources, TimeProvider clock, ILogger<WriteBacks> log)
{
    private const int Most = 100;
    private const int MostAlerts = 10;

    /// <summary>For all that one row takes: reading, perhaps reading notes, and writing.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <summary>Longer than that: then whoever took it is gone, and somebody else may. Nothing is sent twice at once.</summary>
    private static readonly TimeSpan Turn = Limit + TimeSpan.FromSeconds(10);

    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromHours(24);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    public bool IsOn => sources.Platforms.Count > 0;

    /// <summary>What a step of the run owes to the source of its incident, in the transaction of the step.</summary>
    public async Task Owe(ITransaction transaction, Run after, Proposal? proposal)
    {
        if (IsOn && await tables.Incidents.Find(transaction, after.Incident) is { } incident && sources.On(incident.Platform) is { } source)
        {
            foreach (var what in Owed(after, proposal, source.TakesNotes))
            {
                await Plan(transaction, after.Id, incident, what);
            }
        }
    }

    /// <summary>Approved or begun, and not ended yet: that somebody is at it is owed before the run is over.</summary>
    public async Task PlanAcknowledgements(CancellationToken cancellation)
    {
        var open = await tables.Ledger.Read(t => rows.Unacknowledged(t, sources.Platforms, Most), cancellation);
        if (open.Count > 0)
        {
            await tables.Ledger.Write(DurableStep.WriteBackPlanned,
                async t =>
                {
                    foreach (var id in open)
                    {
                        if (await tables.Runs.Find(t, id) is { } run && await tables.Incidents.Find(t, run.Incident) is { } incident)
                        {
                            await Plan(t, id, incident, WriteBackKind.Acknowledge);
                        }
                    }
                },
                cancellation);
        }
    }

    /// <summary>Those of one alert in their order, each its own list.</summary>
    public Task<IReadOnlyList<IReadOnlyList<WriteBack>>> Due(CancellationToken cancellation) => tables.Ledger.Read<IReadOnlyList<IReadOnlyList<WriteBack>>>(
        // Stopped means that nothing leaves but what is told in Teams; it is told from how things stand afterwards.
        async t => (await tables.Plans.ReadControl(t)).Stopped ? []
            : [.. (await rows.Due(t, clock.GetUtcNow(), Most)).GroupBy(r => r.Alert).Select(g => (IReadOnlyList<WriteBack>)[.. g.OrderBy(r => r.CreatedAt).ThenBy(r => r.What)])],
        cancellation);

    public async Task Do(WriteBack due, CancellationToken cancellation)
    {
        // Either before a stop, or after it, and not taken.
        if (await tables.Ledger.Write(DurableStep.WriteBackTaken,
            async t => (await tables.Plans.ShareControl(t)).Stopped ? null : await rows.Take(t, due, clock.GetUtcNow() + Turn), cancellation) is not { } taken)
        {
            return;
        }

        var (telling, unneeded) = await tables.Ledger.Read(t => Present(t, taken), cancellation);
        if (telling is null)
        {
            await Record(taken, null, WriteBackState.NotNeeded, unneeded, clock.GetUtcNow());
            return;
        }

        var answer = await Tell(telling, cancellation);
        var now = clock.GetUtcNow();
        var (state, next) = answer.Told switch
        {
            Told.Done => (WriteBackState.Done, now),
            Told.AlreadySo => (WriteBackState.NotNeeded, now),
            Told.Refused => (WriteBackState.GivenUp, now),
            _ when now - taken.CreatedAt >= GiveUpAfter => (WriteBackState.GivenUp, now),
            _ => (WriteBackState.Pending, now + Backoff(taken.Attempts, answer.After)),
        };
        await Record(taken, telling.Incident, state, answer.Why, next);
    }

    private static IEnumerable<WriteBackKind> Owed(Run after, Proposal? proposal, bool notes)
    {
        if (after.State == RunState.Verifying)
        {
            return [WriteBackKind.Acknowledge];
        }

        // A newer run of the incident goes on: it will tell.
        if (after.State != RunState.Ended || proposal?.Status == ProposalStatus.Superseded)
        {
            return [];
        }

        var alone = proposal is { IsAutonomous: true, Execution: not null } && after.Outcome is RunOutcome.NotResolved or RunOutcome.Failed or RunOutcome.Unknown;
        return
        [
            .. notes ? [WriteBackKind.Note] : (WriteBackKind[])[],
            .. after.Outcome == RunOutcome.Resolved ? [WriteBackKind.Resolve] : (WriteBackKind[])[],
            .. notes && alone ? [WriteBackKind.HandBack] : (WriteBackKind[])[],
        ];
    }

    private async Task Plan(ITransaction transaction, RunId run, Incident incident, WriteBackKind what)
    {
        var alerts = (await tables.Incidents.FiringsOf(transaction, incident.Id, Most))
            .Where(f => f.Condition is AlertCondition.Fired or AlertCondition.Reprioritised).Select(f => f.AlertId).Distinct(StringComparer.Ordinal).Take(MostAlerts);
        foreach (var alert in alerts)
        {
            await rows.Plan(transaction, run, what, alert, clock.GetUtcNow());
        }
    }

    /// <returns>What to say now, or why there is nothing to say any more.</returns>
    private async Task<(Telling? Telling, string? Unneeded)> Present(ITransaction transaction, WriteBack row)
    {
        if (await tables.Runs.Find(transaction, row.Run) is not { } run || await tables.Incidents.Find(transaction, run.Incident) is not { } incident || sources.On(incident.Platform) is null)
        {
            return (null, "Its source is not written back to any more.");
        }

        var proposal = (await tables.Proposals.OfRun(transaction, run.Id)).LastOrDefault()?.Proposal;
        var newer = (await tables.Runs.OfIncident(transaction, incident.Id)).LastOrDefault() is { } last && last.Id != run.Id;
        var unneeded = row.What switch
        {
            WriteBackKind.Acknowledge when run.Outcome == RunOutcome.Resolved => "It has recovered by now.",
            WriteBackKind.Acknowledge when run.State == RunState.Ended && proposal?.IsAutonomous == true => "The operation has ended by now, and people are needed.",
            WriteBackKind.Resolve or WriteBackKind.HandBack when newer => "It fired again, and is being looked into.",
            WriteBackKind.Resolve when run.Outcome != RunOutcome.Resolved || proposal?.Verification is not { State: VerificationState.Recovered, SampledAt: { } sampled } || incident.LastFiredAt > sampled => "It fired again after it had recovered.",
            WriteBackKind.HandBack when await rows.Find(transaction, run.Id, WriteBackKind.Acknowledge, row.Alert) is not { State: WriteBackState.Done } => "The bot did not acknowledge it.",
            WriteBackKind.Note when run.Finding is null => "There is nothing to tell.",
            WriteBackKind.Nothing => "Nothing.",
            _ => null,
        };
        var mark = SourceNote.Mark(run.Id);
        return unneeded is not null ? (null, unneeded) : (new Telling(row.What, row.Alert, incident, run.Finding is { } finding ? SourceNote.Of(finding, proposal, mark) : "", mark), null);
    }

    private async Task<SourceAnswer> Tell(Telling telling, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(Limit, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        try
        {
            return await sources.On(telling.Incident.Platform)!.Tell(telling, either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return SourceAnswer.TryAgain($"The source did not answer within {Limit.TotalSeconds:0} seconds.");
        }
    }

    private async Task Record(WriteBack taken, Incident? incident, WriteBackState state, string? why, DateTimeOffset next)
    {
        // What was written there is recorded even while the bot stops.
        await tables.Ledger.Write(DurableStep.WriteBackRecorded,
            async t =>
            {
                if (await rows.Record(t, taken, state, next, why) && state != WriteBackState.Pending && incident is not null)
                {
                    await t.Append(AuditEntry.OfBot(clock.GetUtcNow(), AuditKind.WrittenBack, incident.Subject, after: $"{taken.What}: {state}", detail: $"{incident.Platform} {taken.Alert}, run/{taken.Run}: {why}"));
                }
            },
            CancellationToken.None);
        if (state == WriteBackState.GivenUp || (state == WriteBackState.Pending && taken.Attempts == 1))
        {
            Trouble(log, taken.Subject, state == WriteBackState.GivenUp ? "given up" : "tried again", why ?? "");
        }
    }

    private static TimeSpan Backoff(int attempts, TimeSpan? asked)
    {
        var usual = TimeSpan.FromSeconds(Math.Min(LongestWait.TotalSeconds, 5 * Math.Pow(2, Math.Min(attempts - 1, 10))));
        return asked is { } wished && wished > usual ? (wished < LongestWait ? wished : LongestWait) : usual;
    }

    [LoggerMessage(LogLevel.Warning, "{WriteBack} was not written to the source and is {what}: {Why}")]
    private static partial void Trouble(ILogger log, string writeBack, string what, string why);
}
