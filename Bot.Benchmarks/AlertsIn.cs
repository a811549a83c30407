using System.Diagnostics;
using System.Globalization;
using System.Net;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Benchmarks;

/// <summary>Webhooks answered 202 in a second, each a new incident in the store; of no plan, so that nothing is investigated beside.</summary>
internal static class AlertsIn
{
    private const int AtOnce = 16;
    private static readonly TimeSpan For = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Figure>> Measure()
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        await using var bot = await BotProcess.Start(cloud, home.Settings());
        await Post(bot, -1);
        var (began, number, taken) = (Stopwatch.GetTimestamp(), 0, 0);
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
        {
            while (Stopwatch.GetElapsedTime(began) < For)
            {
                if (await Post(bot, Interlocked.Increment(ref number)))
                {
                    Interlocked.Increment(ref taken);
                }
            }
        }));
        var rate = taken / Stopwatch.GetElapsedTime(began).TotalSeconds;
        return [new("alerts in, durably", string.Create(CultureInfo.InvariantCulture, $"{rate:0} a second, of {AtOnce} at once"), "–", null, null, null)];
    }

    private static async Task<bool> Post(BotProcess bot, int number)
    {
        using var answer = await bot.PostAlert(Alerts.Metric($"/subscriptions/{Known.Subscription}/resourceGroups/rg/providers/Microsoft.Web/sites/other-{number}", "High memory", "Sev3", DateTimeOffset.UtcNow));
        return answer.StatusCode == HttpStatusCode.Accepted;
    }
}
