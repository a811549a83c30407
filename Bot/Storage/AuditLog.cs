using RunModes.Bot.Audit;

namespace RunModes.Bot.Storage;

internal sealed class AuditLog(ILedger ledger) : IAuditLog
{
    public Task<IReadOnlyList<AuditRow>> ReadSealed(long afterChain, int max, CancellationToken cancellation) =>
        ledger.Read(t => AuditTable.Rows(t, "chain > @afterChain ORDER BY chain LIMIT @max", new { afterChain, max }), cancellation);

    public Task<IReadOnlyList<AuditRow>> ReadUnsealed(int max, CancellationToken cancellation) =>
        ledger.Read(t => AuditTable.Rows(t, "chain IS NULL ORDER BY written LIMIT @max", new { max }), cancellation);

    public Task<ChainPlace> Last(CancellationToken cancellation) => ledger.Read(LastIn, cancellation);

    public Task<bool> Seal(ChainPlace after, IReadOnlyList<SealedPlace> rows, CancellationToken cancellation) => ledger.Write(DurableStep.AuditSealed,
        async t =>
        {
            await t.Lock("audit");
            var ids = rows.Select(r => r.Id.ToString("D")).ToArray();
            if (await LastIn(t) != after || await t.Unit().One<long>("SELECT COUNT(*) FROM audit WHERE chain IS NULL AND id IN @ids", new { ids }) != ids.Length)
            {
                return false;
            }

            foreach (var row in rows)
            {
                await t.Unit().Execute(
                    "UPDATE audit SET chain = @Chain, hash = @Hash WHERE id = @id AND chain IS NULL", new { row.Chain, row.Hash, id = row.Id.ToString("D") });
            }

            return true;
        },
        cancellation);

    public Task<AuditCount> Count(CancellationToken cancellation) => ledger.Read(
        async t => new AuditCount(
            await t.Unit().One<long>("SELECT COUNT(*) FROM audit WHERE chain IS NOT NULL"), await t.Unit().One<long>("SELECT COUNT(*) FROM audit WHERE chain IS NULL")),
        cancellation);

    private static async Task<ChainPlace> LastIn(ITransaction transaction) =>
        await transaction.Unit().One<LastRow>("SELECT chain, hash FROM audit WHERE chain IS NOT NULL ORDER BY chain DESC LIMIT 1") is { } row
            ? new ChainPlace(row.Chain, row.Hash)
            : ChainPlace.Start;

    private sealed record LastRow(long Chain, string Hash);
}
