using System.Collections.Concurrent;
using System.Globalization;

namespace RunModes.Bot.Tests.Runs;

/// <summary>
/// Alerts, clicks, stops, tightenings, answers of Azure and kills over three targets, in thousands of orders: after each of them the product is
/// where the rules, written down a second time in <see cref="TargetModel"/>, say it is. RUNMODES_SEED repeats one sequence, RUNMODES_SEQUENCES draws
/// another number of them.
/// </summary>
public sealed class InterleavingsTests(ITestOutputHelper output)
{
    private const int Sequences = 10_000;
    private const int Lanes = 4;
    private const int MostToShrink = 300;
    private const int AtOnce = 300;

    [Fact]
    public async Task Ten_thousand_interleavings_end_where_the_rules_say()
    {
        var one = Asked("RUNMODES_SEED");
        var sequences = Asked("RUNMODES_SEQUENCES") ?? Sequences;
        var seeds = new ConcurrentQueue<int>(one is { } seed ? [seed] : Enumerable.Range(1, sequences));
        var began = TimeProvider.System.GetTimestamp();
        var statuses = new ConcurrentDictionary<string, int>();
        string? failure = null;
        await Task.WhenAll(Enumerable.Range(0, Lanes).Select(_ => Task.Run(async () =>
        {
            await using var world = new TargetWorld();
            var interleaving = new Interleaving(world);
            while (failure is null && seeds.TryDequeue(out var next))
            {
                var (acts, modes, byDefault) = Interleaving.Draw(next);
                if (await interleaving.Run(acts, modes, byDefault) is not null)
                {
                    failure = $"seed {next}\n{await Shortest(interleaving, acts, modes, byDefault)}";
                }

                foreach (var proposal in await world.Proposals()) statuses.AddOrUpdate(proposal.Status.ToString(), 1, (_, n) => n + 1);
            }
        })));

        output.WriteLine($"{TimeProvider.System.GetElapsedTime(began).TotalSeconds:0} s; proposals ended as {string.Join(", ", statuses.OrderByDescending(s => s.Value).Select(s => $"{s.Key} {s.Value}"))}");
        Assert.True(failure is null, failure);
        // A test that never reaches the interesting states judges nothing.
        Assert.True(one is not null || new[] { "Denied", "Succeeded", "Failed", "Indeterminate", "Expired", "Superseded", "Withdrawn", "Blocked" }.All(s => statuses.GetValueOrDefault(s) > sequences / 1000), output.Output);
    }

    /// <summary>No order to predict here: alerts, clicks, stops, tightenings and two workers at the same time, and the history must hold.</summary>
    [Fact]
    public async Task Deeds_done_at_the_same_moment_leave_a_history_that_holds()
    {
        await using var world = new TargetWorld();
        var together = new TargetsTogether(world);
        for (var seed = 1; seed <= AtOnce; seed++)
        {
            Assert.Null(await together.Run(seed) is { } objection ? $"seed {seed}: {objection}" : null);
        }

        output.WriteLine($"{together.Decisions} decisions, {together.Requests} requests, {together.Stops} stops");
        // How many come to pass depends on the machine; that none did would mean that nothing was judged.
        Assert.True(together is { Decisions: > AtOnce / 100, Requests: > AtOnce / 100, Stops: > AtOnce / 100 }, output.Output);
    }

    private static int? Asked(string variable) => int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Leaves out one deed after another while it still fails, and tells what is left.</summary>
    private static async Task<string> Shortest(Interleaving interleaving, IReadOnlyList<Act> acts, bool?[] modes, bool? byDefault)
    {
        for (var (i, tries) = (acts.Count - 1, 0); i >= 0 && tries < MostToShrink; i--, tries++)
        {
            Act[] fewer = [.. acts.Take(i), .. acts.Skip(i + 1)];
            if (await interleaving.Run(fewer, modes, byDefault) is not null) (acts, i) = (fewer, Math.Min(i, fewer.Length));
        }

        var why = await interleaving.Run(acts, modes, byDefault);
        return $"{string.Join('\n', interleaving.Story)}\n{why}";
    }
}
