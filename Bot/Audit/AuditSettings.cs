using System.Diagnostics.CodeAnalysis;

namespace RunModes.Bot.Audit;

/// <summary>The key as the settings give it: as text (<c>Audit:Key</c>), or else in a file.</summary>
internal static class AuditSettings
{
    public static bool TryLoadOrGenerate(IConfiguration settings, AuditFiles files, [NotNullWhen(true)] out AuditKey? key, [NotNullWhen(false)] out string? problem) =>
        AuditKey.TryRead(settings["Audit:Key"], out key, out problem) && (key is not null || AuditKey.TryLoadOrGenerate(files.KeyFile, out key, out problem));

    public static bool TryLoad(IConfiguration settings, AuditFiles files, [NotNullWhen(true)] out AuditKey? key, [NotNullWhen(false)] out string? problem) =>
        AuditKey.TryRead(settings["Audit:Key"], out key, out problem) && (key is not null || AuditKey.TryLoad(files.KeyFile, out key, out problem));

    /// <summary>One line a problem, naming key and fix. A bad key is told when it is loaded.</summary>
    public static IEnumerable<string> Problems(IConfiguration settings, bool storeIsFile)
    {
        var (text, file, anchors) = (Given("Audit:Key"), Given("Audit:KeyFile"), Given("Audit:AnchorFile"));
        if (text && file)
        {
            yield return "Audit:Key and Audit:KeyFile are both set; keep the one that the store was begun with.";
        }
        else if (!storeIsFile && !text && !file)
        {
            yield return "Audit:KeyFile: PostgreSql needs one, a file that every instance can read and whose folder every instance can write; the bot makes it when it is not there. Or set Audit:Key and Audit:AnchorFile.";
        }
        else if (!storeIsFile && text && !anchors)
        {
            yield return "Audit:AnchorFile: with Audit:Key and PostgreSql it says where the anchors of the audit are kept; name a file whose folder every instance can write.";
        }

        bool Given(string key) => !string.IsNullOrWhiteSpace(settings[key]);
    }
}
