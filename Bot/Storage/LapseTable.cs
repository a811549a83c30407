using RunModes.Bot.Audit;
using RunModes.Bot.Runs;

namespace RunModes.Bot.Storage;

internal sealed class LapseTable : ILapses
{
    public Task Add(ITransaction transaction, Lapse lapse) => transaction.Unit().Execute(
        "INSERT INTO lapses (run_id, owner, at, what, spent) VALUES (@run, @Owner, @at, @What, 0) ON CONFLICT (run_id) DO NOTHING",
        new { run = lapse.Run.Value, lapse.Owner, at = lapse.At.Ms(), lapse.What });

    public async Task<IReadOnlyList<Lapse>> Since(ITransaction transaction, string owner, DateTimeOffset since, int most) =>
        [.. (await transaction.Unit().Many<Row>("SELECT run_id, owner, at, what FROM lapses WHERE owner = @owner AND spent = 0 AND at > @since ORDER BY at DESC LIMIT @most",
            new { owner, since = since.Ms(), most })).Select(r => new Lapse(new(r.Run_Id), r.Owner, r.At.Time(), r.What))];

    public Task Spend(ITransaction transaction, string owner) => transaction.Unit().Execute("UPDATE lapses SET spent = 1 WHERE owner = @owner AND spent = 0", new { owner });

    private sealed record Row(string Run_Id, string Owner, long At, string What);
}
