namespace RunModes.Bot.Audit;

/// <param name="Sealed">Rows with a place in the chain.</param>
/// <param name="Unsealed">Rows that wait for one.</param>
internal readonly record struct AuditCount(long Sealed, long Unsealed);

/// <summary>Port to the stored audit. Rows are inserted by whoever tells what happened, in that transaction; here they are only read and given their place.</summary>
internal interface IAuditLog
{
    /// <summary>Rows with <c>chain &gt; afterChain</c>, ascending by chain.</summary>
    Task<IReadOnlyList<AuditRow>> ReadSealed(long afterChain, int max, CancellationToken cancellation);

    /// <summary>Oldest first, in order of insertion as far as the store knows it.</summary>
    Task<IReadOnlyList<AuditRow>> ReadUnsealed(int max, CancellationToken cancellation);

    /// <summary>The last sealed place, or <see cref="ChainPlace.Start"/>.</summary>
    Task<ChainPlace> Last(CancellationToken cancellation);

    /// <summary>
    /// All or nothing, in one transaction: only if <paramref name="after"/> is still the last place and every row is still unsealed. <c>chain</c> is unique.
    /// </summary>
    /// <returns>False when somebody else sealed meanwhile; nothing was written.</returns>
    Task<bool> Seal(ChainPlace after, IReadOnlyList<SealedPlace> rows, CancellationToken cancellation);

    Task<AuditCount> Count(CancellationToken cancellation);
}

internal readonly record struct SealedPlace(Guid Id, long Chain, string Hash);
