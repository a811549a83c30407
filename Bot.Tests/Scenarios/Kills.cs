using System.Net;
using RunModes.Bot.Tests.Support;
using RunModes.Bot.Tests.Support.Wire;

namespace RunModes.Bot.Tests.Scenarios;

/// <param name="GoesOn">Of each story, from the kill until all that was pending had come to its end.</param>
internal sealed record KillFigures(int Kills, int Lost, int Duplicated, IReadOnlyList<TimeSpan> GoesOn)
{
    public TimeSpan Median => GoesOn.Order().ElementAt(GoesOn.Count / 2);

    public TimeSpan Worst => GoesOn.Max();
}

/// <summary>An alert, a card, an approval, a restart, a check; and at an instant that a seed chooses a process is killed. On SQLite the next one starts, on PostgreSQL two others are there.</summary>
internal static class Kills
{
    private const int AtOnce = 4;

    /// <summary>An execution whose process died is given up after 75 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3);

    private static CancellationToken Cancellation => BotClient.Cancellation;

    public static async Task<KillFigures> Run(int kills)
    {
        var dice = new Random(3);
        var instants = Enumerable.Range(0, kills).Select(_ => Longest * dice.NextDouble()).ToList();
        var ends = new (bool Lost, int Twice, TimeSpan GoesOn)[kills];
        await Parallel.ForAsync(0, kills, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = Cancellation }, async (i, _) => ends[i] = await One(instants[i]));
        return new(kills, ends.Count(e => e.Lost), ends.Sum(e => e.Twice), [.. ends.Where(e => !e.Lost).Select(e => e.GoesOn)]);
    }

    private static async Task<(bool Lost, int Twice, TimeSpan GoesOn)> One(TimeSpan instant)
    {
        await using var cloud = await BotProcess.World();
        await using var home = await Home.New();
        var app = cloud.Sick(World.Prod);
        if (StoreOfTest.IsPostgreSql)
        {
            await using var bots = await Replicas.Start(3, cloud, home.Settings());
            return await Tell(bots, () => bots, bots.All[0].Kill, app, instant);
        }

        List<BotProcess> all = [await BotProcess.Start(cloud, home.Settings())];
        try
        {
            return await Tell(all[0], () => all[^1], KillAndStart, app, instant);
        }
        finally
        {
            foreach (var bot in all)
            {
                await bot.DisposeAsync();
            }
        }

        async Task KillAndStart()
        {
            await all[0].Kill();
            all.Add(await BotProcess.Start(cloud, home.Settings()));
        }
    }

    private static async Task<(bool Lost, int Twice, TimeSpan GoesOn)> Tell(BotClient first, Func<BotClient> bot, Func<Task> kill, WebApp app, TimeSpan instant)
    {
        var cloud = first.Cloud;
        await first.Install();
        await first.WaitForText("Hello, I'm");
        var killed = KillLater();
        var alert = Alerts.Metric(app.Id, "High memory", "Sev1", cloud.Clock.GetUtcNow());
        var ended = cloud.Teams.WaitFor(m => m.Status is { } s && (s.StartsWith("Done, recovered", StringComparison.Ordinal) || s.StartsWith("Indeterminate", StringComparison.Ordinal)), Patience, Cancellation);
        try
        {
            await Again(async () =>
            {
                using var answer = await bot().PostAlert((System.Text.Json.Nodes.JsonObject)alert.DeepClone());
                return answer.StatusCode == HttpStatusCode.Accepted;
            });
            await cloud.Teams.WaitFor(m => m.Verbs.Contains("approve"), Patience, Cancellation);
            await Again(async () => ended.IsCompleted || await Approved(bot(), cloud.Teams.Posted.Last(m => m.Verbs.Contains("approve"))));
            await ended;
            var at = await killed;
            // Killed after its end, nothing was pending.
            return (false, Math.Max(0, app.Restarts - 1), (await ended).At - at is var goesOn && goesOn > TimeSpan.Zero ? goesOn : TimeSpan.Zero);
        }
        catch (TimeoutException)
        {
            await killed;
            return (true, Math.Max(0, app.Restarts - 1), Patience);
        }

        async Task<DateTimeOffset> KillLater()
        {
            await Task.Delay(instant, TimeProvider.System, Cancellation);
            var at = cloud.Clock.GetUtcNow();
            await kill();
            return at;
        }
    }

    private static async Task<bool> Approved(BotClient bot, PostedMessage card)
    {
        var told = await bot.Told(card, "approve", People.Ada);
        return told.StartsWith("Approved", StringComparison.Ordinal) || told.Contains("Already approved", StringComparison.Ordinal);
    }

    /// <summary>As people and sources do that get no answer.</summary>
    private static async Task Again(Func<Task<bool>> what)
    {
        for (var beginning = TimeProvider.System.GetTimestamp(); ; await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Cancellation))
        {
            try
            {
                if (await what())
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or ObjectDisposedException)
            {
                // The process is gone.
            }

            if (TimeProvider.System.GetElapsedTime(beginning) > Patience)
            {
                throw new TimeoutException("Nobody answered.");
            }
        }
    }
}
