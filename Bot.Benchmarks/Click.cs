using System.Globalization;

namespace RunModes.Bot.Benchmarks;

/// <summary>
/// From a click to its answer: token, role by Graph (two questions at once, over TLS to the fake), decision with audit and outbox rows on the disk.
/// Deny takes the same way as Approve and starts nothing beside. Each click shows a token that was not seen before.
/// </summary>
internal static class Click
{
    private const int Cards = 30;
    private const int Warm = 5;

    public static async Task<IReadOnlyList<Figure>> Measure(long[] histories)
    {
        await using var floor = await Floor.Start();
        List<Clicked> all = [];
        try
        {
            foreach (var rows in histories)
            {
                all.Add(await Clicked.Start(rows));
            }

            // In turns, so that a busy moment of the machine hits each of them.
            for (var i = 0; i < Warm + Cards; i++)
            {
                foreach (var bot in all)
                {
                    await bot.Once(i, counts: i >= Warm);
                }

                await floor.Once(Clicked.Settle);
            }
        }
        finally
        {
            foreach (var bot in all)
            {
                await bot.DisposeAsync();
            }
        }

        var empty = all[0].Clicks;
        var least = floor.Bare.P50 + floor.Commit.P50;
        return
        [
            Figure.Of("click → answer", $"{empty}", $"bare endpoint {floor.Bare} + durable commit {floor.Commit}", empty.P50 / least, 2),
            Figure.Of("… with Graph's answer in what it is compared with", $"{empty}", $"the same + one question to the fake of Graph {floor.Graph}", empty.P50 / (least + floor.Graph.P50), 2),
            .. all.Skip(1).Select(h => Figure.Of(string.Create(CultureInfo.InvariantCulture, $"the same click with {h.Rows:N0} proposals and audit rows"), $"{h.Clicks}", "empty store", h.Clicks.P50 / empty.P50, 1.2)),
        ];
    }
}
