namespace RunModes.Bot.Audit;

/// <summary>
/// Where key and anchors are kept: beside the SQLite file, or beside the configured key where the store is a server. A key that is handed over as text,
/// as a vault does, needs no file; its anchors then lie where Audit:AnchorFile says.
/// </summary>
internal sealed record AuditFiles(string KeyFile, string AnchorFile)
{
    /// <param name="configuredKey">Audit:KeyFile.</param>
    /// <param name="sqliteFile">Null when the store is no file.</param>
    /// <param name="configuredAnchors">Audit:AnchorFile.</param>
    /// <returns>Null when there is no place for the anchors: Audit:KeyFile or Audit:AnchorFile is then required.</returns>
    public static AuditFiles? Of(string? configuredKey, string? sqliteFile, string? configuredAnchors = null)
    {
        var key = string.IsNullOrWhiteSpace(configuredKey) ? null : configuredKey;
        var anchors = string.IsNullOrWhiteSpace(configuredAnchors) ? null : configuredAnchors;
        if ((sqliteFile ?? key ?? anchors) is null)
        {
            return null;
        }

        var keyFile = key ?? (sqliteFile is null ? "" : $"{sqliteFile}.audit-key");
        return new(keyFile, anchors ?? $"{sqliteFile ?? key}.anchors");
    }

    public static AuditFiles? From(IConfiguration settings, string? sqliteFile) => Of(settings["Audit:KeyFile"], sqliteFile, settings["Audit:AnchorFile"]);
}
