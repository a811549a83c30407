namespace RunModes.Bot.Audit;

/// <summary>Where key and anchors are kept: beside the SQLite file, or beside the configured key where the store is a server.</summary>
internal sealed record AuditFiles(string KeyFile, string AnchorFile)
{
    /// <param name="configuredKey">Audit:KeyFile.</param>
    /// <param name="sqliteFile">Null when the store is no file.</param>
    /// <returns>Null when neither is given: Audit:KeyFile is then required.</returns>
    public static AuditFiles? Of(string? configuredKey, string? sqliteFile)
    {
        var key = string.IsNullOrWhiteSpace(configuredKey) ? null : configuredKey;
        return (key, sqliteFile) switch
        {
            (null, null) => null,
            (null, { } store) => new($"{store}.audit-key", $"{store}.anchors"),
            ({ } given, null) => new(given, $"{given}.anchors"),
            ({ } given, { } store) => new(given, $"{store}.anchors"),
        };
    }
}
