namespace RunModes.Bot.Audit;

/// <param name="Sealed">Rows given their place in this pass.</param>
/// <param name="Anchored">The newest anchor written in this pass, or null.</param>
/// <param name="Trouble">One sentence when the store contradicts what was signed; it belongs into the audit (TamperFound) and before people.</param>
internal sealed record SealPass(int Sealed, Anchor? Anchored, string? Trouble);

/// <summary>
/// Gives rows their order and the chain its anchors. One at a time: whoever calls holds the lease, and a lost lease only makes the guarded write fail.
/// Called every few seconds it keeps the newest anchor at most five minutes or a hundred entries old.
/// </summary>
internal sealed class AuditSealer(IAuditLog log, AuditKey key, AnchorFile anchors, TimeProvider time)
{
    public static readonly TimeSpan AnchorEvery = TimeSpan.FromMinutes(5);
    public const int EntriesPerAnchor = 100;

    /// <summary>What the newest anchor knows and the store does not, in one sentence; null when they agree, or nothing was ever anchored here. Asked at start, before the first pass.</summary>
    public async Task<string?> Contradiction(CancellationToken cancellation) =>
        anchors.Last() is { } anchor ? await AnchorTrouble(await log.Last(cancellation), anchor, cancellation) : null;

    /// <param name="anchorsNow">Also what is not due yet: the last pass before the end, so that a copy of the store made until then is known to be older.</param>
    public async Task<SealPass> Pass(CancellationToken cancellation, bool anchorsNow = false)
    {
        var sealedRows = 0;
        Anchor? written = null;
        string? trouble = null;
        for (var anchor = anchors.Last(); ; )
        {
            var last = await log.Last(cancellation);
            var broken = written is null ? await AnchorTrouble(last, anchor, cancellation) : null;
            trouble ??= broken;
            // Never more than a hundred entries behind the last anchor: where it cannot be written, sealing waits and shows in the unsealed count.
            var room = (int)Math.Clamp(EntriesPerAnchor - (last.Number - (anchor?.Place.Number ?? 0)), 0, EntriesPerAnchor);
            var rows = room == 0 ? [] : await log.ReadUnsealed(room, cancellation);
            if (rows.Count > 0)
            {
                trouble ??= Unsigned(rows);
                var places = Places(last, rows);
                if (!await log.Seal(last, places, cancellation)) return new SealPass(sealedRows, written, trouble);
                sealedRows += rows.Count;
                last = new ChainPlace(places[^1].Chain, places[^1].Hash);
            }

            // A contradiction is anchored at once: the file then keeps its evidence, and it is reported once.
            if (broken is not null || IsDue(last, anchor) || (anchorsNow && last.Number != (anchor?.Place.Number ?? 0)))
            {
                written = anchor = Anchor.Make(key, time.GetUtcNow(), last, anchor);
                anchors.Append(anchor);
            }

            if (rows.Count < room || cancellation.IsCancellationRequested) return new SealPass(sealedRows, written, trouble);
        }
    }

    private List<SealedPlace> Places(ChainPlace previous, IReadOnlyList<AuditRow> rows)
    {
        var places = new List<SealedPlace>(rows.Count);
        foreach (var row in rows)
        {
            previous = AuditChain.Next(key, previous, row);
            places.Add(new SealedPlace(row.Entry.Id, previous.Number, previous.Hash));
        }

        return places;
    }

    private bool IsDue(ChainPlace last, Anchor? anchor) =>
        last.Number != (anchor?.Place.Number ?? 0)
        && (anchor is null || Math.Abs(last.Number - anchor.Place.Number) >= EntriesPerAnchor || time.GetUtcNow() - anchor.At >= AnchorEvery || time.GetUtcNow() < anchor.At);

    private async Task<string?> AnchorTrouble(ChainPlace last, Anchor? anchor, CancellationToken cancellation)
    {
        if (anchor is null)
            return last.Number < EntriesPerAnchor ? null : $"The audit has {last.Number} entries, but its anchors are gone: '{anchors.Path}' is missing or empty.";
        if (last.Number < anchor.Place.Number)
            return $"The audit was anchored at entry {anchor.Place.Number}, but its last entry is now {last.Number}: entries were removed, or an older store was put back.";
        var anchored = await log.ReadSealed(anchor.Place.Number - 1, 1, cancellation);
        return anchored is [{ } row] && row.Chain == anchor.Place.Number && row.Hash == anchor.Place.Hash ? null
            : $"Audit entry {anchor.Place.Number} is not the one that was anchored at {anchor.At:u}.";
    }

    private string? Unsigned(IReadOnlyList<AuditRow> rows) =>
        rows.FirstOrDefault(row => !key.Verify(AuditPurpose.Row, row.Mac, row.Entry.Canonical())) is { } forged
            ? $"Audit entry {forged.Entry.Id} was changed or added by somebody without the audit key."
            : null;
}
