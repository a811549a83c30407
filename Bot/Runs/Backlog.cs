using System.Diagnostics.Metrics;
using RunModes.Bot.Proposals;
using RunModes.Bot.Telemetry;

namespace RunModes.Bot.Runs;

/// <summary>What waits, read from the store now and then for whoever collects metrics. Each replica tells the same numbers: take the largest, not the sum.</summary>
internal sealed partial class Backlog : BackgroundService
{
    private const int Most = 10_000;
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);
    private readonly RunTables _tables;
    private readonly TimeProvider _clock;
    private readonly ILogger<Backlog> _log;
    private readonly Meter _meter = new(Traces.Name);
    private volatile Look? _last;

    private sealed record Look(long Pending, double OldestSeconds, IReadOnlyDictionary<string, long> Outbox);

    public Backlog(RunTables tables, TimeProvider clock, ILogger<Backlog> log)
    {
        (_tables, _clock, _log) = (tables, clock, log);
        // What was never read is not zero: it is not told.
        _meter.CreateObservableGauge("runmodes.approvals.pending", () => Told(l => l.Pending), "{proposal}", "Proposals that wait for a decision.");
        _meter.CreateObservableGauge("runmodes.approvals.oldest", () => Told(l => l.OldestSeconds), "s", "How long the oldest of them has waited.");
        _meter.CreateObservableGauge(
            "runmodes.outbox.depth",
            () => _last is { } look ? look.Outbox.Select(o => new Measurement<long>(o.Value, new KeyValuePair<string, object?>("state", o.Key))) : [],
            "{message}",
            "Messages that are not sent yet, or cannot be.");
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                _last = await Read(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // Entry point of a loop that only looks: what cannot be read is not told.
            catch (Exception e)
#pragma warning restore CA1031
            {
                _last = null;
                NotRead(_log, e.GetType().Name);
            }

            await Task.Delay(Every, _clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public override void Dispose()
    {
        _meter.Dispose();
        base.Dispose();
    }

    private Task<Look> Read(CancellationToken cancellation) => _tables.Ledger.Read(
        async t =>
        {
            var pending = await _tables.Proposals.InStatus(t, [ProposalStatus.AwaitingApproval], Most);
            var oldest = pending.Count == 0 ? TimeSpan.Zero : _clock.GetUtcNow() - pending.Min(p => p.Proposal.CreatedAt);
            return new Look(pending.Count, oldest.TotalSeconds, await _tables.Outbox.Depth(t));
        },
        cancellation);

    private IEnumerable<Measurement<T>> Told<T>(Func<Look, T> number) where T : struct => _last is { } look ? [new Measurement<T>(number(look))] : [];

    [LoggerMessage(LogLevel.Warning, "What waits could not be counted for the metrics: {failure}")]
    private static partial void NotRead(ILogger log, string failure);
}
