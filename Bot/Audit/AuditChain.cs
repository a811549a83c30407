namespace RunModes.Bot.Audit;

/// <summary>A place in the chain: the number of an entry and the hash that stands for it and everything before it.</summary>
internal sealed record ChainPlace(long Number, string Hash)
{
    /// <summary>Before the first entry.</summary>
    public static readonly ChainPlace Start = new(0, new string('0', 64));
}

/// <summary>Keyed, so that a rebuilt chain needs the key and not only the store.</summary>
internal static class AuditChain
{
    public static ChainPlace Next(AuditKey key, ChainPlace previous, AuditRow row)
    {
        var number = previous.Number + 1;
        var hash = key.Mac(AuditPurpose.Chain, previous.Hash, CanonicalFields.Number(number), row.Mac, Convert.ToHexStringLower(row.Entry.Canonical()));
        return new ChainPlace(number, hash);
    }

    /// <summary>The row in its place.</summary>
    public static AuditRow Seal(AuditKey key, ChainPlace previous, AuditRow row)
    {
        var place = Next(key, previous, row);
        return row with { Chain = place.Number, Hash = place.Hash };
    }
}
