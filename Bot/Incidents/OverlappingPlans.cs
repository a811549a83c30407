using RunModes.Bot.Audit;
using RunModes.Bot.Plans;

namespace RunModes.Bot.Incidents;

/// <summary>
/// Says at start which plans may want the same alerts, and which of them takes these. Where one is more specific or stricter that may be meant; where
/// only the name decides, nobody meant it.
/// </summary>
internal sealed partial class OverlappingPlans(ILedger ledger, IPlans plans, ILogger<OverlappingPlans> log) : IHostedService
{
    private const int MostTold = 20;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var (all, control) = await ledger.Read(async t => (await plans.All(t), await plans.ReadControl(t)), cancellationToken);
        var pairs = (
            from one in all
            from other in all
            where one.Enabled && other.Enabled && string.CompareOrdinal(one.Key, other.Key) < 0 && SharedAlerts.Possible(one, other)
            let wins = SharedAlerts.Wins(one, other, control.DefaultMode)
            let equal = SharedAlerts.OnlyTheNameDecides(one, other, control.DefaultMode)
            orderby equal descending, one.Key, other.Key
            select (One: one, Other: other, Winner: wins.First ? one : other, wins.Why, Equal: equal)).ToList();
        foreach (var pair in pairs.Take(MostTold))
        {
            if (pair.Equal)
            {
                ByName(log, pair.One.Name, pair.Other.Name, pair.Winner.Name, pair.Why);
            }
            else
            {
                Ordered(log, pair.One.Name, pair.Other.Name, pair.Winner.Name, pair.Why);
            }
        }

        if (pairs.Count > MostTold)
        {
            More(log, pairs.Count - MostTold);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    [LoggerMessage(LogLevel.Warning, "Plans {One} and {Other} may want the same alerts. {Winner} takes them: {Why}. Give one of them a filter that the other has not.")]
    private static partial void ByName(ILogger log, string one, string other, string winner, string why);

    [LoggerMessage(LogLevel.Information, "Plans {One} and {Other} may want the same alerts. {Winner} takes them: {Why}.")]
    private static partial void Ordered(ILogger log, string one, string other, string winner, string why);

    [LoggerMessage(LogLevel.Warning, "{Count} more pairs of plans may want the same alerts; `plan <name>` names them.")]
    private static partial void More(ILogger log, int count);
}
